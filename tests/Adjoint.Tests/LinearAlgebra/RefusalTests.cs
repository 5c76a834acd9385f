namespace Adjoint.Tests.LinearAlgebra;

/// <summary>What linear algebra refuses, in PyTorch's words (torch 2.x: aten/src/ATen/native/BatchLinearAlgebra.cpp, LinearAlgebraUtils.h).</summary>
public class RefusalTests
{
    private static readonly Tensor Singular = Tensor.FromArray(new double[] { 1, 2, 2, 4 }, 2, 2);

    [Fact]
    public void SingularMatrices()
    {
        var b = Tensor.Ones([2], DType.Float64);
        Throws<LinalgException>("linalg.solve: The solver failed because the input matrix is singular.", () => Linalg.Solve(Singular, b));
        var batch = Tensor.Stack([Tensor.Eye(2, dtype: DType.Float64), Singular]);
        Throws<LinalgException>(
            "linalg.solve: (Batch element 1): The solver failed because the input matrix is singular.", () => Linalg.Solve(batch, b.Expand(2, 2)));
        Throws<LinalgException>(
            "linalg.inv: The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular.",
            () => Linalg.Inv(Singular));
        Throws<LinalgException>(
            "linalg.cholesky: The factorization could not be completed because the input is not positive-definite (the leading minor of order 2 is " +
            "not positive-definite).",
            () => Linalg.Cholesky(Singular - 1e-3));
        Throws<LinalgException>(
            "torch.linalg.lu_factor: U[2,2] is zero and using it on lu_solve would result in a division by zero.", () => Linalg.LuFactor(Singular));
        Assert.Equal(2, Linalg.SolveEx(Singular, b).Info.Item());
        Assert.Equal(2, Linalg.InvEx(Singular).Info.Item());
        Assert.Equal(2, Linalg.LuFactorEx(Singular).Info.Item());
        Assert.Equal((0.0, double.NegativeInfinity), Linalg.SlogDet(Singular) is var (sign, log) ? (sign.Item(), log.Item()) : default);
    }

    [Fact]
    public void ShapesAndDTypes()
    {
        var rectangle = Tensor.Ones([2, 3], DType.Float64);
        var vector = Tensor.Ones([3], DType.Float64);
        Throws<ShapeException>(
            "linalg.solve: A must be batches of square matrices, but they are 2 by 3 matrices", () => Linalg.Solve(rectangle, vector));
        Throws<ShapeException>("linalg.solve: The input tensor A must have at least 2 dimensions.", () => Linalg.Solve(vector, vector));
        Throws<ShapeException>(
            "linalg.solve: Incompatible shapes of A and B for the equation AX = B (2x2 and 3x1)", () => Linalg.Solve(Singular, vector));
        Throws<DTypeException>(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type Double and B of type Float instead",
            () => Linalg.Solve(Singular, Tensor.Ones([2], DType.Float32)));
        Throws<DTypeException>(
            "linalg.inv: Expected a floating point or complex tensor as input. Got Long", () => Linalg.Inv(Tensor.Ones([2, 2], DType.Int64)));
        Throws<DTypeException>("linalg.inv: Low precision dtypes not supported. Got Half", () => Linalg.Inv(Tensor.Ones([2, 2], DType.Float16)));
        Throws<ShapeException>("linalg.det: A must be batches of square matrices", () => rectangle.Det());
        Throws<ShapeException>("multi_dot(): expected at least 2 tensors but got 1", () => Linalg.MultiDot(rectangle));
        Throws<ShapeException>("Expected a strictly positive integer for 'ind'", () => Linalg.TensorInv(Singular, 0));
        Throws<ArgumentException>("torch.linalg.lstsq: parameter `driver` should be one of", () => Linalg.LstSq(Singular, Singular, driver: "qr"));
        Throws<LinalgException>("pivots must be row numbers", () => Linalg.LuSolve(Singular, Tensor.FromArray(new[] { 1, 9 }), Singular));
        Throws<AutogradException>(
            "The QR decomposition is not differentiable when mode='complete' and nrows > ncols.",
            () => Linalg.Qr(Tensor.Ones([3, 2], DType.Float64).RequiresGrad_(), QrMode.Complete).Q.Sum().Backward());
    }

    /// <summary>NaN and infinity go in, and something comes out; nothing hangs or reads elsewhere.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NonFiniteMatrices(double value)
    {
        foreach (var n in (int[])[3, 40])
        {
            var a = Tensor.Eye(n, dtype: DType.Float64).Clone();
            a[0, n - 1] = value;
            a[n - 1, 0] = value;
            _ = (Linalg.LuFactorEx(a), Linalg.CholeskyEx(a), Linalg.Qr(a), Linalg.LdlFactorEx(a), Linalg.LstSq(a, a), Linalg.Det(a));
        }
    }

    [Fact]
    public void EmptyMatrices()
    {
        var none = Tensor.Zeros([0, 0], DType.Float64);
        Assert.Equal(1, Linalg.Det(none).Item());
        Assert.Equal(0, none.LogDet().Item());
        Assert.Equal([0, 2], Linalg.Solve(none, Tensor.Zeros([0, 2], DType.Float64)).Shape.ToArray());
        Assert.Equal([3, 0, 0], Linalg.Cholesky(Tensor.Zeros([3, 0, 0], DType.Float64)).Shape.ToArray());
        Assert.Equal([3, 2], Linalg.LstSq(Tensor.Zeros([0, 3], DType.Float64), Tensor.Zeros([0, 2], DType.Float64)).Solution.Shape.ToArray());
        Assert.Equal([4, 4], Linalg.Qr(Tensor.Zeros([4, 0], DType.Float64), QrMode.Complete).Q.Shape.ToArray());
    }

    private static void Throws<E>(string sentence, Func<object?> act)
        where E : Exception
    {
        var error = Assert.Throws<E>(() => { act(); });
        Assert.StartsWith(sentence, error.Message, StringComparison.Ordinal);
    }

    private static void Throws<E>(string sentence, Action act)
        where E : Exception => Throws<E>(sentence, () =>
        {
            act();
            return null;
        });
}
