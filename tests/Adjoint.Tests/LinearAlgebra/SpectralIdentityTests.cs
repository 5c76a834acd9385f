using MathNet.Numerics.LinearAlgebra;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>Decompositions put together again, orthogonality, and values against MathNet.Numerics and closed forms.</summary>
public class SpectralIdentityTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [MemberData(nameof(Families.Square), MemberType = typeof(Families))]
    public void EigenvectorsDiagonalise(string name, int n)
    {
        var a = Families.Of(name, n);
        a = a + a.T;
        var (values, vectors) = Linalg.Eigh(a);
        Orthogonal(vectors, Tolerance);
        Near(a, (vectors * values).MatMul(vectors.T), Families.Size(values), name);
        Near(values, Linalg.Eigvalsh(a, "U"), Families.Size(values), "without vectors");
        var numbers = values.ToArray<double>();
        Assert.Equal(numbers.Order(), numbers);
        var expected = MathNet(a).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order().ToArray();
        Near(Tensor.FromArray(expected), values, Families.Size(values), "MathNet");
    }

    [Theory]
    [MemberData(nameof(Families.Square), MemberType = typeof(Families))]
    public void SingularVectorsDiagonalise(string name, int n)
    {
        var square = Families.Of(name, n);
        foreach (var a in (Tensor[])[square, square.Narrow(0, 0, (n + 1) / 2), square.Narrow(1, 0, (n + 1) / 2), square.Narrow(1, 0, 1)])
        {
            foreach (var full in (bool[])[true, false])
            {
                var (u, s, vh) = Linalg.Svd(a, full);
                var k = s.Shape[0];
                Orthogonal(u, Tolerance);
                Orthogonal(vh.T, Tolerance);
                Near(a, (u.Narrow(1, 0, k) * s).MatMul(vh.Narrow(0, 0, k)), Families.Size(s), name);
                Near(s, Linalg.Svdvals(a), Families.Size(s), "without vectors");
                var numbers = s.ToArray<double>();
                Assert.Equal(numbers.OrderDescending(), numbers);
                Assert.All(numbers, value => Assert.True(value >= 0));
                Near(Tensor.FromArray(MathNet(a).Svd(computeVectors: false).S.ToArray()), s, Families.Size(s), "MathNet");
            }
        }
    }

    /// <summary>Small matrices in batches are found by another algorithm, several at once; the last ones of a batch fill no register.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(17)]
    public void BatchesAgreeWithOneByOne(int n)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var a = Random(n, 21, n, n).To(dtype);
            a = a + a.Transpose(-2, -1);

            // Some with equal eigenvalues, some with none but zero, some large and some small.
            a[1] = Tensor.Eye(n, dtype: dtype);
            a[2] = Tensor.Zeros([n, n], dtype);
            a[3] = Tensor.Ones([n, n], dtype);
            a[4] = a[4].Clone() * 1e30;
            a[5] = a[5].Clone() * 1e-30;
            var (values, vectors) = Linalg.Eigh(a);
            var tolerance = dtype == DType.Float32 ? 1e-5 : Tolerance;
            for (var i = 0; i < 21; i++)
            {
                Orthogonal(vectors[i], tolerance);
                var size = Families.Size(values[i]);
                Near(a[i], (vectors[i] * values[i]).MatMul(vectors[i].T), size * tolerance / Tolerance, $"member {i}");
                Near(Linalg.Eigvalsh(a[i]), values[i], size * tolerance / Tolerance, $"values of member {i}");
            }

            var (u, s, vh) = Linalg.Svd(Random(n, 6, n + 2, n).To(dtype));
            Orthogonal(u[5], tolerance);
            Near(s[5], Linalg.Svdvals(Random(n, 6, n + 2, n).To(dtype)[5]), tolerance / Tolerance, "singular values");
            Orthogonal(vh[5], tolerance);
        }
    }

    /// <summary>The second differences have the eigenvalues 2 - 2 cos(k pi / (n + 1)).</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(200)]
    public void SecondDifferences(int n)
    {
        var a = (2 * Tensor.Eye(n, dtype: DType.Float64)).Clone();
        for (var i = 0; i < n - 1; i++)
        {
            a[i, i + 1] = -1;
            a[i + 1, i] = -1;
        }

        double[] expected = [.. Enumerable.Range(1, n).Select(k => 2 - (2 * Math.Cos(k * Math.PI / (n + 1))))];
        Near(Tensor.FromArray(expected), Linalg.Eigvalsh(a), 4, "eigenvalues");
        Near(Tensor.FromArray([.. expected.Reverse()]), Linalg.Svdvals(a), 4, "singular values");
    }

    /// <summary>The two largest eigenvalues of Wilkinson's W21+ agree to 14 digits (J. Wilkinson, The Algebraic Eigenvalue Problem, 5.45).</summary>
    [Fact]
    public void WilkinsonsPair()
    {
        var values = Linalg.Eigvalsh(Families.Of("wilkinson", 21)).ToArray<double>();
        Assert.Equal(10.746194182903322, values[19], 1e-13);
        Assert.Equal(10.746194182903393, values[20], 1e-13);
    }

    /// <summary>With mpmath 1.3 at 60 digits.</summary>
    [Fact]
    public void HilbertOfOrderSix()
    {
        double[] expected =
        [
            1.6188998589243391, 0.24236087057520955, 0.016321521319875822, 0.0006157483541826577, 1.2570757122625195e-5, 1.0827994845655498e-7,
        ];
        Near(Tensor.FromArray(expected), Linalg.Svdvals(Families.Of("hilbert", 6)), 1e-3, "singular values");
        Assert.Equal(1.6188998589243391 / 1.0827994845655498e-7, Linalg.Cond(Families.Of("hilbert", 6)).Item(), 1.0);
    }

    /// <summary>
    /// A matrix of two diagonals has singular values that are as exact as its elements, however small (J. Demmel, W. Kahan, 1990): their product is
    /// that of the diagonal.
    /// </summary>
    [Fact]
    public void SmallSingularValuesOfTwoDiagonalsHaveAllDigits()
    {
        const int n = 20;
        var a = Tensor.Zeros([n, n], DType.Float64);
        var logOfProduct = 0.0;
        for (var i = 0; i < n; i++)
        {
            a[i, i] = Math.Pow(10, -2 * i);
            logOfProduct += Math.Log(Math.Pow(10, -2 * i));
            if (i < n - 1)
            {
                a[i, i + 1] = Math.Pow(10, -2 * i) * 0.7;
            }
        }

        Assert.Equal(logOfProduct, Linalg.Svdvals(a).Log().Sum().Item(), 1e-11);
        Assert.Equal(Linalg.Svdvals(a).Log().ToArray<double>(), Linalg.Svd(a).S.Log().ToArray<double>());
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    [InlineData(1e-320)]
    public void NothingOverflows(double scale)
    {
        var a = Random(1, 6, 4) * scale;
        var s = Linalg.Svdvals(a);
        var tolerance = scale < 1e-310 ? 1e-3 : 1e-12;
        Assert.Equal(1, (s / Linalg.Svdvals(Random(1, 6, 4)) / scale).Max().Item(), tolerance);
        var symmetric = a.Narrow(0, 0, 4) + a.Narrow(0, 0, 4).T;
        Assert.True(Families.Size(Linalg.Eigvalsh(symmetric)) > 0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public void EmptyMatrices(int m, int n)
    {
        var (u, s, vh) = Linalg.Svd(Tensor.Zeros([2, m, n], DType.Float64));
        Assert.Equal([2, m, m], u.Shape.ToArray());
        Assert.Equal([2, 0], s.Shape.ToArray());
        Assert.Equal([2, n, n], vh.Shape.ToArray());
        Orthogonal(u[0], 0);
        Orthogonal(vh[0], 0);
        Assert.Equal([2, n, m], Linalg.Pinv(Tensor.Zeros([2, m, n], DType.Float64)).Shape.ToArray());
        Assert.Equal([0L, 0L], Linalg.MatrixRank(Tensor.Zeros([2, m, n], DType.Float64)).ToArray<long>());
        Assert.Equal([0, 3], Linalg.Eigvalsh(Tensor.Zeros([0, 3, 3], DType.Float64)).Shape.ToArray());
    }

    /// <summary>The four conditions of Penrose, and MathNet.</summary>
    [Theory]
    [InlineData(5, 5, 5)]
    [InlineData(7, 4, 4)]
    [InlineData(4, 7, 2)]
    [InlineData(6, 6, 3)]
    public void PseudoInverses(int m, int n, int rank)
    {
        var a = Random(1, m, rank).MatMul(Random(2, rank, n));
        var p = Linalg.Pinv(a);
        Near(a, a.MatMul(p).MatMul(a), 10, "A P A");
        Near(p, p.MatMul(a).MatMul(p), 10 * Families.Size(p), "P A P");
        Near(a.MatMul(p).T, a.MatMul(p), 10, "A P");
        Near(p.MatMul(a).T, p.MatMul(a), 10, "P A");
        Assert.Equal(rank, Linalg.MatrixRank(a).Item());
        Assert.Equal(rank, Linalg.MatrixRank(a.MatMul(a.T), hermitian: true).Item());
        Near(Linalg.Pinv(a.MatMul(a.T)), Linalg.Pinv(a.MatMul(a.T), hermitian: true), 1e3 * Families.Size(Linalg.Pinv(a.MatMul(a.T))), "symmetric");
        Assert.Equal(0, Linalg.MatrixRank(a, atol: 1e6).Item());
        Assert.Equal(1, Linalg.MatrixRank(a, rtol: 0.99).Item());
    }

    /// <summary>Closed forms: a rotation, a shift, a diagonal, exp(A) exp(-A) = I; float32 at its rounding.</summary>
    [Fact]
    public void Exponentials()
    {
        foreach (var t in (double[])[1e-9, 0.01, 0.2, 0.9, 5, 100])
        {
            var rotation = Tensor.FromArray(new[] { 0, -t, t, 0 }, 2, 2).MatrixExp();
            Near(Tensor.FromArray(new[] { Math.Cos(t), -Math.Sin(t), Math.Sin(t), Math.Cos(t) }, 2, 2), rotation, Math.Max(1, t), "rotation");
            var single = Tensor.FromArray(new[] { 0, -(float)t, (float)t, 0 }, 2, 2).MatrixExp();
            Near(rotation, single.To(DType.Float64), 1e6 * Math.Max(1, t), "float32");
        }

        Near(Tensor.FromArray(new double[] { 1, 1, 0.5, 0, 1, 1, 0, 0, 1 }, 3, 3), Shift(3).MatrixExp(), 1, "shift");
        var a = Random(3, 4, 9, 9);
        Near(Tensor.Eye(9, dtype: DType.Float64).Expand(4, 9, 9), a.MatrixExp().MatMul((-a).MatrixExp()), 1e3, "inverse");
        var symmetric = a[0] + a[0].T;
        var (values, vectors) = Linalg.Eigh(symmetric);
        Near((vectors * values.Exp()).MatMul(vectors.T), symmetric.MatrixExp(), Families.Size(values.Exp()) * 10, "by eigenvalues");
        Assert.Equal(0, Tensor.Eye(2, dtype: DType.Float64).Mul(-1e6).MatrixExp().Sum().Item(), 1e-300);
        Assert.True(double.IsNaN(Tensor.Full([1, 1], double.NaN, DType.Float64).MatrixExp().Item()));
        Assert.Equal([2, 0, 0], Tensor.Zeros([2, 0, 0]).MatrixExp().Shape.ToArray());
    }

    /// <summary>
    /// The powers of one nilpotent matrix end, so that every derivative of its exponential is a polynomial: here the first and the second.
    /// </summary>
    [Fact]
    public void DerivativesOfExponentials()
    {
        // d exp(A)[0, 2] along E is the sum of the products of paths: for E at (0, 1) and A the shift, A_12 / 2.
        var a = Shift(3).RequiresGrad_();
        var g = Autograd.Grad([a.MatrixExp()[0, 2]], [a], createGraph: true)[0]!;
        Assert.Equal(0.5, g[0, 1].Item(), 1e-15);
        Assert.Equal(0.5, g[1, 2].Item(), 1e-15);
        Assert.Equal(1.0, g[0, 2].Item(), 1e-15);
        Assert.Equal(0.5, Autograd.Grad([g[0, 1]], [a])[0]![1, 2].Item(), 1e-15);
    }

    [Fact]
    public void Refusals()
    {
        var nan = Tensor.Full([2, 3, 3], double.NaN, DType.Float64);
        Assert.StartsWith("linalg.eigh: (Batch element 0): The algorithm failed to converge because the input matrix contained non-finite values.",
            Assert.Throws<LinalgException>(() => Linalg.Eigh(nan)).Message, StringComparison.Ordinal);
        Assert.StartsWith("linalg.svd: (Batch element 0): The algorithm failed to converge because the input matrix contained non-finite values.",
            Assert.Throws<LinalgException>(() => Linalg.Svd(nan)).Message, StringComparison.Ordinal);
        Assert.Throws<LinalgException>(() => Linalg.Eigvalsh(Tensor.Full([5, 2, 2], double.PositiveInfinity)));
        Assert.Throws<ShapeException>(() => Linalg.Eigh(Tensor.Zeros([2, 3])));
        Assert.Throws<ShapeException>(() => Linalg.Svd(Tensor.Zeros([2])));
        Assert.Throws<DTypeException>(() => Linalg.Svdvals(Tensor.Zeros([2, 2], DType.Int64)));
        Assert.Throws<DTypeException>(() => Linalg.Eigh(Tensor.Zeros([2, 2], DType.Float16)));
        Assert.StartsWith("Expected UPLO argument to be 'L' or 'U', but got X.",
            Assert.Throws<ArgumentException>(() => Linalg.Eigh(Tensor.Zeros([2, 2]), "X")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Linalg.MatrixNorm(Tensor.Zeros([2, 2]), 3));
        Assert.Throws<ArgumentException>(() => Linalg.MatrixNorm(Tensor.Zeros([2, 2]), "max"));
        Assert.Throws<ShapeException>(() => Linalg.MatrixNorm(Tensor.Zeros([2, 2]), 1, [0, -2]));
        Assert.Throws<ShapeException>(() => Linalg.MatrixNorm(Tensor.Zeros([2]), 1));
        Assert.Throws<ShapeException>(() => Linalg.Norm(Tensor.Zeros([2, 2, 2]), 1));
        Assert.Throws<ShapeException>(() => Linalg.Cond(Tensor.Zeros([2, 3]), 1));
        Assert.Equal(double.PositiveInfinity, Linalg.Cond(Tensor.Zeros([2, 2], DType.Float64), "fro").Item());
    }

    internal static Matrix<double> MathNet(Tensor a) =>
        Matrix<double>.Build.DenseOfRowMajor(a.Shape[0], a.Shape[1], a.Detach().Contiguous().ToArray<double>());

    private static Tensor Shift(int n) =>
        Tensor.FromArray([.. Enumerable.Range(0, n * n).Select(i => (i / n) + 1 == i % n ? 1.0 : 0)], n, n);

    private static Tensor Random(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.FromArray([.. Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => (2 * random.NextDouble()) - 1)], shape);
    }

    private static void Orthogonal(Tensor q, double tolerance)
    {
        var gram = q.T.MatMul(q);
        Assert.InRange(Families.Size(gram - Tensor.Eye(q.Shape[1], dtype: q.DType)), 0, tolerance);
    }

    private static void Near(Tensor expected, Tensor actual, double size, string what)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        Assert.True(Families.Size(expected - actual) <= Tolerance * Math.Max(size, 1e-300), $"{what}: {Families.Size(expected - actual)} of {size}");
    }
}
