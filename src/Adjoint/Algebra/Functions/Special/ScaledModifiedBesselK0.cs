namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the second kind and order 0 times e^x: logarithm and Chebyshev polynomials in x^2 up to 1 (NIST DLMF 10.31),
/// polynomials in 1 / x divided by the root of x above (10.40.2).
/// </summary>
public readonly struct ScaledModifiedBesselK0 : IFunction<ScaledModifiedBesselK0>
{
    /// <inheritdoc/>
    public static string Name => "k0e";

    /// <inheritdoc/>
    public static int Weight => 60;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    private static ReadOnlySpan<double> UpTo1 =>
    [
        -0.5187874901197932, 0.06031736872970144, 0.0019067979200040291, 1.7685826734608484e-05, 8.208545937766009e-08, 2.312054621357364e-10,
        4.3900929016729766e-13, 6.010978195837249e-16, 6.221790026726996e-19,
    ];

    private static ReadOnlySpan<double> From1 =>
    [
        1.1944330762167386, -0.053855323307629495, 0.004362000068251702, -0.0005521270349863234, 8.959565555755952e-05, -1.7138726856421186e-05,
        3.695146089045472e-06, -8.737284518980525e-07, 2.225046272255236e-07, -6.025216756376064e-08, 1.7186668629418083e-08,
        -5.1272057810909205e-09, 1.5907351467912106e-09, -5.10958325791419e-10, 1.6929517419961088e-10, -5.7683063818637606e-11,
        2.0159542597761383e-11, -7.210940065346495e-12, 2.6349075982806445e-12, -9.819576891759296e-13, 3.72695818784577e-13,
        -1.4388149744180521e-13, 5.6436532735816866e-14, -2.2469288334596896e-14, 9.072046991627365e-15, -3.711589997838162e-15,
        1.537582290719742e-15, -6.445464362724762e-16, 2.7324144482527955e-16, -1.1707837700385628e-16, 5.067869397943657e-17,
        -2.215087912714289e-17, 9.77208135793031e-18, -4.349519763540327e-18, 1.9525118377031567e-18,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (!(x > 0))
        {
            return x == 0 ? double.PositiveInfinity : double.NaN;
        }

        return x <= 1 ? Near(x) * Math.Exp(x) : Chebyshev.Sum(From1, (2 / x) - 1) / Math.Sqrt(x);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => y - V.Call<ScaledModifiedBesselK1>(x);

    /// <summary>K0(x) itself up to 1.</summary>
    internal static double Near(double x) => Chebyshev.Sum(UpTo1, (2 * x * x) - 1) - (Math.Log(0.5 * x) * I0.Value(x));
}
