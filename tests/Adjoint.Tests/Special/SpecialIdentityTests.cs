namespace Adjoint.Tests.Special;

/// <summary>
/// What special functions satisfy: recurrences, Wronskians, differential equations and limits (NIST Digital Library of Mathematical Functions).
/// </summary>
public class SpecialIdentityTests
{
    private static readonly Tensor X = Tensor.FromArray([0.125, 0.75, 1.0, 1.9, 2.1, 4.4, 7.9, 8.25, 15.5, 60.0]);

    /// <summary>DLMF 10.5.2: J1 Y0 - J0 Y1 = 2 / (pi x).</summary>
    [Fact]
    public void TheWronskianOfBesselFunctions() =>
        Near(2 / (Math.PI * X), (X.BesselJ1() * X.BesselY0()) - (X.BesselJ0() * X.BesselY1()));

    /// <summary>DLMF 10.28.2: I0 K1 + I1 K0 = 1 / x.</summary>
    [Fact]
    public void TheWronskianOfModifiedBesselFunctions()
    {
        Near(1 / X, (X.I0() * X.ModifiedBesselK1()) + (X.I1() * X.ModifiedBesselK0()));
        Near(1 / X, (X.I0e() * X.ScaledModifiedBesselK1()) + (X.I1e() * X.ScaledModifiedBesselK0()));
    }

    /// <summary>DLMF 9.2.7: Ai Bi' - Ai' Bi = 1 / pi.</summary>
    [Fact]
    public void TheWronskianOfAiryFunctions()
    {
        foreach (var x in new[] { -X, Tensor.FromArray([0.0, 0.5, 2.9, 3.1, 7.9, 8.1, 12]) })
        {
            Near(Tensor.FullLike(x, 1 / Math.PI), (x.AiryAi() * x.AiryBiPrime()) - (x.AiryAiPrime() * x.AiryBi()), 1e-13);
        }
    }

    /// <summary>x^2 y'' + x y' + (x^2 - n^2) y = 0, with the library's derivatives.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void BesselsEquation(int n)
    {
        var x = X.Clone().RequiresGrad_();
        var y = x.BesselJ(n);
        var first = Autograd.Grad([y.Sum()], [x], createGraph: true)[0]!;
        var second = Autograd.Grad([first.Sum()], [x])[0]!;
        var rest = (X * X * second) + (X * first) + (((X * X) - (n * n)) * y);
        Near(Tensor.ZerosLike(X), rest.Detach() / (1 + (X * X)), 1e-12);
    }

    /// <summary>DLMF 5.5.1, 5.5.5: the recurrence and the duplication formula of the gamma function.</summary>
    [Fact]
    public void TheGammaFunction()
    {
        Near((X + 1).Lgamma(), X.Lgamma() + X.Log());
        Near((2 * X).Lgamma(), X.Lgamma() + (X + 0.5).Lgamma() + (((2 * X) - 1) * Math.Log(2)) - (0.5 * Math.Log(Math.PI)));
        Near((X + 1).Digamma(), X.Digamma() + (1 / X));
        Near((X + 1).Polygamma(2), X.Polygamma(2) + (2 / X.Pow(3)), 1e-11);
    }

    /// <summary>DLMF 25.11.3, 25.6.1, and the sum over i of zeta(i + 2) - 1, which is 1.</summary>
    [Fact]
    public void TheZetaFunction()
    {
        var s = Tensor.FromArray([1.5, 2, 3.25, 7]).Unsqueeze(1);
        Near(s.Zeta(X), X.Pow(-s) + s.Zeta(X + 1));
        Assert.Equal(Math.PI * Math.PI / 6, Tensor.Scalar(2.0).Zeta(1).Item(), 1e-15);
        var orders = Tensor.Arange(2.0, 60).To(DType.Float64);
        Assert.Equal(1, orders.Zeta(2).Sum().Item(), 1e-14);
    }

    /// <summary>DLMF 8.4.8: for whole a the upper incomplete gamma function is a Poisson distribution.</summary>
    [Fact]
    public void IncompleteGammaFunctions()
    {
        var sum = Tensor.ZerosLike(X);
        var term = (-X).Exp();
        for (var k = 0; k < 5; k++)
        {
            sum += term;
            term = term * X / (k + 1);
        }

        Near(sum, ((Tensor)5.0).Igammac(X), 1e-13);
        Near(1 - sum, ((Tensor)5.0).Igamma(X), 1e-13);

        // Where large a makes all formulas uncertain they still add up, and the median lies near a - 1 / 3 + 8 / (405 a) (DLMF 8.12(iv)).
        foreach (var a in new[] { 1e3, 1e5, 9e6, 2e7, 1e12 })
        {
            Assert.Equal(0.5, Tensor.Scalar(a).Igamma(Tensor.Scalar(a - (1.0 / 3) + (8 / (405 * a)))).Item(), 1e-8);
            Assert.Equal(1, (Tensor.Scalar(a).Igamma(Tensor.Scalar(a * 1.0001)) + Tensor.Scalar(a).Igammac(Tensor.Scalar(a * 1.0001))).Item(), 1e-12);
        }
    }

