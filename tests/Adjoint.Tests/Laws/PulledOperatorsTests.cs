using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>Rows, pulls written by hand and fused composites of users: what the gates refuse, and what they take care of.</summary>
public class PulledOperatorsTests
{
    private static readonly Tensor Point = [[3.0, 4], [5, 12]];

    [Fact]
    public void AResultIsWhatTheShapeRuleSays()
    {
        Assert.Equal(
            "Broken gives float64[2, 2], but its shape rule says float64[].",
            Assert.Throws<AutogradException>(() => Op.Pulled(new Broken(Fault.Shape), Point)).Message);
        Assert.Equal(
            "ShortRows gives float64[2, 1], but its shape rule says float64[2, 2].",
            Assert.Throws<AutogradException>(() => Op.Rows(default(ShortRows), Point, [1])).Message);
        Assert.StartsWith(
            "Broken takes 1 to 64 inputs", Assert.Throws<ArgumentException>(() => Op.Pulled(new Broken(Fault.None), null, Point)).Message);
        Assert.StartsWith(
            "Broken has gradients for 2 inputs", Assert.Throws<AutogradException>(() => Op.Pulled(new Broken(Fault.Inputs), Point)).Message);
        Assert.Throws<TensorIndexException>(() => Op.Rows(default(ShortRows), Point, [2]));
    }

    [Theory]
    [InlineData(Fault.Count, "function Broken returned an incorrect number of gradients (expected 1, got 2).")]
    [InlineData(Fault.Gradient, "Function Broken returned an invalid gradient at index 0 - got [] but expected shape compatible with [2, 2]")]
    public void AGradientIsForEachInputAndHasItsShape(Fault fault, string message)
    {
        var x = Point.Clone().RequiresGrad_();
        Assert.Equal(message, Assert.ThrowsAny<Exception>(() => Op.Pulled(new Broken(fault), x).Backward()).Message);
        Assert.Equal(message, Assert.ThrowsAny<Exception>(() => Transform.Grad((Tensor a) => Op.Pulled(new Broken(fault), a))(x.Detach())).Message);
    }

    /// <summary>What is kept of an operator that changes in place is what the operator means: both give the same.</summary>
    [Fact]
    public void WritesAreOperatorsToo()
    {
        Tensor rows = Tensor.FromArray([1L]);
        Tensor value = [[7.0, 8]];
        var (a, b) = (Point.Clone().RequiresGrad_(), value.Clone().RequiresGrad_());
        var y = Op.Pulled(new IndexPut(new IndexPlan([0, 1], 1, 0)), a, b, rows);
        (y * Point).Sum().Backward();
        Assert.Equal([3, 4, 7, 8], y.Detach().Reshape(-1).ToArray<double>());
        Assert.Equal([3, 4, 0, 0], a.Grad!.Reshape(-1).ToArray<double>());
        Assert.Equal([5, 12], b.Grad!.Reshape(-1).ToArray<double>());

        var (c, d) = (Point.Clone().RequiresGrad_(), Tensor.FromArray([9.0]).RequiresGrad_());
        var (places, origins) = (Tensor.FromArray([0L, 3]), Tensor.FromArray([0L, 0]));
        var z = Op.Pulled(new RepeatedWrite(IsBase: false, default), c, d, places, origins);
        (z * Point).Sum().Backward();
        Assert.Equal([9, 4, 5, 9], z.Detach().Reshape(-1).ToArray<double>());
        Assert.Equal([0, 4, 5, 0], c.Grad!.Reshape(-1).ToArray<double>());
        Assert.Equal([15], d.Grad!.ToArray<double>());
    }

    /// <summary>1 / 2049 times 2049 is 1 in float32, and the sum of 2,049 halves is no whole half.</summary>
    [Fact]
    public void HalvesAreComputedInFloat32FromEndToEnd()
    {
        var x = Tensor.Ones([2049], DType.Float16);
        var y = Op.Rows(default(Shares), x, [0]);
        Assert.Equal(DType.Float16, y.DType);
        Assert.Equal((double)(Half)(1f / 2049), y[7].Item());
    }

    public enum Fault
    {
        None,
        Shape,
        Count,
        Gradient,
        Inputs,
    }

    /// <summary>A sum with a fault.</summary>
    private readonly record struct Broken(Fault Fault) : IPulled
    {
        public int Differentiable => Fault == Fault.Inputs ? 2 : 1;

        public Reads Reads(Places wanted) => default;

        public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value.With();

        public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
        {
            made = [];
            return Fault == Fault.Shape ? inputs[0]! * 2 : inputs[0]!.Sum();
        }

        public Tensor?[] Pull(Tensor g, in Remembered saved) =>
            Fault == Fault.Count ? [g, g] : Fault == Fault.Gradient ? [g] : [g.Expand(saved.ShapeOf(0)!.Value.AsSpan())];
    }

    private readonly record struct ShortRows : IRows
    {
        public static bool Reduces => false;

        public static bool ReadsX => false;

        public static bool ReadsY => false;

        public Tensor Apply(Tensor x, RowDims rows) => rows.Sum(x);

        public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => g;
    }

    private readonly record struct Shares : IRows
    {
        public static bool Reduces => false;

        public static bool ReadsX => true;

        public static bool ReadsY => false;

        public Tensor Apply(Tensor x, RowDims rows) => x / rows.Sum(x);

        public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => (g / rows.Sum(x!)) - (rows.Sum(g * x!) / rows.Sum(x!).Square());
    }
}
