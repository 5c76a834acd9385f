namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The inverse of w e^w for w from -1 on, the principal branch of Lambert's W function (R. Corless and others, 1996): Newton's method on w - x e^-w
/// below e, and F. Fritsch's fourth order step on log(x / w) - w above. NaN below -1/e.
/// </summary>
public readonly struct LambertW : IFunction<LambertW>
{
    /// <inheritdoc/>
    public static string Name => "lambert_w";

    /// <inheritdoc/>
    public static int Weight => 150;

    /// <inheritdoc/>
    public static Domain Domain => new(-0.3, 4);

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (x == 0 || double.IsPositiveInfinity(x) || double.IsNaN(x))
        {
            return x;
        }

        if (x > Math.E)
        {
            var log = Math.Log(x);
            var w = log - Math.Log(log);
            for (var step = 0; step < 3; step++)
            {
                var z = Math.Log(x / w) - w;
                var q = 2 * (1 + w) * (1 + w + (2 * z / 3));
                w *= 1 + (z / (1 + w) * ((q - z) / (q - (2 * z))));
            }

            return w;
        }

        // e x + 1 with the digits of e that a float64 lacks: what is left near -1/e decides.
        var rest = Math.FusedMultiplyAdd(Math.E, x, 1) + (1.4456468917292502e-16 * x);
        if (rest <= 0)
        {
            return rest > -1e-16 ? -1 : double.NaN;
        }

        return Below(x, rest);
    }

    /// <summary>e^-w / (1 + w), which is 1 at 0.</summary>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Exp>(-y) / (V.One + y);

    private static double Below(double x, double rest)
    {
        if (rest < 1e-4)
        {
            var p = Math.Sqrt(2 * rest);
            return -1 + (p * (1 + (p * ((-1.0 / 3) + (p * ((11.0 / 72) + (p * ((-43.0 / 540) + (p * (769.0 / 17280))))))))));
        }

        var w = x;
        if (x < -0.2)
        {
            var p = Math.Sqrt(2 * rest);
            w = -1 + (p * (1 + (p * ((-1.0 / 3) + (p * (11.0 / 72))))));
        }
        else
        {
            var log = Log1p.Value(x);
            w = log * (1 - (Log1p.Value(log) / (2 + log)));
        }

        for (var step = 0; step < 5; step++)
        {
            var grown = x * Math.Exp(-w);
            w -= (w - grown) / (1 + grown);
        }

        return w;
    }
}
