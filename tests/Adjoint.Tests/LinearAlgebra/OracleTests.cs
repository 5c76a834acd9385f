using MathNet.Numerics.LinearAlgebra;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>MathNet.Numerics, which has the same names for other code, and closed forms.</summary>
public class OracleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(70)]
    public void AgreesWithMathNet(int n)
    {
        var random = new Random(n);
        var a = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble() - 0.5);
        var b = Matrix<double>.Build.Dense(n, 3, (_, _) => random.NextDouble() - 0.5);
        var definite = (a * a.Transpose()) + Matrix<double>.Build.DenseIdentity(n);
        Near(a.Solve(b), Linalg.Solve(Of(a), Of(b)));
        Near(a.Inverse(), Linalg.Inv(Of(a)));
        Near(definite.Cholesky().Factor, Linalg.Cholesky(Of(definite)));
        Near(definite.Cholesky().Solve(b), Linalg.Factor(Of(definite), Assume.PositiveDefinite).Solve(Of(b)));
        Near(definite.Solve(b), Linalg.Factor(Of(definite), Assume.Symmetric).Solve(Of(b)));
        Assert.Equal(a.Determinant(), Linalg.Det(Of(a)).Item(), 1e-10 * Math.Abs(a.Determinant()));
        Assert.Equal(Math.Log(definite.Determinant()), Of(definite).LogDet().Item(), 1e-10);
        Assert.Equal(Math.Log(definite.Determinant()), Linalg.Factor(Of(definite), Assume.PositiveDefinite).LogDet().Item(), 1e-10);
        Assert.Equal(Math.Log(definite.Determinant()), Linalg.Factor(Of(definite), Assume.Symmetric).LogDet().Item(), 1e-10);

        // The signs of rows of R are free.
        Near(a.QR().R.PointwiseAbs(), Linalg.Qr(Of(a)).R.Abs());
        var tall = Matrix<double>.Build.Dense(2 * n, n, (_, _) => random.NextDouble() - 0.5);
        var right = Matrix<double>.Build.Dense(2 * n, 2, (_, _) => random.NextDouble() - 0.5);
        Near(tall.Svd().Solve(right), Linalg.LstSq(Of(tall), Of(right)).Solution);
        var wide = tall.Transpose();
        Near(wide.PseudoInverse() * b, Linalg.LstSq(Of(wide), Of(b)).Solution);
    }

    /// <summary>The shortest solution where the rank is 2, by the pseudo-inverse.</summary>
    [Theory]
    [InlineData(6, 4)]
    [InlineData(4, 6)]
    [InlineData(5, 5)]
    public void LeastSquaresOfLowRank(int m, int n)
    {
        var random = new Random(m);
        var a = Matrix<double>.Build.Dense(m, 2, (_, _) => random.NextDouble() - 0.5)
            * Matrix<double>.Build.Dense(2, n, (_, _) => random.NextDouble() - 0.5);
        var b = Matrix<double>.Build.Dense(m, 3, (_, _) => random.NextDouble() - 0.5);
        var best = Linalg.LstSq(Of(a), Of(b), rcond: 1e-10);
        Assert.Equal(2, best.Rank.Item());
        Near(a.PseudoInverse() * b, best.Solution);
    }

    /// <summary>The determinant of Hilbert's matrix of order 6 is 1 / 186313420339200000 (OEIS A005249); its condition number, 1.5e7, multiplies
    /// roundings.</summary>
    [Fact]
    public void DeterminantOfHilbert() =>
        Assert.Equal(1 / 186313420339200000.0, Linalg.Det(Families.Of("hilbert", 6)).Item(), 1.5e7 * 2e-16 * 5.4e-18);

    /// <summary>The gradient of a determinant is the matrix of cofactors, by their definition: here of a matrix of rank 2.</summary>
    [Fact]
    public void GradientOfTheDeterminantOfASingularMatrix()
    {
        var a = Tensor.FromArray(new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 3, 3).RequiresGrad_();
        Linalg.Det(a).Backward();
        double[] cofactors = [-3, 6, -3, 6, -12, 6, -3, 6, -3];
        Assert.All(a.Grad!.ToArray<double>().Zip(cofactors), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    private static Tensor Of(Matrix<double> a) => Tensor.FromArray(a.Transpose().ToColumnMajorArray(), a.RowCount, a.ColumnCount);

    private static void Near(Matrix<double> expected, Tensor actual)
    {
        Assert.Equal([expected.RowCount, expected.ColumnCount], actual.Shape.ToArray());
        Assert.InRange(Families.Size(Of(expected) - actual), 0, 1e-9 * Math.Max(1, Families.Size(Of(expected))));
    }
}
