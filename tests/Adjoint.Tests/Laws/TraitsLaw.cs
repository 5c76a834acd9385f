using System.Reflection;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint.Tests.Laws;

/// <summary>The tape keeps what the derivatives of the very operator value that ran read, and nothing else.</summary>
public class TraitsLaw
{
    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void WhatIsBelievedIsWhatTheFormulaSays(string name)
    {
        var op = Operators.Pointwise[name];
        for (var input = 0; input < op.Arity; input++)
        {
            var (believed, own) = (op.Trait(input), op.Formula(input));
            var text = $"derivative {input} of {name}, {op.Text(input)}";
            Assert.True(own.Reads.Zip(believed.Reads).All(pair => pair.First == pair.Second), $"{text}: keeps something else than it reads");
            Assert.True(own.IsIdentity == believed.IsIdentity, $"{text}: taken for 1, or not");
            Assert.True(own.IsZero == believed.IsZero, $"{text}: taken for 0, or not");
        }
    }

    /// <summary>A parameter may decide what a derivative reads: f = k x^2 has 0, which reads nothing, for k = 0, and 2 k x for others.</summary>
    [Fact]
    public void EachValueOfAnOperatorIsReadForItself()
    {
        foreach (var k in new[] { 3.0, 0, 3, -1, 0 })
        {
            Tensor x = [2.0];
            x.RequiresGrad = true;
            Op.Map(new Quadratic(k), x).Sum().Backward(createGraph: true);
            Assert.Equal(4 * k, x.Grad!.Item<double>());
            Assert.Equal(4 * k, Transform.Grad((Tensor z) => Op.Map(new Quadratic(k), z).Sum())([2.0]).Item<double>());
            Assert.Equal(
                4 * k,
                Transform.Vmap(Transform.Grad((Tensor z) => Op.Map(new Quadratic(k), z).Sum()))(Tensor.Full([3], 2.0)).ToArray<double>()[1]);
            Assert.Equal(
                4 * k,
                Transform.Jvp((Tensor z) => Op.Map(new Quadratic(k), z), Tensor.Full([1], 2.0), Tensor.Full([1], 1.0)).Tangent.Item<double>());
            Assert.Equal(2 * k, Transform.Hessian(z => Op.Map(new Quadratic(k), z).Sum())([2.0]).Item<double>());
        }
    }

    /// <summary>More values than are remembered, in turn, and a parameter of one byte.</summary>
    [Fact]
    public void ValuesThatWereForgottenAreReadAgain()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var k = 0; k < 50; k++)
            {
                var reading = MapTraits<Quadratic>.Of(new Quadratic(k));
                Assert.Equal((k != 0, k == 0), (reading.X, reading.IsZero));
            }
        }

        Assert.True(MapTraits<Switch>.Of(new Switch(true)).X);
        Assert.True(MapTraits<Switch>.Of(new Switch(false)).IsZero);
        Assert.True(MapTraits<Named>.Of(new Named("square")).X);
        Assert.True(MapTraits<Named>.Of(new Named(string.Concat("ze", "ro"))).IsZero);
    }

    /// <summary>What a derivative does not depend on anywhere would be kept in vain.</summary>
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
                // An instance may be flat by chance, as a clamp to an empty range is; what it does not keep must not matter to itself.
                var keeps = op.Trait(input).Reads[place];
                var matters = keeps ? instances.Exists(other => Matters(other, input, place)) : Matters(op, input, place);
                Assert.True(
                    matters == keeps,
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

    /// <summary>An operator along rows says itself what its pull reads. What it does not need and still asks for is memory held in vain.</summary>
    [Fact]
    public void OperatorsAlongRowsAskForWhatTheyRead()
    {
        var nodes = Samples.Table.SelectMany(Calls.Nodes)
            .Where(node => node.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(RowsNode<>))
            .DistinctBy(node => node.GetType())
            .ToList();
        Assert.NotEmpty(nodes);
        foreach (var node in nodes)
        {
            var op = (IRowsFace)Activator.CreateInstance(
                typeof(RowsFace<>).MakeGenericType(node.GetType().GenericTypeArguments), Field(node, "_op"), Field(node, "_rows"))!;
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

    private interface IRowsFace
    {
        Tensor Apply(Tensor x);

        Tensor Pull(Tensor g, Tensor? x, Tensor? y);
    }

    private sealed class RowsFace<O>(object op, object rows) : IRowsFace
        where O : struct, IRows
    {
        public Tensor Apply(Tensor x) => ((O)op).Apply(x, (RowDims)rows);

        public Tensor Pull(Tensor g, Tensor? x, Tensor? y) => ((O)op).Pull(g, x, y, (RowDims)rows);
    }

    private readonly struct Quadratic(double k) : IMap
    {
        public V F<V>(V x)
            where V : struct, IReal<V> => V.Of(k) * x * x;

        public V D<V>(V x, V y)
            where V : struct, IReal<V> => k == 0 ? V.Zero : V.Of(2 * k) * x;
    }

    private readonly struct Switch(bool isOn) : IMap
    {
        public V F<V>(V x)
            where V : struct, IReal<V> => isOn ? x * x : V.One;

        public V D<V>(V x, V y)
            where V : struct, IReal<V> => isOn ? x + x : V.Zero;
    }

    private readonly struct Named(string name) : IMap
    {
        public V F<V>(V x)
            where V : struct, IReal<V> => name == "zero" ? V.Zero : x * x;

        public V D<V>(V x, V y)
            where V : struct, IReal<V> => name == "zero" ? V.Zero : x + x;
    }
}
