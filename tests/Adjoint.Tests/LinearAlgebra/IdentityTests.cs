using Adjoint.Families;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>
/// Factorisations put together again, and residuals of systems: backward errors, which are as small for matrices that are nearly singular as for
/// others. Sizes are below and above those of panels and blocks.
/// </summary>
public class IdentityTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [MemberData(nameof(Families.Square), MemberType = typeof(Families))]
    public void FactorsMultiplyToTheMatrix(string name, int n)
    {
        var a = Families.Of(name, n);
        var (p, l, u) = Linalg.Lu(a);
        Near(a, p.MatMul(l).MatMul(u), Families.Size(u), $"P L U of {name}");
        var (q, r) = Linalg.Qr(a);
        Near(a, q.MatMul(r), Families.Size(r), $"Q R of {name}");
        Orthogonal(q);
        Near(r, Band.Upper(r), 0, "R");
        foreach (var other in (Tensor[])[a.Narrow(0, 0, (n + 1) / 2), a.Narrow(1, 0, (n + 1) / 2)])
        {
            (p, l, u) = Linalg.Lu(other);
            Near(other, p.MatMul(l).MatMul(u), Families.Size(u), $"P L U of a part of {name}");
            foreach (var mode in (QrMode[])[QrMode.Reduced, QrMode.Complete])
            {
                (q, r) = Linalg.Qr(other, mode);
                Near(other, q.MatMul(r), Families.Size(r), $"Q R of a part of {name}");
                Orthogonal(q);
            }

            var (packed, tau) = other.Geqrf();
            if (other.Shape[0] >= other.Shape[1])
            {
                Near(Linalg.Qr(other).Q, Linalg.HouseholderProduct(packed, tau), 1, "the product of reflectors");
            }

            Near(Linalg.Qr(other, QrMode.Complete).R, packed.Ormqr(tau, other, transpose: true), Families.Size(r), "Q' A");
        }

        var symmetric = a + a.T;
        var (ld, pivots) = Linalg.LdlFactor(symmetric + (1e-3 * Tensor.Eye(n, dtype: DType.Float64)));
        var x = Linalg.LdlSolve(ld, pivots, a);
        Near(a, (symmetric + (1e-3 * Tensor.Eye(n, dtype: DType.Float64))).MatMul(x), Families.Size(x) * Families.Size(symmetric) * n, "L D L'");
    }

    [Theory]
    [MemberData(nameof(Families.Square), MemberType = typeof(Families))]
    public void CholeskyOfAGram(string name, int n)
    {
        var a = Families.Of(name, n);
        var gram = a.MatMul(a.T) + (1e-6 * Tensor.Eye(n, dtype: DType.Float64));
        var l = Linalg.Cholesky(gram);
        Near(gram, l.MatMul(l.T), Families.Size(gram), name);
        Near(l, Band.Lower(l), 0, "L");
        Near(l.T, Linalg.Cholesky(gram, upper: true), Families.Size(l), "U");
        var b = a.Narrow(1, 0, 1);
        var x = b.CholeskySolve(l);
        Near(b, gram.MatMul(x), Families.Size(gram) * Families.Size(x) * n, "A X");
    }

    /// <summary>
    /// |b - A x| is some roundings of |A| |x| (Higham, theorem 9.4, where partial pivoting does not let the factors grow).
    /// </summary>
    [Theory]
    [MemberData(nameof(Families.Square), MemberType = typeof(Families))]
    public void ResidualsAreSmall(string name, int n)
    {
        var a = Families.Of(name, n);
        foreach (var columns in (int[])[1, 3, 40])
        {
            var b = Tensor.FromArray([.. Enumerable.Range(0, n * columns).Select(i => Math.Sin(i))], n, columns);
            var (x, info) = Linalg.SolveEx(a, b);
            if (info.Item() != 0)
            {
                continue;
            }

            var growth = Families.Size(Linalg.Lu(a).U) / Families.Size(a);
            Near(b, a.MatMul(x), Families.Size(a) * Families.Size(x) * n * growth, $"{name}, A X");
            var (left, right) = (Linalg.Solve(a, b.T, left: false), b.T);
            Near(right, left.MatMul(a), Families.Size(a) * Families.Size(left) * n * growth, $"{name}, X A");
            var kept = Linalg.Factor(a).SolveTransposed(b);
            Near(b, a.T.MatMul(kept), Families.Size(a) * Families.Size(kept) * n * growth, $"{name}, A' X");
        }
    }

    /// <summary>A batch in registers gives what its members give one by one, whatever the size of the batch.</summary>
    [Theory]
    [InlineData(DTypeName.Float64, 1e-12)]
    [InlineData(DTypeName.Float32, 1e-3)]
    public void BatchesAreTheirMembers(string dtypeName, double tolerance)
    {
        var dtype = DType.Parse(dtypeName);
        foreach (var (batch, n) in (ReadOnlySpan<(int, int)>)[(3, 1), (5, 2), (16, 3), (17, 8), (33, 7), (9, 32), (4, 33), (200, 4)])
        {
            var random = new Random(batch);
            var a = Tensor.FromArray([.. Enumerable.Range(0, batch * n * n).Select(_ => random.NextDouble() - 0.5)], batch, n, n).To(dtype);
            var b = Tensor.FromArray([.. Enumerable.Range(0, batch * n * 3).Select(_ => random.NextDouble() - 0.5)], batch, n, 3).To(dtype);
            var definite = a.MatMul(a.Transpose(-2, -1)) + Tensor.Eye(n, dtype: dtype);
            var (l, info) = Linalg.CholeskyEx(definite);
            var (lu, pivots, _) = Linalg.LuFactorEx(a);
            var x = Linalg.Solve(definite, b);
            var y = Linalg.Factor(definite).SolveTransposed(b);
            var inverse = Linalg.Inv(definite);
            Assert.All(info.ToArray<int>(), value => Assert.Equal(0, value));
            for (var i = 0; i < batch; i++)
            {
                Within(Linalg.Cholesky(definite[i]), l[i], tolerance);
                Within(Linalg.LuFactorEx(a[i]).LU, lu[i], tolerance * 100);
                Assert.Equal(Linalg.LuFactorEx(a[i]).Pivots.ToArray<int>(), pivots[i].ToArray<int>());
                Within(Linalg.Solve(definite[i], b[i]), x[i], tolerance);
                Within(Linalg.Factor(definite[i]).SolveTransposed(b[i]), y[i], tolerance);
                Within(Linalg.Inv(definite[i]), inverse[i], tolerance);
                foreach (var upper in (bool[])[false, true])
                {
                    Within(Linalg.SolveTriangular(definite[i], b[i], upper), Linalg.SolveTriangular(definite, b, upper)[i], tolerance);
                    Within(
                        Linalg.SolveTriangular(definite[i], b[i].T, upper, left: false),
                        Linalg.SolveTriangular(definite, b.Transpose(-2, -1), upper, left: false)[i],
                        tolerance);
                }
            }
        }
    }

    private static void Within(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange(Families.Size((expected - actual).To(DType.Float64)), 0, tolerance * Math.Max(1, Families.Size(expected.To(DType.Float64))));
    }

    private static void Orthogonal(Tensor q) =>
        Near(Tensor.Eye(q.Shape[1], dtype: DType.Float64), q.T.MatMul(q), 1, "Q' Q");

    private static void Near(Tensor expected, Tensor actual, double size, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var error = Families.Size(expected - actual);
        Assert.True(error <= Tolerance * Math.Max(size, Families.Size(expected)), $"{what} is off by {error:g3}, for elements of {size:g3}.");
    }

    private static class DTypeName
    {
        public const string Float32 = nameof(DType.Float32);
        public const string Float64 = nameof(DType.Float64);
    }
}
