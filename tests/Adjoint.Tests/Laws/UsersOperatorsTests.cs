using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Laws;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Operators of users: the gates refuse what kernels and tapes could not bear, and the laws that users have find what is wrong.
/// </summary>
public class UsersOperatorsTests
{
    private static readonly Tensor Point = [[0.5, -1.25, 2], [1.5, 0.25, -0.75]];

    [Fact]
    public void AResultIsWhatTheShapeRuleSays()
    {
        var shape = Assert.Throws<AutogradException>(() => Op.Linear(new Twice { Shape = true }, Point));
        Assert.Equal("Twice gives float64[2, 3], but its shape rule says float64[7].", shape.Message);
        Assert.Contains("gives null", Assert.Throws<AutogradException>(() => Op.Linear(new Twice { Nothing = true }, Point)).Message);
        Assert.Contains(
            "another number of results", Assert.Throws<AutogradException>(() => Op.MultiOutput(default(TooFew), Point)).Message);
    }

    [Fact]
    public void AGradientHasTheShapeOfItsInput()
    {
        var x = Point.Clone().RequiresGrad_();
        var y = Op.Linear(new Twice { Gradient = true }, x);
        var error = Assert.Throws<ShapeException>(() => y.Sum().Backward());
        Assert.StartsWith(
            "Function Twice returned an invalid gradient at index 0 - got [1, 1] but expected shape compatible with [2, 3]", error.Message);
    }

    /// <summary>Both terms of the product rule arrive where both inputs have tangents.</summary>
    [Fact]
    public void TangentsOfBothInputsAreAdded()
    {
        var (x, y) = (Tensor.FromArray([1.0, 2, 3]), Tensor.FromArray([5.0, 7, 11]));
        var (tx, ty) = (Tensor.FromArray([0.5, -1, 2]), Tensor.FromArray([3.0, 0.25, -2]));
        var (value, tangent) = Transform.Jvp(
            ((Tensor Left, Tensor Right) both) => Op.Bilinear(default(Products), both.Left, both.Right), (x, y), (tx, ty));
        Assert.Equal((x * y).ToArray<double>(), value.ToArray<double>());
        Assert.Equal(((tx * y) + (x * ty)).ToArray<double>(), tangent.ToArray<double>());
        var (_, square) = Transform.Jvp(a => Op.Bilinear(default(Products), a, a), x, tx);
        Assert.Equal((2 * x * tx).ToArray<double>(), square.ToArray<double>());
        OperatorLaws.Check((Tensor a) => Op.Bilinear(default(Products), a, a * 2), x);

        // An addend reaches an operator that knows of none, and the sum has no history of its own.
        IBilinear op = default(Products);
        var sum = op.Apply(x, y, tx.Clone().RequiresGrad_());
        Assert.Equal(((x * y) + tx).ToArray<double>(), sum.ToArray<double>());
        Assert.True(sum.IsLeaf);
        Assert.Equal((x * y).ToArray<double>(), op.Apply(x, y, null).ToArray<double>());
    }

    [Fact]
    public void ABatchHasAllSamples()
    {
        var error = Assert.Throws<AutogradException>(() => Transform.Vmap((Tensor row) => Op.Linear(new Twice { Samples = true }, row))(Point));
        Assert.StartsWith("Twice gives float64[1, 3] for a batch of 2 of float64[3]", error.Message);
    }

    /// <summary>A result has memory and history of its own, whatever the operator returned:
    /// its input, a view of it, or a tensor that others hold.</summary>
    [Fact]
    public void AResultBelongsToNobodyElse()
    {
        var x = Point.Clone().RequiresGrad_();
        var same = Op.Linear(default(Same), x);
        Assert.NotSame(x, same);
        Assert.True(x.IsLeaf);
        same.Sum().Backward();
        Assert.Equal([1, 1, 1, 1, 1, 1], x.Grad!.ToArray<double>());
        Autograd.NoGrad(() => same.Zero_());
        Assert.Equal(Point.ToArray<double>(), x.Detach().ToArray<double>());

        Held.Kept.Value = Tensor.Ones([2, 3], DType.Float64);
        var held = Op.Linear(default(Held), x);
        Assert.True(held.RequiresGrad);
        Assert.True(Held.Kept.Value.IsLeaf);
        Assert.False(Held.Kept.Value.RequiresGrad);
    }

