using Adjoint.Algebra;
using Adjoint.Laws;
using Adjoint.Tape;

namespace Adjoint.Tests.Laws;

/// <summary>A function of float64 tensors and a point to take it at.</summary>
/// <param name="Run">The function, written with the library's operators.</param>
/// <param name="Inputs">The point, away from kinks.</param>
internal sealed record Trial(Func<Tensor[], Tensor> Run, params Tensor[] Inputs)
{
    /// <summary>The step of finite differences: small against <see cref="Draw.Gap"/>.</summary>
    public double Step { get; init; } = 1e-4;

    /// <summary>What finite differences may be off by, relative to the terms that are summed.</summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>The inputs as leaves that require grad.</summary>
    public Tensor[] Leaves() => Array.ConvertAll(Inputs, Leaf);

    /// <summary>A copy, with the strides of the original, that requires grad.</summary>
    public static Tensor Leaf(Tensor x) => x.Detach().RequiresGrad_();

    /// <summary>
    /// J t, by differences: the five-point formula, exact for polynomials of degree 4 (M. Abramowitz, I. Stegun, Handbook of Mathematical
    /// Functions, 25.3.6).
    /// </summary>
    public double[] Push(Tensor[] directions) => Differences.Push(Run, Inputs, directions, Step);
}

/// <summary>A way to use the library that laws about whole tensors run on: an operator, or a public method with sample arguments.</summary>
/// <param name="Name">What it is called in the list of tests.</param>
/// <param name="Draw">Draws a point, and what else the function depends on.</param>
/// <param name="IsLoose">The last bits depend on the order of elements, as in sums, or on their neighbours.</param>
internal sealed record Call(string Name, Func<Draw, Trial> Draw, bool IsLoose = false)
{
    public override string ToString() => Name;
}

/// <summary>All calls: every pointwise operator and reduction and every method that needs only tensors,
/// found by reflection, and the samples.</summary>
internal static class Calls
{
    public static IReadOnlyDictionary<string, Call> All { get; } =
        Operators.Pointwise.Values.Select(Of)
            .Concat(Operators.Reductions.Values.Select(Of))
            .Concat(Samples.Table)
            .Concat(PublicMethods.Calls())
            .ToDictionary(call => call.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Every operator that a recorded computation names: in its graph, and in the graphs of its first and second gradients.</summary>
    public static IEnumerable<Node> Nodes(Call call)
    {
        var trial = call.Draw(new Draw(1));
        var leaves = trial.Leaves();
        var y = trial.Run(leaves);
        if (!y.RequiresGrad)
        {
            return [];
        }

        var g = Tensor.OnesLike(y).RequiresGrad_();
        var first = Autograd.Grad([y], leaves, [g], createGraph: true, allowUnused: true, materializeGrads: true);
        var outputs = first.Where(gradient => gradient!.RequiresGrad).ToList();
        IEnumerable<Tensor?> second = outputs.Count == 0
            ? []
            : Autograd.Grad(
                outputs!, [.. leaves, g], outputs.ConvertAll(output => Tensor.OnesLike(output!)), createGraph: true, allowUnused: true);
        var seen = new HashSet<Node>();
        foreach (var tensor in first.Concat(second).Append(y))
        {
            Visit(tensor?.GradFn, seen);
        }

        return seen;
    }

    private static void Visit(Node? node, HashSet<Node> seen)
    {
        if (node is null || !seen.Add(node))
        {
            return;
        }

        foreach (var edge in node.NextFunctions)
        {
            Visit(edge.Node, seen);
        }
    }

    private static Call Of(Pointwise op) => new(
        op.Name,
        draw =>
        {
            var shapes = draw.Broadcast(op.Arity, highRank: 5);
            return new(inputs => op.Run(inputs), [.. shapes.Select((shape, i) => draw.Tensor(shape, op.Domains[i], i, op.Arity))]);
        },
        IsLoose: Enumerable.Range(0, op.Arity).Select(op.Text).Append(op.Text()).Any(Pointwise.SharesPaths));

    private static Call Of(Reduction op) => new(
        op.Name,
        draw =>
        {
            var shape = draw.Shape(0, 5);
            var reduced = draw.Mask(shape.Length);
            var keepDim = draw.Coin();
            return new(inputs => op.Run(inputs[0], reduced, keepDim), draw.Tensor(shape, op.Domain));
        },
        IsLoose: true);
}
