namespace Adjoint.Tests.Movement;

/// <summary>Names that programs written for PyTorch use beside the first ones.</summary>
public class SecondNamesTests
{
    private static readonly Tensor X = Tensor.FromArray([-1.5, 0, 2.75]);

    [Fact]
    public void ConversionsHaveShortNames()
    {
        var to = new (Tensor Converted, DType DType)[]
        {
            (X.Double(), DType.Float64), (X.Float(), DType.Float32), (X.Half(), DType.Float16), (X.BFloat16(), DType.BFloat16),
            (X.Long(), DType.Int64), (X.Int(), DType.Int32), (X.Short(), DType.Int16), (X.Char(), DType.Int8), (X.Bool(), DType.Bool),
            (X.Abs().Byte(), DType.UInt8),
        };
        Assert.All(to, pair => Assert.Equal(pair.DType, pair.Converted.DType));
        Assert.Same(X, X.Double());
        Assert.Equal([-1L, 0, 2], X.Long().ToArray<long>());
        Assert.Equal([true, false, true], X.Bool().ToArray<bool>());

        // Gradients cross from one real dtype to another.
        var leaf = X.Clone().RequiresGrad_();
        (leaf.Float() * 3).Sum().Backward();
        Assert.Equal([3, 3, 3], leaf.Grad!.ToArray<double>());
    }

    [Fact]
    public void SizesAreMethodsToo()
    {
        var x = Tensor.Zeros(2, 3, 4);
        Assert.Equal([2, 3, 4], x.Size());
        Assert.Equal((2, 4, 3, 24L), (x.Size(0), x.Size(-1), x.Dim(), x.NumEl()));
        Assert.Throws<TensorIndexException>(() => x.Size(3));
        Assert.True(x.IsFloatingPoint());
        Assert.False(x.Long().IsFloatingPoint());
    }

    [Fact]
    public void SecondNamesGiveWhatTheFirstGive()
    {
        var y = Tensor.FromArray([2.0, 0.5, 2.75]);
        (Tensor First, Tensor Second)[] pairs =
        [
            (X.Abs(), X.Absolute()), (X.Neg(), X.Negative()), (X.Trunc(), X.Fix()), (X.Clamp(-1, 1), X.Clip(-1, 1)),
            (X.Clamp(min: -1), X.ClampMin(-1)), (X.Clamp(max: 1), X.ClampMax(1)), (X - (2 * y), X.Subtract(y, 2)), (X * y, X.Multiply(y)),
            (X / y, X.TrueDivide(y)), (X.Div(y, "floor"), X.Divide(y, "floor")), (X != y, X.NotEqual(y)), (X < y, X.Less(y)),
            (X <= y, X.LessEqual(y)), (X > y, X.Greater(y)), (X >= y, X.GreaterEqual(y)),
        ];
        Assert.All(pairs, pair => Assert.True(pair.First.Equal(pair.Second)));
    }

    /// <summary>Arrays of .NET pick as tensors do.</summary>
    [Fact]
    public void ArraysAreIndices()
    {
        Assert.Equal([-1.5, 2.75], X[new[] { true, false, true }].ToArray<double>());
        Assert.Equal([2.75, -1.5], X[new long[] { -1, 0 }].ToArray<double>());
        Assert.Equal([0], X[Array.Empty<long>()].Shape);
        Assert.Throws<TensorIndexException>(() => X[new[] { true }]);
        Assert.Throws<TensorIndexException>(() => X[new long[] { 3 }]);
        var copy = X.Clone();
        copy[new[] { true, false, true }] = 0;
        Assert.Equal([0, 0, 0], copy.ToArray<double>());
    }

    /// <summary>Numbers from PyTorch's documentation of logspace; the others are powers of 2.</summary>
    [Fact]
    public void PowersInEqualSteps()
    {
        Assert.Equal([1e-10, 1e-5, 1, 1e5, 1e10], Tensor.Logspace(-10, 10, 5, dtype: DType.Float64).ToArray<double>(), Near);
        Assert.Equal([4], Tensor.Logspace(2, 2, 1, 2).ToArray<double>());
        Assert.Equal([1, 2, 4, 8], Tensor.Logspace(0, 3, 4, 2, DType.Int64).ToArray<double>());
        Assert.Equal([0], Tensor.Logspace(0, 1, 0).Shape);
        Assert.Equal(DType.Float32, Tensor.Logspace(0, 1, 2).DType);
        Assert.Throws<TensorException>(() => Tensor.Logspace(0, 1, -1));

        static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-14 * Math.Abs(a);
    }

    [Fact]
    public void WholeNumbersLikeATensor()
    {
        var drawn = Tensor.RandintLike(Tensor.Zeros(50, 4), 3);
        Assert.Equal(DType.Float32, drawn.DType);
        Assert.Equal([50, 4], drawn.Shape);
        Assert.Equal([0, 1, 2], drawn.ToArray<double>().Distinct().Order());
        Assert.Equal(DType.Int32, Tensor.RandintLike(drawn, 2, 5, DType.Int32).DType);
        Assert.Throws<TensorException>(() => Tensor.RandintLike(drawn, 5, 5));
    }
}
