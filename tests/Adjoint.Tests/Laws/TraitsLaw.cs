using System.Reflection;
using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint.Tests.Laws;

/// <summary>
/// The tape keeps what derivatives read and nothing else. What they read is found by reading the formula of an operator's default value, so
/// formulas must not branch on parameters in a way that reads more, or makes a constant of what is none.
/// </summary>
public class TraitsLaw
{
    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void TheDefaultInstanceSpeaksForAll(string name)
    {
        var op = Operators.Pointwise[name];
        for (var input = 0; input < op.Arity; input++)
        {
            var (believed, own) = (op.Trait(input), op.Formula(input));
            var text = $"derivative {input} of {name}, {op.Text(input)}";
            Assert.False(own.Reads.Zip(believed.Reads).Any(pair => pair is { First: true, Second: false }), $"{text}: reads what is not kept");
            Assert.True(own.IsIdentity || !believed.IsIdentity, $"{text}: taken for 1");
            Assert.True(own.IsZero || !believed.IsZero, $"{text}: taken for 0");
        }
    }

    /// <summary>What no instance's derivative depends on anywhere would be kept in vain.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void WhatIsKeptMatters(string name)
    {
        var op = Operators.Pointwise[name];
        var instances = Operators.Pointwise.Values.Where(other => other.Method == op.Method).ToList();
        for (var input = 0; input < op.Arity; input++)
        {
            for (var place = 0; place < op.Trait(input).Reads.Length; place++)
            {
                var matters = instances.Exists(other => Matters(other, input, place));
                Assert.True(
                    matters == op.Trait(input).Reads[place],
                    $"derivative {input} of {name}, {op.Text(input)}: argument {place} is kept and never matters, or the other way round");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void TheNodeKeepsWhatTheWantedDerivativesRead(string name)
    {
        var op = Operators.Pointwise[name];
        var draw = new Draw(7);
        for (var wanted = 1; wanted < 1 << op.Arity; wanted++)
        {
            var inputs = op.Domains.Select((domain, i) => draw.Tensor([4], domain, i, op.Arity)).ToArray();
            var kept = new bool[op.Arity + 1];
            for (var input = 0; input < op.Arity; input++)
            {
                if (((wanted >> input) & 1) != 0)
                {
                    inputs[input].RequiresGrad = true;
                    var reads = op.Trait(input).Reads;
                    kept = [.. kept.Zip(reads, (a, b) => a || b)];
                }
            }

            var result = op.Run(inputs);
            Tensor[] all = [.. inputs, result];
            for (var place = 0; place < (op.Arity < 3 ? all.Length : 3); place++)
            {
                var saved = SavedBy(result.GradFn!, "xyz"[place]);
                Assert.True(saved is null != kept[place], $"{name}: '{"xyz"[place]}' with gradients wanted for inputs {wanted:b}");
                Assert.True(saved is null || ReferenceEquals(saved.Storage, all[place].Storage), $"{name}: '{"xyz"[place]}' was copied");
            }
        }
    }

    /// <summary>A primitive says itself what its pull reads. What it does not need and still asks for is memory held in vain.</summary>
    [Fact]
    public void PrimitivesAskForWhatTheyRead()
    {
        var primitives = Samples.Table.SelectMany(Calls.Nodes)
            .Where(node => node.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(PrimitiveNode<>))
            .DistinctBy(node => node.GetType())
            .ToList();
        Assert.NotEmpty(primitives);
        foreach (var node in primitives)
        {
            var op = (IPrimitiveFace)Activator.CreateInstance(
                typeof(PrimitiveFace<>).MakeGenericType(node.GetType().GenericTypeArguments), Field(node, "_op"))!;
            var (x, y) = (SavedBy(node, 'x'), SavedBy(node, 'y'));
            var g = Tensor.OnesLike(y ?? op.Apply(x!));
            Assert.True(x is null || Needs(() => op.Pull(g, null, y)), $"{node}: keeps its input in vain");
            Assert.True(y is null || Needs(() => op.Pull(g, x, null)), $"{node}: keeps its result in vain");
        }
    }

    private static bool Matters(Pointwise op, int input, int place)
    {
        var draw = new Draw(11);
        double[] values = [0, 1, -1, 0.5, 2, -2.5, .. op.Domains[0].Kinks];
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var x = Enumerable.Range(0, op.Arity + 1).Select(_ => values[draw.Number(0, values.Length - 1)]).ToArray();
            var before = Slope(op, input, x);
            x[place] = values[draw.Number(0, values.Length - 1)];
            if (!before.Equals(Slope(op, input, x)))
            {
                return true;
            }
        }

        return false;
    }

    private static double Slope(Pointwise op, int input, double[] x) =>
        op.D<One<double>>(input, Array.ConvertAll(x, value => new One<double>(value))).Value;

    private static bool Needs(Action pull)
    {
        try
        {
            pull();
            return false;
        }
        catch (Exception e) when (e is NullReferenceException or ArgumentNullException)
        {
            return true;
        }
    }

    private static Tensor? SavedBy(Node node, char symbol) =>
        ((Saved)Field(node, "_" + symbol)!).Kept;

    private static object? Field(Node node, string name) =>
        (node.GetType().GetField(name, Everything) ?? throw new MissingFieldException(node.GetType().Name, name)).GetValue(node);

    private interface IPrimitiveFace
    {
        Tensor Apply(Tensor x);

        Tensor Pull(Tensor g, Tensor? x, Tensor? y);
    }

    private sealed class PrimitiveFace<O>(object op) : IPrimitiveFace
        where O : struct, IPrimitive
    {
        public Tensor Apply(Tensor x) => ((O)op).Apply(x);

        public Tensor Pull(Tensor g, Tensor? x, Tensor? y) => ((O)op).Pull(g, x, y);
    }
}
