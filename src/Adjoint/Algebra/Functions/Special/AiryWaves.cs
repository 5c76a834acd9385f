namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// Airy functions of large negative arguments: Ai(-x) = (P cos(z') + Q sin(z')) / (root(pi) x^(1/4)) where z' is 2/3 x^(3/2) - pi / 4, and likewise
/// Bi and the derivatives (NIST DLMF 9.7.9 to 9.7.12).
/// </summary>
internal static class AiryWaves
{
    private static ReadOnlySpan<double> P =>
    [
        0.9995536016592858, -0.00044255600249022215, 3.746494878557459e-06, -9.147926787106577e-08, 4.0685023228430725e-09,
        -2.6897245359447526e-10, 2.363449618675092e-11, -2.576195886826486e-12, 3.3274850157582603e-13, -4.9322091688066274e-14,
        8.196203733152184e-15, -1.5003542015688562e-15, 2.9845588289887906e-16, -6.382686146177526e-17, 1.4547981358580236e-17,
        -3.509120995979975e-18,
    ];

    private static ReadOnlySpan<double> Q =>
    [
        0.010842096776210319, -6.88995660006409e-05, 1.1044242873169551e-06, -3.854686625550563e-08, 2.17975495920445e-09,
        -1.7202253219056978e-10, 1.7358442023339635e-11, -2.117506027699623e-12, 3.005587474851528e-13, -4.8303839737929896e-14,
        8.614255026469893e-15, -1.6786422639937838e-15, 3.531717537555179e-16, -7.945871958625483e-17, 1.8969226761723852e-17,
        -4.7745165899156686e-18, 1.2602583295073904e-18, -3.4728001698114085e-19, 9.952164544776172e-20, -2.9561935152632496e-20,
    ];

    private static ReadOnlySpan<double> PSlope =>
    [
        1.0005286726384492, 0.0005244813835168732, -4.089462740781553e-06, 9.721744458179894e-08, -4.267290985860284e-09, 2.7992520128191597e-10,
        -2.447008815930641e-11, 2.657438779818075e-12, -3.4228738138507636e-13, 5.0625324672937786e-14, -8.397933803720898e-15,
        1.5350366265931795e-15, -3.049784864109541e-16, 6.515276473251045e-17, -1.4836533555759186e-17, 3.575828245812927e-18,
    ];

    private static ReadOnlySpan<double> QSlope =>
    [
        -0.015198543848968888, 7.72259218210903e-05, -1.185480517407689e-06, 4.063358772280769e-08, -2.275158162226885e-09,
        1.7843734632509745e-10, -1.792860575940652e-11, 2.180173262827112e-12, -3.0870439996841603e-13, 4.951729339194369e-14,
        -8.81672522972867e-15, 1.7158310893986637e-15, -3.605907540790427e-16, 8.104925005990812e-17, -1.9332536660878585e-17,
        4.8623173090613245e-18, -1.2825769562619356e-18, 3.5321817164278903e-19, -1.0116842743556399e-19, 3.0036247520807806e-20,
    ];

    /// <summary>2/3 x^(3/2), and what its rounding lost.</summary>
    public static (double High, double Low) Phase(double x)
    {
        var root = Math.Sqrt(x);
        var rootLow = Math.FusedMultiplyAdd(-root, root, x) / (2 * root);
        var cube = x * root;
        var cubeLow = Math.FusedMultiplyAdd(x, root, -cube) + (x * rootLow);
        var high = 2 * cube / 3;
        return (high, (Math.FusedMultiplyAdd(-3, high, 2 * cube) + (2 * cubeLow)) / 3);
    }

    /// <summary>Amplitudes and phases of the functions at -x.</summary>
    public static (double P, double Q, double Sin, double Cos) Values(double x) => Parts(x, P, Q, 1 / Math.Sqrt(Math.Sqrt(x)));

    /// <summary>Amplitudes and phases of their derivatives at -x.</summary>
    public static (double P, double Q, double Sin, double Cos) Slopes(double x) => Parts(x, PSlope, QSlope, Math.Sqrt(Math.Sqrt(x)));

    private static (double P, double Q, double Sin, double Cos) Parts(double x, ReadOnlySpan<double> p, ReadOnlySpan<double> q, double size)
    {
        // From here on the phase has no digits left.
        if (x > 1e10)
        {
            return size < 1 ? default : (double.NaN, 0, 0, 0);
        }

        var (phase, low) = Phase(x);
        var w = 6.3639610306789276 / phase;
        var t = (2 * w * w) - 1;
        var (sin, cos) = Math.SinCos(phase);
        (sin, cos) = (sin + (low * cos), cos - (low * sin));
        size *= 0.3989422804014327;
        return (size * Chebyshev.Sum(p, t), size * w * Chebyshev.Sum(q, t), sin - cos, cos + sin);
    }
}
