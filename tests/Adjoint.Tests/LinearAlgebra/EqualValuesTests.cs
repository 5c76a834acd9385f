namespace Adjoint.Tests.LinearAlgebra;

/// <summary>Derivatives where eigenvalues or singular values are equal, against closed forms, and refusals where there are none.</summary>
public class EqualValuesTests
{
    /// <summary>
    /// The gradient of the logarithm of the determinant is the inverse, and its second derivative along E and F is -tr(A^-1 E A^-1 F).
    /// </summary>
    [Fact]
    public void FunctionsOfEigenvalues()
    {
        var a = (2 * Tensor.Eye(3, dtype: DType.Float64)).RequiresGrad_();
        var e = Symmetric(1);
        var first = Autograd.Grad([Linalg.Eigvalsh(a).Log().Sum()], [a], createGraph: true)[0]!;
        Near(Tensor.Eye(3, dtype: DType.Float64) / 2, first);
        var second = Autograd.Grad([(first * e).Sum()], [a])[0]!;
        Near(-e / 4, second);
    }

    /// <summary>
    /// A function h of a multiple l of the identity has the gradient h'(l) G for the loss tr(G h(A)), whatever eigenvectors are chosen.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void FunctionsOfMatrices(int batch)
    {
        var a = (4 * Tensor.Eye(3, dtype: DType.Float64)).Expand(batch, 3, 3).Clone().RequiresGrad_();
        var g = Symmetric(2);
        (g * Function(a, l => l.Sqrt())).Sum().Backward();
        Near((g / 4).Expand(batch, 3, 3), a.Grad!);

        // All elements of G are equal, so that gradients of eigenvalues are.
        a.Grad = null;
        Function(a, l => l.Sqrt()).Sum().Backward();
        Near(Tensor.Full([batch, 3, 3], 0.25, DType.Float64), a.Grad!);
    }

    /// <summary>The same where two of three are equal, against differences of a function of the matrix that needs no eigenvectors.</summary>
    [Fact]
    public void FunctionsOfMatricesWithAPair()
    {
        var g = Symmetric(3);
        var a = Pair().RequiresGrad_();
        (g * Function(a, l => l.Exp())).Sum().Backward();
        var other = Pair().RequiresGrad_();
        (g * other.MatrixExp()).Sum().Backward();
        Near(other.Grad!, a.Grad!, 1e-9);
    }

    /// <summary>A space of eigenvectors: with P the projector, dP is the sum of P dA P' / gap and its transpose.</summary>
    [Fact]
    public void SpacesOfEigenvectors()
    {
        var g = Symmetric(4);
        var a = Tensor.FromArray(new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 5 }, 3, 3).RequiresGrad_();
        var v = Linalg.Eigh(a).Eigenvectors.Narrow(-1, 0, 2);
        (g * v.MatMul(v.T)).Sum().Backward();
        double G(int i, int j) => g[i, j].Item();
        Near(Tensor.FromArray(new[] { 0, 0, -G(0, 2) / 4, 0, 0, -G(1, 2) / 4, -G(0, 2) / 4, -G(1, 2) / 4, 0 }, 3, 3), a.Grad!);

