namespace Adjoint.Conformance.Operators;

/// <summary>Special functions.</summary>
internal static class Special
{
    public static void Add(OperatorTable table)
    {
        Gamma(table);
        Normal(table);
        Bessel(table);
        Polynomials(table);
    }

    private static void Gamma(OperatorTable table)
    {
        table["lgamma"] = c => c.X.Lgamma();
        table["digamma"] = c => c.X.Digamma();
        for (var n = 0; n < 5; n++)
        {
            // The method has the order behind the input, as Python's.
            table[$"polygamma:polygamma_n_{n}"] = c => c.X.Polygamma(c.Int(0, "n"));
        }

        table["special.polygamma:special_polygamma_n_0"] = c => c.X.Polygamma(c.Int(0, "n"));
        foreach (var p in new[] { 1, 3, 5 })
        {
            table[$"mvlgamma:mvlgamma_p_{p}"] = c => c.X.Mvlgamma(c.Int(0, "p"));
        }

        table["igamma"] = c => c.X.Igamma(c.Tensor(0));
        table["igammac"] = c => c.X.Igammac(c.Tensor(0));
        table["special.zeta"] = c => c.X.Zeta(c.Tensor(0));
    }

    private static void Normal(OperatorTable table)
    {
        table["erfinv"] = c => c.X.ErfInv();
        table["special.erfcx"] = c => c.X.Erfcx();
        table["special.ndtr"] = c => c.X.Ndtr();
        table["special.ndtri"] = c => c.X.Ndtri();
        table["special.log_ndtr"] = c => c.X.LogNdtr();
        table["special.entr"] = c => c.X.Entr();
        table["special.xlog1py"] = c => c.X.Xlog1py(c.Tensor(0));
    }

    private static void Bessel(OperatorTable table)
    {
        table["i0"] = c => c.X.I0();
        table["special.i0e"] = c => c.X.I0e();
        table["special.i1"] = c => c.X.I1();
        table["special.i1e"] = c => c.X.I1e();
        table["special.bessel_j0"] = c => c.X.BesselJ0();
        table["special.bessel_j1"] = c => c.X.BesselJ1();
        table["special.bessel_y0"] = c => c.X.BesselY0();
        table["special.bessel_y1"] = c => c.X.BesselY1();
        table["special.modified_bessel_i0"] = c => c.X.ModifiedBesselI0();
        table["special.modified_bessel_i1"] = c => c.X.ModifiedBesselI1();
        table["special.modified_bessel_k0"] = c => c.X.ModifiedBesselK0();
        table["special.modified_bessel_k1"] = c => c.X.ModifiedBesselK1();
        table["special.scaled_modified_bessel_k0"] = c => c.X.ScaledModifiedBesselK0();
        table["special.scaled_modified_bessel_k1"] = c => c.X.ScaledModifiedBesselK1();
        table["special.spherical_bessel_j0"] = c => c.X.SphericalBesselJ0();
        table["special.airy_ai"] = c => c.X.AiryAi();
    }

    private static void Polynomials(OperatorTable table)
    {
        table["special.chebyshev_polynomial_t"] = c => c.X.ChebyshevPolynomialT(c.Tensor(0, "n"));
        table["special.chebyshev_polynomial_u"] = c => c.X.ChebyshevPolynomialU(c.Tensor(0, "n"));
        table["special.chebyshev_polynomial_v"] = c => c.X.ChebyshevPolynomialV(c.Tensor(0, "n"));
        table["special.chebyshev_polynomial_w"] = c => c.X.ChebyshevPolynomialW(c.Tensor(0, "n"));
        table["special.shifted_chebyshev_polynomial_t"] = c => c.X.ShiftedChebyshevPolynomialT(c.Tensor(0, "n"));
        table["special.shifted_chebyshev_polynomial_u"] = c => c.X.ShiftedChebyshevPolynomialU(c.Tensor(0, "n"));
        table["special.shifted_chebyshev_polynomial_v"] = c => c.X.ShiftedChebyshevPolynomialV(c.Tensor(0, "n"));
        table["special.shifted_chebyshev_polynomial_w"] = c => c.X.ShiftedChebyshevPolynomialW(c.Tensor(0, "n"));
        table["special.hermite_polynomial_h"] = c => c.X.HermitePolynomialH(c.Tensor(0, "n"));
        table["special.hermite_polynomial_he"] = c => c.X.HermitePolynomialHe(c.Tensor(0, "n"));
        table["special.laguerre_polynomial_l"] = c => c.X.LaguerrePolynomialL(c.Tensor(0, "n"));
        table["special.legendre_polynomial_p"] = c => c.X.LegendrePolynomialP(c.Tensor(0, "n"));
    }
}
