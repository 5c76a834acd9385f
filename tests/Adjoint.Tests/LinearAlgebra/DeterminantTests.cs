using static Adjoint.Transform;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>
/// Derivatives of determinants of singular matrices of every order. det(A + s B) is a polynomial in s, whose coefficients are known in closed form
/// or found by interpolation at whole numbers.
/// </summary>
public class DeterminantTests
{
    /// <summary>det(s B) = s^n det(B): the nth derivative at zero is n! det(B), and those before are zero.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void AtTheZeroMatrix(int n)
    {
        var (b, factorial) = (Random(n, n, n), 1.0);
        Func<Tensor, Tensor> f = s => Linalg.Det(b * s), forward = f;
        for (var order = 1; order <= n; order++)
        {
            (f, forward) = (Grad(f), Along(forward));
            factorial *= order;
            var expected = order < n ? 0 : factorial * Linalg.Det(b).Item();
            Assert.Equal(expected, f(Tensor.Scalar(0.0)).Item(), 1e-11);
            if (order <= 4)
            {
                Assert.Equal(expected, forward(Tensor.Scalar(0.0)).Item(), 1e-11);
            }
        }

        Assert.Equal(0.0, Grad(f)(Tensor.Scalar(0.0)).Item());
    }

    /// <summary>A of order 6 and rank 3: the coefficients of s^3 to s^6 are not zero.</summary>
    [Fact]
    public void AtAMatrixOfLowRank()
    {
        const int n = 6;
        var (a, b) = (Random(1, n, 3).MatMul(Random(2, 3, n)), Random(3, n, n));
        var points = Enumerable.Range(0, n + 1).Select(i => i - 3.0).ToArray();
        var powers = Tensor.FromArray([.. from s in points from power in Enumerable.Range(0, n + 1) select Math.Pow(s, power)], n + 1, n + 1);
        var values = Tensor.FromArray([.. points.Select(s => Linalg.Det(a + (s * b)).Item())]);
        var coefficients = Linalg.Solve(powers, values).ToArray<double>();
        Func<Tensor, Tensor> f = s => Linalg.Det(a + (b * s));
        var factorial = 1.0;
        for (var order = 1; order <= 5; order++)
        {
            f = Grad(f);
            factorial *= order;
            Assert.Equal(factorial * coefficients[order], f(Tensor.Scalar(0.0)).Item(), 1e-9);
        }
    }

    private static Func<Tensor, Tensor> Along(Func<Tensor, Tensor> f) => x => Jvp(f, x, Tensor.OnesLike(x)).Tangent;

    private static Tensor Random(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.FromArray([.. Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => (2 * random.NextDouble()) - 1)], shape);
    }
}
