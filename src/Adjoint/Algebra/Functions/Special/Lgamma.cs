namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The logarithm of the gamma function's magnitude: (x - 1) (x - 2) times a sum of Chebyshev polynomials from 1 to 3, brought there by the recurrence
/// below 12, Stirling's series above (NIST DLMF 5.11.1), reflection for negative arguments (5.5.3). The error is some units in the last place, and
/// some 1e-16 near its zeros at negative arguments.
/// </summary>
public readonly struct Lgamma : IFunction<Lgamma>
{
    /// <inheritdoc/>
    public static string Name => "lgamma";

    /// <inheritdoc/>
    public static int Weight => 60;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    private static ReadOnlySpan<double> OneToThree =>
    [
        0.44148902545501423, -0.11119580321752523, 0.01951044826068884, -0.003922461463025264, 0.0008478989895953857, -0.00019153855341365593,
        4.454470184975607e-05, -1.0572874373594299e-05, 2.5474336873408417e-06, -6.208535880776316e-07, 1.5268677399071546e-07,
        -3.782637660291326e-08, 9.428100823624284e-09, -2.361999702184645e-09, 5.943541905817546e-10, -1.501312977072867e-10,
        3.8050196458110534e-11, -9.672485299656325e-12, 2.465348198355661e-12, -6.298868140791711e-13, 1.6128460030283787e-13,
        -4.137949206814042e-14, 1.0635701227757898e-14, -2.7382420786652826e-15, 7.060670507214892e-16, -1.8232177141662118e-16,
        4.714169006756272e-17, -1.2204107319639856e-17, 3.163045166179026e-18, -8.206746544166731e-19,
    ];

    /// <summary>B(2k) / (2k (2k - 1)).</summary>
    private static ReadOnlySpan<double> Stirling =>
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (double.IsInfinity(x) || (x <= 0 && Math.Floor(x) == x))
        {
            return double.PositiveInfinity;
        }

        if (x < 0)
        {
            return Math.Log(Math.PI / Math.Abs(Chebyshev.SinPi(x))) - Value(1 - x);
        }

        if (x >= 12)
        {
            return ((x - 0.5) * (Math.Log(x) - 1)) + (0.41893853320467274 + Rest(x));
        }

        if (x < 1)
        {
            return OnePlus(x) - Math.Log(x);
        }

        var factor = 1.0;
        while (x > 3)
        {
            x -= 1;
            factor *= x;
        }

        return factor == 1 ? Near(x) : Near(x) + Math.Log(factor);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Digamma>(x);

    /// <summary>What Stirling's formula leaves out, from 10 on: the sum of B(2k) / (2k (2k - 1) x^(2k - 1)).</summary>
    public static double Rest(double x)
    {
        var z = 1 / (x * x);
        var sum = 0.0;
        for (var k = Stirling.Length - 1; k >= 0; k--)
        {
            sum = Math.FusedMultiplyAdd(sum, z, Stirling[k]);
        }

        return sum / x;
    }

    /// <summary>The value of 1 + x for |x| up to 1, with the digits that the sum would lose.</summary>
    internal static double OnePlus(double x) => x * (x - 1) * Chebyshev.Sum(OneToThree, x - 1);

    private static double Near(double x) => (x - 1) * (x - 2) * Chebyshev.Sum(OneToThree, x - 2);
}