    /// <summary>The forward part is not recorded, and may read elements.</summary>
    [Fact]
    public void WhatAnOperatorRunsIsNotRecorded()
    {
        var y = Op.Linear(default(Twice), Point.Clone().RequiresGrad_());
        Assert.Equal("TwiceBackward0", y.GradFn!.Name);
        Assert.Equal("AccumulateGrad", Assert.Single(y.GradFn.NextFunctions).Node!.Name);
    }

    [Fact]
    public void WholeNumbersHaveNoGradient()
    {
        Assert.Contains("IWhole", Assert.Throws<AutogradException>(() => Op.Linear(default(Rounded), Point.Clone().RequiresGrad_())).Message);
        Assert.Equal(DType.Int64, Op.Linear(default(Rounded), Point).DType);
    }

    [Fact]
    public void AnUpdateIsRefusedWhereItWouldBeRecorded()
    {
        var x = Point.Clone().RequiresGrad_();
        Assert.Throws<AutogradException>(() => Op.Update(default(Add), x, Point));
        var error = Assert.Throws<AutogradException>(() => Op.Update(default(Add), Point.Clone(), x));
        Assert.Contains("Autograd.NoGrad()", error.Message);
        Autograd.NoGrad(() => Op.Update(default(Add), x, Point));
        Assert.Equal(1, x.Version);
        Assert.Equal((Point * 2).ToArray<double>(), x.Detach().ToArray<double>());
        Assert.Throws<ShapeException>(() => Op.Update(default(Add), Point.Clone(), Point[0]));
        Assert.Throws<AutogradException>(() => Transform.Grad((Tensor a) => Op.Update(default(Add), a, a).Sum())(Point));
    }

    /// <summary>Old values are read where memory overlaps: 1 2 3 4 with its front added to its back.</summary>
    [Fact]
    public void AnUpdateReadsBeforeItWrites()
    {
        Tensor x = [1.0, 2, 3, 4];
        Op.Update(default(Add), x[1..], x[..3]);
        Assert.Equal([1, 3, 5, 7], x.ToArray<double>());
    }

    [Fact]
    public void ScansAndReductionsTakeDimensionsAsUsersNameThem()
    {
        Assert.Equal(Op.Reduce(default(Amounts), Point, [1]).ToArray<double>(), Op.Reduce(default(Amounts), Point, [-1]).ToArray<double>());
        Assert.Throws<TensorIndexException>(() => Op.Reduce(default(Amounts), Point, [2]));
        Assert.Throws<TensorIndexException>(() => Op.Scan(default(Running), Point, 2));
        Assert.Throws<ShapeException>(() => Op.Scan(default(Running), Tensor.Scalar(1.0), 0));
        Assert.Throws<TensorException>(() => Op.Join(default(Joined)));
    }

    [Fact]
    public void TheLawsHold()
    {
        OperatorLaws.Check((Tensor x) => Op.Linear(default(Twice), x), Point);
        OperatorLaws.CheckReduce(default(Amounts));
        OperatorLaws.CheckScan(default(Running));
    }

    [Fact]
    public void TheLawsFindWhatIsWrong()
    {
        void Finds(string what, Action laws) => Assert.StartsWith(what, Assert.Throws<LawException>(laws).Message, StringComparison.Ordinal);
        Finds("D of WrongSlope at", () => OperatorLaws.CheckMap(default(WrongSlope)));
        Finds("the gradient: forward", () => OperatorLaws.Adjoint(x => Op.Linear(new Twice { Factor = true }, x[0]), Point));
        Finds("the second derivative: forward", () => OperatorLaws.SecondOrder(x => Op.MultiOutput(default(Cube), x[0])[0], Point));
        Finds("a batch runs one sample after the other", () => OperatorLaws.Batch(x => Op.Linear(new Twice { Alone = true }, x[0]), Point));
        Finds("the value: element 0", () => OperatorLaws.Value(x => Op.Linear(default(Twice), x[0]), x => x[0] * 3, Point));
        Finds("the value of inputs with strides", () => OperatorLaws.Strides(x => x[0].IsContiguous ? x[0] * 2 : x[0], Point));
    }

