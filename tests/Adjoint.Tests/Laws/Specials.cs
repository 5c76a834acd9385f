using Adjoint.Algebra;
using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>Special functions with parameters, for <see cref="Instances"/>, and with arguments, for <see cref="Samples"/>.</summary>
internal static class Specials
{
    public static IEnumerable<Instance> Parameters() =>
    [
        .. Orders<Polygamma>(),
        .. Orders<BesselJ>(),
        .. Orders<ScaledBesselI>(),
        .. Orders<SphericalBesselJ>(),
        Instance.Of(typeof(Mvlgamma), [1]),
        Instance.Of(typeof(Mvlgamma), [4]),
    ];

    public static IEnumerable<Call> Calls() =>
    [
        Two("x.Zeta(y)", new(1.3, 5), new(0.4, 3), (x, y) => x.Zeta(y)),
        Two("x.Igamma(y)", new(0.4, 4), new(0.3, 5), (x, y) => x.Igamma(y)),
        Two("x.Igammac(y)", new(0.4, 4), new(0.3, 5), (x, y) => x.Igammac(y)),
        new(
            "x.BetaInc(y, z)",
            draw => new(
                x => x[0].BetaInc(x[1], x[2]), draw.Tensor([2, 3], new(0.4, 4)), draw.Tensor([3], new(0.5, 4)), draw.Tensor([2, 1], new(0.1, 0.9))),
            IsLoose: true),
        Two("x.BetaLn(y)", new(0.4, 4), new(0.5, 12), (x, y) => x.BetaLn(y)),
        Of("x.EllipticK()", new(-2, 0.8), x => x.EllipticK()),
        Of("x.EllipticE()", new(-2, 0.8), x => x.EllipticE()),
        Of("x.ChebyshevPolynomialT(4)", new(-1.2, 1.2), x => x.ChebyshevPolynomialT(4)),
        Of("x.ChebyshevPolynomialU(3)", new(-1.2, 1.2), x => x.ChebyshevPolynomialU(3)),
        Of("x.ChebyshevPolynomialV(2)", new(-1.2, 1.2), x => x.ChebyshevPolynomialV(2)),
        Of("x.ChebyshevPolynomialW(3)", new(-1.2, 1.2), x => x.ChebyshevPolynomialW(3)),
        Of("x.ShiftedChebyshevPolynomialT(3)", new(-0.2, 1.2), x => x.ShiftedChebyshevPolynomialT(3)),
        Of("x.HermitePolynomialH(4)", new(-2, 2), x => x.HermitePolynomialH(4)),
        Of("x.HermitePolynomialHe(3)", new(-2, 2), x => x.HermitePolynomialHe(3)),
        Of("x.LaguerrePolynomialL(3)", new(-1, 4), x => x.LaguerrePolynomialL(3)),
        Of("x.LegendrePolynomialP(n)", new(-1.2, 1.2), x => x.LegendrePolynomialP(Tensor.FromArray([0L, 1, 3, 4]))),
        Of("x.Polygamma(1)", Domain.Positive, x => x.Polygamma(1)),
        Of("x.BesselJ(3)", Domain.Real, x => x.BesselJ(3)),
        Drawn("a quantile of a gamma distribution", new(0.5, 4), (x, u) => ScalarCall.Again(new StandardGamma(IsQuantile: true), x, u)),
        Drawn("a Poisson number", new(0.5, 4), (x, u) => ScalarCall.Again(default(Poisson), x, (u > 0.5).To(DType.Float64))),
        Drawn(
            "a binomial number",
            new(0.1, 0.9),
            (x, u) => ScalarCall.Again(default(Binomial), Tensor.FullLike(x, 3), x, (u > 0.5).To(DType.Float64))),
    ];

    /// <summary>Where a method is defined whose operator has no domains of its own.</summary>
    public static IReadOnlyList<Domain>? DomainsOf(string method) => method switch
    {
        nameof(Tensor.Binomial) => [new(30, 60), new(0.3, 0.7)],
        nameof(Tensor.Bernoulli) => [new(0.1, 0.9), new(0.1, 0.9)],
        nameof(Tensor.Zeta) => [new(1.3, 5), new(0.4, 3)],
        _ => null,
    };

    /// <summary>A function of a number and an order.</summary>
    private static IEnumerable<Instance> Orders<F>()
        where F : struct, IFunction2<F> =>
    [
        Instance.Of(typeof(MapToConstant<F>), [0]),
        Instance.Of(typeof(MapToConstant<F>), [1]),
        Instance.Of(typeof(MapToConstant<F>), [3]),
    ];

    private static Call Of(string name, Domain domain, Func<Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor([3, 4], domain)), IsLoose: true);

    /// <summary>A function of parameters and of random numbers, which stay the same.</summary>
    private static Call Drawn(string name, Domain domain, Func<Tensor, Tensor, Tensor> run) => new(
        name,
        draw =>
        {
            var u = draw.Tensor([3, 4], new Domain(0.1, 0.9));
            return new(x => run(x[0], u), draw.Tensor([3, 4], domain));
        },
        IsLoose: true);

    private static Call Two(string name, Domain left, Domain right, Func<Tensor, Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0], x[1]), draw.Tensor([2, 3], left), draw.Tensor([3], right)), IsLoose: true);
}
