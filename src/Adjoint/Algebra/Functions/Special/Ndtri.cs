namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The quantile of the standard normal distribution: from the inverse error function in the middle; outside, the logarithm of the distribution
/// function is inverted by Halley's method from a start within 0.003 (Abramowitz and Stegun, 26.2.22).
/// </summary>
public readonly struct Ndtri : IFunction<Ndtri>
{
    /// <inheritdoc/>
    public static string Name => "ndtri";

    /// <inheritdoc/>
    public static string NodeName => "SpecialNdtriBackward0";

    /// <inheritdoc/>
    public static int Weight => 200;

    /// <inheritdoc/>
    public static Domain Domain => new(0.02, 0.98);

    /// <inheritdoc/>
    public static double Value(double x) => x switch
    {
        0 => double.NegativeInfinity,
        1 => double.PositiveInfinity,
        > 0 and < 0.25 => Tail(x),
        > 0.75 and < 1 => -Tail(1 - x),
        >= 0.25 and <= 0.75 => 1.4142135623730951 * ErfInv.Near((2 * x) - 1),
        _ => double.NaN,
    };

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(2.5066282746310002) * V.Call<Exp>(y * y * V.Of(0.5));

    /// <summary>The quantile of at most 1/4.</summary>
    internal static double Tail(double p)
    {
        var target = Math.Log(p);
        var t = Math.Sqrt(-2 * target);
        var y = ((2.30753 + (0.27061 * t)) / (1 + (t * (0.99229 + (0.04481 * t))))) - t;
        for (var step = 0; step < 3; step++)
        {
            var scaled = Erfcx.Value(-y * Ndtr.RootHalf);
            var slope = 0.79788456080286536 / scaled;
            var off = (Math.Log(0.5 * scaled) - (0.5 * y * y) - target) / slope;
            y -= off / (1 + (0.5 * off * (y + slope)));
        }

        return y;
    }
}
