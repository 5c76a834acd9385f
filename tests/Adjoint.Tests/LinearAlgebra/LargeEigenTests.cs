using Adjoint.Families;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>
/// Eigenvectors of matrices that are large enough for divide and conquer, with eigenvalues that are repeated, clustered, graded or there already
/// before halves are put together. Bounds are those of a backward stable algorithm: at most 8 roundings times the root of the order,
/// where LAPACK's own tests allow 60 times the order.
/// </summary>
public class LargeEigenTests
{
    public static TheoryData<string, int> Matrices =>
    [
        .. from name in (string[])["hilbert", "graded", "wilkinson", "clustered", "near-singular", "random", "zero", "identity", "ones", "glued",
            "repeated", "differences", "projector", "huge", "tiny", "blocks"] select (name, 130),
        ("glued", 211), ("random", 257), ("repeated", 300), ("wilkinson", 301), ("random", 450), ("repeated", 450),
    ];

    [Theory]
    [MemberData(nameof(Matrices))]
    public void AreOrthogonalAndDiagonalise(string name, int n)
    {
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32])
        {
            // Numbers of float32 leave no room for these sizes squared, but must be found.
            var a = Of(name, n).To(dtype);
            var (values, vectors) = Linalg.Eigh(a);
            var rounding = dtype == DType.Float64 ? Math.Pow(2, -53) : Math.Pow(2, -24);
            (a, values, vectors) = (a.To(DType.Float64), values.To(DType.Float64), vectors.To(DType.Float64));
            var size = values.Abs().Max().Item();
            var bound = 8 * Math.Sqrt(n) * rounding;
            Assert.InRange(Families.Size(vectors.T.MatMul(vectors) - Tensor.Eye(n, dtype: DType.Float64)), 0, bound);
            Assert.InRange(Families.Size((vectors * values).MatMul(vectors.T) - a), 0, bound * size);
            var numbers = values.ToArray<double>();
            Assert.Equal(numbers.Order(), numbers);
            Assert.InRange(Families.Size(values - Linalg.Eigvalsh(a.To(dtype)).To(DType.Float64)), 0, 4 * bound * size);
        }
    }

    /// <summary>The second differences have the eigenvalues 2 - 2 cos(k pi / (n + 1)) and the vectors sin(i k pi / (n + 1)).</summary>
    [Fact]
    public void SecondDifferencesHaveSines()
    {
        const int n = 150;
        var (values, vectors) = Linalg.Eigh(Of("differences", n));
        for (var k = 0; k < n; k++)
        {
            Assert.Equal(2 - (2 * Math.Cos((k + 1) * Math.PI / (n + 1))), values[k].Item(), 1e-14);
            var sines = Tensor.FromArray(
                [.. Enumerable.Range(1, n).Select(i => Math.Sqrt(2.0 / (n + 1)) * Math.Sin(i * (k + 1) * Math.PI / (n + 1)))]);
            Assert.Equal(1, Math.Abs((sines * vectors.Select(1, k)).Sum().Item()), 1e-12);
        }
    }

    private static Tensor Of(string name, int n)
    {
        var eye = Tensor.Eye(n, dtype: DType.Float64);
        switch (name)
        {
            case "zero":
                return 0 * eye;
            case "identity":
                return 3 * eye;
            case "ones":
                return Tensor.Ones([n, n], DType.Float64);
            case "differences":
                return (3 * eye) - Op.Linear(new Band(-1, 1), Tensor.Ones([n, n], DType.Float64));
            case "glued":
                // Wilkinson's matrices of order 21 with little between them: many eigenvalues that agree to nearly all digits.
                var glued = new double[n * n];
                for (var i = 0; i < n; i++)
                {
                    glued[(i * n) + i] = Math.Abs((i % 21) - 10);
                    if (i > 0)
                    {
                        glued[(i * n) + i - 1] = glued[((i - 1) * n) + i] = i % 21 == 0 ? 1e-9 : 1;
                    }
                }

                return Tensor.FromArray(glued, n, n);
            case "repeated":
                // Three eigenvalues between random vectors.
                var q = Linalg.Qr(Families.Of("random", n)).Q;
                var repeated = (q * Tensor.FromArray([.. Enumerable.Range(0, n).Select(i => (i % 3) - 1.0)])).MatMul(q.T);
                return (repeated + repeated.T) * 0.5;
            case "projector":
                var v = Families.Of("random", n).Narrow(1, 0, 5);
                return v.MatMul(v.T);
            case "huge":
                return Of("random", n) * 1e30;
            case "tiny":
                return Of("random", n) * 1e-30;
            case "blocks":
                // Nothing between the halves.
                var random = Of("random", n);
                return Tensor.BlockDiag(random.Narrow(0, 0, n / 2).Narrow(1, 0, n / 2), random.Narrow(0, 0, n - (n / 2)).Narrow(1, 0, n - (n / 2)));
            default:
                var a = Families.Of(name, n);
                return a + a.T;
        }
    }
}