        // And a part that depends on eigenvalues alone.
        a.Grad = null;
        var (values, vectors) = Linalg.Eigh(a);
        v = vectors.Narrow(-1, 0, 2);
        ((g * v.MatMul(v.T)).Sum() + values[2] + values.Sum()).Backward();
        Near(Tensor.FromArray(new[] { 1, 0, -G(0, 2) / 4, 0, 1, -G(1, 2) / 4, -G(0, 2) / 4, -G(1, 2) / 4, 2 }, 3, 3), a.Grad!);
    }

    [Fact]
    public void WhatDependsOnTheChoiceOfEigenvectorsIsRefused()
    {
        var a = Tensor.Eye(3, dtype: DType.Float64).RequiresGrad_();
        var loss = (Linalg.Eigh(a).Eigenvectors * Tensor.FromArray([.. Enumerable.Range(0, 9).Select(i => Math.Cos(i))], 3, 3)).Sum();
        Assert.StartsWith(
            "linalg_eigh_backward: The eigenvectors of equal eigenvalues are specified up to a rotation.",
            Assert.Throws<AutogradException>(() => loss.Backward()).Message, StringComparison.Ordinal);

        // The loss of two functions of A: which share each has is not known.
        var g = Symmetric(6);
        var (values, vectors) = Linalg.Eigh(a);
        Tensor Of(Func<Tensor, Tensor> h) => (vectors * h(values)).MatMul(vectors.T);
        loss = (g * Of(l => l.Exp())).Sum() + (Symmetric(7) * Of(l => l.Square())).Sum();
        Assert.StartsWith(
            "linalg_eigh_backward: Eigenvalues are equal, and the gradients of the eigenvalues and eigenvectors do not determine that of the matrix.",
            Assert.Throws<AutogradException>(() => loss.Backward()).Message, StringComparison.Ordinal);

        // Which member of a batch it is.
        var batch = Tensor.Stack([Pair() + (0.1 * Symmetric(8)), Tensor.Eye(3, dtype: DType.Float64)]).RequiresGrad_();
        loss = (Linalg.Eigh(batch).Eigenvectors * Symmetric(9).Narrow(0, 0, 1)).Sum();
        Assert.EndsWith("This is batch element 1.", Assert.Throws<AutogradException>(() => loss.Backward()).Message, StringComparison.Ordinal);
    }

    /// <summary>A direction that makes equal eigenvalues differ turns their eigenvectors at once.</summary>
    [Fact]
    public void ForwardMode()
    {
        var a = Tensor.Eye(3, dtype: DType.Float64);
        Assert.StartsWith("linalg_eigh_jvp", Assert.Throws<AutogradException>(
            () => Transform.Jvp(x => Linalg.Eigh(x).Eigenvectors, a, Symmetric(1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("svd_jvp", Assert.Throws<AutogradException>(
            () => Transform.Jvp(x => Linalg.Svd(x).U, a, Symmetric(1))).Message, StringComparison.Ordinal);
        var direction = Tensor.Eye(3, dtype: DType.Float64) * 3;
        Near(Tensor.Full([3], 3.0, DType.Float64), Transform.Jvp(x => Linalg.Eigh(x).Eigenvalues, a, direction).Tangent);
        Near(Tensor.Zeros([3, 3], DType.Float64), Transform.Jvp(x => Linalg.Eigh(x).Eigenvectors, a, direction).Tangent);
    }

    /// <summary>The orthogonal factor of A: at an orthogonal matrix Q its derivative along E is Q times the skew part of Q'E.</summary>
    [Fact]
    public void OrthogonalFactors()
    {
        var q = Linalg.Qr(Symmetric(1) + Symmetric(2).MatMul(Symmetric(3))).Q;
        var g = Symmetric(4);
        var a = q.Detach().RequiresGrad_();
        var (u, _, vh) = Linalg.Svd(a, fullMatrices: false);
        (g * u.MatMul(vh)).Sum().Backward();
        var seen = q.T.MatMul(g);
        Near(q.MatMul(seen - seen.T) / 2, a.Grad!);

        // The sum of singular values has Q as its gradient there, and a function of A that keeps its vectors is one of A.
        a.Grad = null;
        Linalg.MatrixNorm(a, "nuc").Backward();
        Near(q, a.Grad!);
        a.Grad = null;
        (u, var s, vh) = Linalg.Svd(a);
        (g * (u * s).MatMul(vh)).Sum().Backward();
        Near(g, a.Grad!);
    }

    /// <summary>Of a matrix of rank 1 the first singular vectors have a derivative; those of zero are chosen by nobody.</summary>
    [Fact]
    public void ZeroSingularValues()
    {
        var x = Tensor.FromArray(new double[] { 1, 2, 2 }, 3, 1);
        var y = Tensor.FromArray(new double[] { 3, 4 }, 1, 2);
        var g = Tensor.FromArray(new double[] { 1, -1, 0.5, 2, 0.3, 0.7 }, 3, 2);
        var a = x.MatMul(y).RequiresGrad_();
        var (u, s, vh) = Linalg.Svd(a, fullMatrices: false);
        (g * (u.Narrow(1, 0, 1) * s[0].Sqrt()).MatMul(vh.Narrow(0, 0, 1))).Sum().Backward();
        var numeric = Differences(b =>
        {
            var (p, t, q) = Linalg.Svd(b, fullMatrices: false);
            return (g * (p.Narrow(1, 0, 1) * t[0].Sqrt()).MatMul(q.Narrow(0, 0, 1))).Sum();
        }, a);
        Near(numeric, a.Grad!, 1e-6);
        a.Grad = null;
        (u, _, _) = Linalg.Svd(a, fullMatrices: false);
        Assert.StartsWith(
            "svd_backward: The singular vectors of equal singular values are specified up to a rotation.",
            Assert.Throws<AutogradException>(() => (g * u).Sum().Backward()).Message, StringComparison.Ordinal);
        (u, s, vh) = Linalg.Svd(a, fullMatrices: false);
        Assert.StartsWith(
            "svd_backward: Singular values are equal or zero",
            Assert.Throws<AutogradException>(() => (g * (u * s).MatMul(vh)).Sum().Backward()).Message, StringComparison.Ordinal);
        a.Grad = null;
        Linalg.Svdvals(a).Sum().Backward();
        Assert.All(a.Grad!.ToArray<double>(), value => Assert.True(double.IsFinite(value)));
    }

    /// <summary>Vectors beyond the singular values: their space has a derivative, and their choice has none.</summary>
    [Fact]
    public void VectorsBeyond()
    {
        var a = Tensor.FromArray(new double[] { 2, 0.3, 0.1, 1, -0.5, 0.7, 0.4, 0.2 }, 4, 2).RequiresGrad_();
        var g = Symmetric(5, 4);
        Tensor Loss(Tensor b) => Linalg.Svd(b).U.Narrow(1, 2, 2) is var beyond ? (g * beyond.MatMul(beyond.T)).Sum() : b;
        Loss(a).Backward();
        Near(Differences(Loss, a), a.Grad!, 1e-6);
        Assert.StartsWith(
            "svd_backward: The singular vectors beyond the singular values are specified up to a rotation.",
            Assert.Throws<AutogradException>(() => (g * Linalg.Svd(a).U).Sum().Backward()).Message, StringComparison.Ordinal);
    }

    private static Tensor Function(Tensor a, Func<Tensor, Tensor> h) =>
        Linalg.Eigh(a) is var (values, vectors) ? (vectors * h(values).Unsqueeze(-2)).MatMul(vectors.Transpose(-2, -1)) : a;

    /// <summary>Eigenvalues 1, 1, 2 along directions that are no axes.</summary>
    private static Tensor Pair()
    {
        var u = Tensor.FromArray(new double[] { 1, 2, 2 }, 3, 1) / 3;
        return Tensor.Eye(3, dtype: DType.Float64) + u.MatMul(u.T);
    }

    private static Tensor Symmetric(int seed, int n = 3)
    {
        var random = new Random(seed);
        var x = Tensor.FromArray([.. Enumerable.Range(0, n * n).Select(_ => (2 * random.NextDouble()) - 1)], n, n);
        return x + x.T;
    }

    private static Tensor Differences(Func<Tensor, Tensor> f, Tensor at)
    {
        const double step = 1e-5;
        var point = at.Detach().ToArray<double>();
        var result = new double[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            double At(double move)
            {
                double[] moved = [.. point];
                moved[i] += move;
                return f(Tensor.FromArray(moved, at.Shape.ToArray())).Item();
            }

            result[i] = (At(step) - At(-step)) / (2 * step);
        }

        return Tensor.FromArray(result, at.Shape.ToArray());
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        Assert.True(Families.Size(expected - actual) <= tolerance, $"{actual}\ninstead of\n{expected}");
    }
}