    /// <summary>DLMF 18.9.19 and 18.9.25: derivatives of polynomials are polynomials of lower degree.</summary>
    [Fact]
    public void DerivativesOfPolynomials()
    {
        var x = Tensor.FromArray([-1.5, -1, -0.75, 0, 0.25, 1, 1.25]).RequiresGrad_();
        Slope(n => n * x.ChebyshevPolynomialU(n - 1), x, n => x.ChebyshevPolynomialT(n));
        Slope(n => 2 * n * x.ShiftedChebyshevPolynomialU(n - 1), x, n => x.ShiftedChebyshevPolynomialT(n));
        Slope(n => 2 * n * x.HermitePolynomialH(n - 1), x, n => x.HermitePolynomialH(n));
        Slope(n => n * x.HermitePolynomialHe(n - 1), x, n => x.HermitePolynomialHe(n));

        // (2 n + 1) P(n) = P'(n + 1) - P'(n - 1), and L'(n) = L'(n - 1) - L(n - 1).
        Slope(n => ((2 * n) + 1) * x.LegendrePolynomialP(n), x, n => x.LegendrePolynomialP(n + 1) - x.LegendrePolynomialP(n - 1));
        Slope(n => -x.LaguerrePolynomialL(n - 1), x, n => x.LaguerrePolynomialL(n) - x.LaguerrePolynomialL(n - 1));

        // V(n) = T's neighbours: (1 + x) V(n) = T(n) + T(n + 1), (1 - x) W(n) = T(n) - T(n + 1).
        Slope(
            n => Autograd.Grad([(x.ChebyshevPolynomialT(n) + x.ChebyshevPolynomialT(n + 1)).Sum()], [x])[0]!,
            x,
            n => (1 + x) * x.ChebyshevPolynomialV(n));
        Slope(
            n => Autograd.Grad([(x.ChebyshevPolynomialT(n) - x.ChebyshevPolynomialT(n + 1)).Sum()], [x])[0]!,
            x,
            n => (1 - x) * x.ChebyshevPolynomialW(n));
    }

    /// <summary>Large degrees have closed forms, DLMF 18.5.1; a negative degree is 0, a broken one counts as far as it is whole.</summary>
    [Fact]
    public void DegreesOfPolynomials()
    {
        var x = Tensor.FromArray([-0.9, 0.3, 0.99]);
        Near((1e6 * Tensor.FromArray(Array.ConvertAll(x.ToArray<double>(), Math.Acos))).Cos(), x.ChebyshevPolynomialT(1e6), 1e-9);
        Near(x.ChebyshevPolynomialT(64), (2 * x.ChebyshevPolynomialT(32).Square()) - 1, 1e-12);
        Near(x.ChebyshevPolynomialT(65), (2 * x * x.ChebyshevPolynomialT(64)) - x.ChebyshevPolynomialT(63), 1e-12);
        Assert.Equal([0, 0, 0], x.LegendrePolynomialP(-1).ToArray<double>());
        Assert.Equal(x.LegendrePolynomialP(3).ToArray<double>(), x.LegendrePolynomialP(3.75).ToArray<double>());
        Assert.All(x.HermitePolynomialH(double.NaN).ToArray<double>(), value => Assert.True(double.IsNaN(value)));
        Assert.All(x.LaguerrePolynomialL(1e300).ToArray<double>(), value => Assert.True(double.IsNaN(value)));
    }

    /// <summary>DLMF 19.7.1, Legendre's relation: E K' + E' K - K K' = pi / 2.</summary>
    [Fact]
    public void EllipticIntegrals()
    {
        var m = Tensor.FromArray([0.01, 0.3, 0.5, 0.97]);
        var (k, e, otherK, otherE) = (m.EllipticK(), m.EllipticE(), (1 - m).EllipticK(), (1 - m).EllipticE());
        Near(Tensor.FullLike(m, Math.PI / 2), (e * otherK) + (otherE * k) - (k * otherK), 1e-14);
    }

    [Fact]
    public void InversesUndo()
    {
        var p = Tensor.FromArray([1e-12, 1e-3, 0.2, 0.25, 0.5, 0.7, 0.75, 0.99]);
        Near(p, p.Ndtri().Ndtr(), 1e-14);
        Near(p, p.ErfInv().Erf(), 1e-14);
        Near(p, (p.LambertW() * p.LambertW().Exp()), 1e-14);
        Near(p.Log(), p.Ndtri().LogNdtr(), 1e-14);
    }

