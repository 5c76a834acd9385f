namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The Airy function Ai, the solution of y'' = x y that vanishes for large x: Chebyshev polynomials from -4.5 to 3, e to the power of -2/3 x^(3/2)
/// times polynomials in the exponent above (NIST DLMF 9.7), and a wave with slowly changing amplitude and phase below.
/// </summary>
public readonly struct AiryAi : IFunction<AiryAi>
{
    /// <inheritdoc/>
    public static string Name => "airy_ai";

    /// <inheritdoc/>
    public static int Weight => 70;

    private static ReadOnlySpan<double> Minus =>
    [
        0.17150286671559029, 0.2662313742472584, 0.15331944930227487, -0.30266517129874104, 0.017712806949716373, 0.07253305514889183,
        -0.022140850144442007, -0.004375467136855582, 0.0033791209530095903, -0.0003406989221370966, -0.00018320563987371134,
        5.7324804055866724e-05, -2.333073808799085e-07, -2.8173981902244306e-06, 4.85454913810848e-07, 3.475837381045794e-08,
        -2.319290916769739e-08, 2.3304763729542236e-09, 3.749866462416147e-10, -1.192986188681775e-10, 6.4130152926667436e-12,
        2.0887578750597824e-12, -4.180680611805501e-13, 7.43298697853233e-15, 7.604992396844239e-15, -1.0537045187623783e-15,
        -1.5061192672457097e-17, 1.9887518688248832e-17, -1.977003859643804e-18,
    ];

    private static ReadOnlySpan<double> Plus =>
    [
        0.5727537294442416, 0.1256463368127732, -0.10314946868591524, -0.006583850161963061, 0.0046996848253344665, 7.805477199071377e-05,
        -0.00013475651796461346, 3.3206811595624356e-06, 2.600163712112212e-06, -1.6422040445531137e-07, -3.408549246681445e-08,
        3.706609227278373e-09, 2.81076319118861e-10, -5.4343191744465805e-11, -7.792884917285275e-13, 5.627713205729118e-13,
        -1.5349893916634605e-14, -4.142004607046636e-15, 2.8265241084626033e-16, 1.9704134486665868e-17, -2.7180638495930474e-18,
    ];

    private static ReadOnlySpan<double> Far =>
    [
        0.2795348740269501, -0.0024790431622314702, 7.640932541689054e-05, -4.127533342508354e-06, 3.0613660837530864e-07,
        -2.8132049957797155e-08, 3.0294414664057013e-09, -3.693353292264083e-10, 4.980687184230677e-11, -7.307482558798653e-12,
        1.1521041681173859e-12, -1.9334354618123439e-13, 3.427797179805334e-14, -6.381306098983784e-15, 1.2412050701135743e-15,
        -2.511921449921852e-16, 5.270670484503003e-17, -1.1431775572136516e-17, 2.5563425580250307e-18, -5.880271944992767e-19,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (x < -4.5)
        {
            var (p, q, sin, cos) = AiryWaves.Values(-x);
            return (p * cos) + (q * sin);
        }

        if (x <= 0)
        {
            return Chebyshev.Sum(Minus, (x / 2.25) + 1);
        }

        if (x <= 3)
        {
            return Chebyshev.Sum(Plus, (x / 1.5) - 1) * Math.Exp(-1.5 * x);
        }

        if (x > 150)
        {
            return 0;
        }

        var (phase, low) = AiryWaves.Phase(x);
        return Math.Exp(-phase) * (1 - low) * Chebyshev.Sum(Far, (2 * 3.4641016151377546 / phase) - 1) / Math.Sqrt(Math.Sqrt(x));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<AiryAiPrime>(x);
}