    /// <summary>Two times a tensor, and ways to do it wrong.</summary>
    private readonly record struct Products : IBilinear
    {
        public TensorType Infer(TensorType x, TensorType y) => x;

        public Tensor Apply(Tensor x, Tensor y) => x * y;

        public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(this, g, y);

        public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(this, g, x);

        public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => batchedX && batchedY ? Op.Bilinear(this, x, y) : null;
    }

    private readonly record struct Twice : ILinear
    {
        public bool Shape { get; init; }

        public bool Nothing { get; init; }

        public bool Gradient { get; init; }

        public bool Samples { get; init; }

        public bool Factor { get; init; }

        public bool Alone { get; init; }

        public TensorType Infer(TensorType x) => Shape ? x.With(7) : x;

        public Tensor Apply(Tensor x) =>
            Nothing ? null! : Tensor.FromArray(Array.ConvertAll(x.ToArray<double>(), value => 2 * value)).Reshape(x.Shape.AsSpan());

        public Tensor Transpose(Tensor g, Shape input) => Gradient ? Tensor.Ones([1, 1], DType.Float64) : Factor ? g * 3 : Op.Linear(this, g);

        public Tensor? Batch(Tensor x) => Alone ? null : Samples ? x.Narrow(0, 0, 1) : Op.Linear(this, x);
    }

    private readonly record struct Same : ILinear
    {
        public TensorType Infer(TensorType x) => x;

        public Tensor Apply(Tensor x) => x;

        public Tensor Transpose(Tensor g, Shape input) => g;
    }

    private readonly record struct Held : ILinear
    {
        public static readonly ThreadLocal<Tensor> Kept = new();

        public TensorType Infer(TensorType x) => x;

        public Tensor Apply(Tensor x) => Kept.Value!;

        public Tensor Transpose(Tensor g, Shape input) => g;
    }

    private readonly record struct Rounded : ILinear
    {
        public TensorType Infer(TensorType x) => x.To(DType.Int64);

        public Tensor Apply(Tensor x) => x.To(DType.Int64);

        public Tensor Transpose(Tensor g, Shape input) => g;
    }

    private readonly record struct Joined : IJoin
    {
        public TensorType Infer(TensorType[] inputs) => inputs[0];

        public Tensor Apply(Tensor[] inputs) => inputs[0];

        public Tensor Transpose(Tensor g, Shape[] inputs, int index) => g;
    }

    private readonly record struct TooFew : IMultiOutput
    {
        public TensorType[] Infer(TensorType[] inputs) => [inputs[0], inputs[0]];

        public Tensor[] Apply(Tensor[] inputs) => [inputs[0]];

        public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) => [gradients[0]];
    }

    /// <summary>x³, whose gradient forgets that it depends on x.</summary>
    private readonly record struct Cube : IMultiOutput
    {
        public static bool ReadsInput(int input) => true;

        public TensorType[] Infer(TensorType[] inputs) => inputs;

        public Tensor[] Apply(Tensor[] inputs) => [inputs[0].Pow(3)];

        public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
            [gradients[0]! * (3 * inputs[0]!.Square()).Detach()];
    }

    private readonly record struct WrongSlope : IMap
    {
        public V F<V>(V x)
            where V : struct, IReal<V> => x * x;

        public V D<V>(V x, V y)
            where V : struct, IReal<V> => x;
    }

    private readonly record struct Add : IUpdate
    {
        public V F<V>(V x, V a, V b)
            where V : struct, IReal<V> => x + a;
    }

    private readonly record struct Amounts : IReduce
    {
        public V Unit<V>()
            where V : struct, IRing<V> => V.Zero;

        public V Lift<V>(V x)
            where V : struct, IReal<V> => x * x;

        public V Combine<V>(V a, V b)
            where V : struct, IRing<V> => a + b;

        public V Finish<V>(V combined)
            where V : struct, IReal<V> => combined;

        public V D<V>(V x, V y)
            where V : struct, IReal<V> => x + x;
    }

    private readonly record struct Running : IScan
    {
        public V Unit<V>()
            where V : struct, IRing<V> => V.Zero;

        public V Combine<V>(V state, V x)
            where V : struct, IReal<V> => state + (x * x);

        public V DState<V>(V state, V x, V y)
            where V : struct, IReal<V> => V.One;

        public V DX<V>(V state, V x, V y)
            where V : struct, IReal<V> => x + x;
    }
}