    /// <summary>Poles, ends and what is not defined, as PyTorch has it.</summary>
    [Fact]
    public void Edges()
    {
        const double inf = double.PositiveInfinity, nan = double.NaN;
        Same([inf, inf, inf, inf, inf, nan], [0, -1, -5, inf, -inf, nan], x => x.Lgamma());
        Same([-inf, inf, nan, inf, nan], [0, -0.0, -3, inf, nan], x => x.Digamma());
        Same([inf, inf, inf], [0, -1, -7], x => x.Polygamma(1));
        Same([inf, -inf, nan, nan], [1, -1, 1.5, nan], x => x.ErfInv());
        Same([-inf, inf, nan, nan], [0, 1, -0.5, 2], x => x.Ndtri());
        Same([0, inf, nan], [inf, -inf, nan], x => x.Erfcx());
        Same([0, -inf, nan], [inf, -inf, nan], x => x.LogNdtr());
        Same([0, -inf, -inf, nan], [0, -0.5, inf, nan], x => x.Entr());
        Same([inf, inf, nan], [inf, -inf, nan], x => x.I0());
        Same([-inf, nan, 0], [0, -1, inf], x => x.BesselY0());
        Same([inf, nan, 0], [0, -1, inf], x => x.ModifiedBesselK1());
        Same([0, 0, nan], [inf, -inf, nan], x => x.BesselJ1());
        Same([0, -1, inf, nan], [0, -1 / Math.E, inf, -1], x => x.LambertW());
        Same([inf, nan, 0], [1, 0.5, inf], x => x.Zeta(2));
        Same([inf, nan], [-2, -2.5], x => ((Tensor)2.5).Zeta(x));
        Same([nan, 1, nan, nan], [0, 1, -1, nan], x => ((Tensor)0.0).Igamma(x));
        Same([0, 1], [0, inf], x => ((Tensor)2.0).Igamma(x));
        Same([0, 0], [200, inf], x => x.AiryAi());
        Same([1, 0], [0, inf], x => ((Tensor)2.0).Igammac(x));
        Same([0, 0, nan, nan], [0, 0, 0, 1], [1, -2, nan, -2], (x, y) => x.Xlog1py(y));
    }

    [Fact]
    public void WhatIsRefused()
    {
        var order = Assert.Throws<TensorException>(() => X.Polygamma(-1));
        Assert.StartsWith("polygamma(n, x) does not support negative n.", order.Message, StringComparison.Ordinal);
        var dimensions = Assert.Throws<TensorException>(() => X.Mvlgamma(0));
        Assert.StartsWith("p has to be greater than or equal to 1", dimensions.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => X.Zeta(Tensor.Ones(3)));
        Assert.Throws<ArgumentNullException>(() => X.Igamma(null!));
        Assert.Throws<ArgumentNullException>(() => X.LegendrePolynomialP(null!));
    }

    [Fact]
    public void OtherDTypes()
    {
        Assert.Equal(DType.Float32, Tensor.FromArray([1L, 2]).Lgamma().DType);
        Assert.Equal(DType.Float32, Tensor.FromArray([1L, 2]).ChebyshevPolynomialT(Tensor.FromArray([1L, 2])).DType);
        Assert.Equal(DType.BFloat16, X.To(DType.BFloat16).Zeta(2).DType);
        Assert.Equal(DType.Float32, X.To(DType.Float32).Igamma(2.5).DType);
        Assert.Equal(0, Tensor.Zeros(0).Igamma(2.5).Count);
    }

    private static void Slope(Func<int, Tensor> expected, Tensor x, Func<int, Tensor> f)
    {
        foreach (var n in new[] { 1, 2, 3, 7 })
        {
            Near(expected(n).Detach(), Autograd.Grad([f(n).Sum()], [x])[0]!, 1e-12);
        }
    }

    private static void Same(double[] expected, double[] x, Func<Tensor, Tensor> f) =>
        Assert.Equal(expected, f(Tensor.FromArray(x)).ToArray<double>());

    private static void Same(double[] expected, double[] x, double[] y, Func<Tensor, Tensor, Tensor> f) =>
        Assert.Equal(expected, f(Tensor.FromArray(x), Tensor.FromArray(y)).ToArray<double>());

    private static void Near(Tensor expected, Tensor actual, double tolerance = 1e-13) => Assert.Equal(
        expected.ToArray<double>(), actual.Detach().ToArray<double>(), (a, b) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)));
}
