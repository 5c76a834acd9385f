using Adjoint;
using Adjoint.Families;
using Adjoint.Laws;
using Transforms;

namespace Operators;

/// <summary>Rows of length 1 in the same direction: each is reduced, and then every element of it is mapped.</summary>
public readonly record struct UnitRows : IRows
{
    public static bool Reduces => false;

    public static bool ReadsX => true;

    public static bool ReadsY => true;

    public static bool IsSymmetric => true;

    public Tensor Apply(Tensor x, RowDims rows) => x / rows.Sum(x.Square()).Sqrt();

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => (g - (y! * rows.Sum(g * y!))) / rows.Sum(x!.Square()).Sqrt();
}

/// <summary>Half the sum of the squares by which x misses a target, which has no gradient; a weight for each element may be absent.</summary>
public readonly record struct HalfSquares : IPulled
{
    public int Differentiable => 1;

    public Reads Reads(Places wanted) => new(Places.Of(0, 1, 2));

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value.With();

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        return Weighted((inputs[0]! - inputs[1]!).Square(), inputs[2]).Sum() / 2;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved) => [g * Weighted(saved.Inputs[0]! - saved.Inputs[1]!, saved.Inputs[2])];

    public Tensor? Batch(Tensor?[] inputs, Places batched) =>
        Weighted((inputs[0]! - inputs[1]!).Square(), inputs[2]).Flatten(1).Sum(1) / 2;

    private static Tensor Weighted(Tensor x, Tensor? weight) => weight is null ? x : x * weight;
}

/// <summary>x as far as a gate is open: what it means in other operators, and a way of its own that computes the sigmoid once.</summary>
public readonly record struct Gated : IFused
{
    public int Differentiable => 2;

    public Reads Reads(Places wanted) => new(wanted[1] ? Places.Of(0, 1) : Places.Of(1), Places.Of(0));

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Compose(Tensor?[] inputs) => inputs[0]! * inputs[1]!.Sigmoid();

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var open = inputs[1]!.Sigmoid();
        made = [open];
        return inputs[0]! * open;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved) => Pulled(g, saved, saved.Inputs[1]!.Sigmoid());

    public Tensor?[] PullFused(Tensor g, in Remembered saved) => Pulled(g, saved, saved.Made[0]!);

    public Tensor? Batch(Tensor?[] inputs, Places batched) => batched == Places.Of(0, 1) ? Op.Fused(this, inputs) : null;

    private static Tensor?[] Pulled(Tensor g, in Remembered saved, Tensor open) =>
        [g * open, saved.Wanted[1] ? g * saved.Inputs[0]! * open * (1 - open) : null];
}

/// <summary>The families whose pull is written by hand, along rows and without them.</summary>
public static class PulledOperators
{
    public static void Run(Checks checks)
    {
        Tensor x = [[3.0, 4], [5, 12]];
        var unit = Op.Rows(default(UnitRows), x, [-1]);
        checks.Near(0.6, unit[0, 0].Item(), 1e-15, "an operator along rows: (3, 4) has the direction (0.6, 0.8)");
        checks.Near(0.8 * 0.8 / 5, Jvp(x), 1e-15, "how that turns with x");
        checks.Holds("its laws", () => OperatorLaws.Check((Tensor a) => Op.Rows(default(UnitRows), a, [-1]), x));
        checks.Holds("and along columns", () => OperatorLaws.Check((Tensor a) => Op.Rows(default(UnitRows), a, [0]), x));

        Tensor target = [[1.0, 4], [5, 10]];
        checks.That(Op.Pulled(default(HalfSquares), x, target, null).Item() is 4, "an operator with a pull of its own: (2^2 + 2^2) / 2");
        checks.That(
            Transform.Grad((Tensor a) => Op.Pulled(default(HalfSquares), a, target, target))(x).Reshape(-1).ToArray<double>() is [2, 0, 0, 20],
            "its gradient with the target as a weight");
        checks.Holds("its laws", () => OperatorLaws.Check((Tensor a) => Op.Pulled(default(HalfSquares), a, target, null), x));

        Tensor gate = [[0.0, 1], [-1, 2]];
        checks.That(Op.Fused(default(Gated), x, gate)[0, 0].Item() is 1.5, "a fused composite: half of 3 where the gate is 0");
        checks.Holds("its laws", () => OperatorLaws.Check((Tensor a, Tensor b) => Op.Fused(default(Gated), a, b), x, gate));
    }

    /// <summary>How the first element of (3, 4) / 5 changes with the 3: 1/5 - 9/125.</summary>
    private static double Jvp(Tensor x) =>
        Transform.Jvp((Tensor a) => Op.Rows(default(UnitRows), a, [-1]), x, [[1.0, 0], [0, 0]]).Tangent[0, 0].Item();
}
