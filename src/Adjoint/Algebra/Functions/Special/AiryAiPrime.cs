namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The derivative of the Airy function Ai: Chebyshev polynomials from -4.5 to 3, e to the power of -2/3 x^(3/2) times
/// polynomials in the exponent above (NIST DLMF 9.7), and a wave with slowly changing amplitude and phase below.
/// </summary>
public readonly struct AiryAiPrime : IFunction<AiryAiPrime>
{
    /// <inheritdoc/>
    public static string Name => "airy_ai'";

    /// <inheritdoc/>
    public static int Weight => 70;

    private static ReadOnlySpan<double> Minus =>
    [
        -0.13875507498779827, 0.23986628375536306, -0.514160260417604, -0.03270162611534784, 0.29294686304570544, -0.09568049526989494,
        -0.02942227094936935, 0.022404038833795763, -0.00219714209782351, -0.001625265720939101, 0.0005284492792732627, 3.2288557161108554e-06,
        -3.2059915939656334e-05, 5.717467778829879e-06, 4.966853696037531e-07, -3.237489263717839e-07, 3.324038546431398e-08,
        6.105781791023469e-09, -1.9757019492165135e-09, 1.059954511576338e-10, 3.911916944603973e-11, -8.013709600886086e-12,
        1.2902244492379215e-13, 1.6184359553355978e-13, -2.2940844415091036e-14, -3.9624226578395877e-16, 4.748115574062596e-16,
        -4.816136846495032e-17, -2.4888911117123146e-18, 1.0440609306288006e-18,
    ];

    private static ReadOnlySpan<double> Plus =>
    [
        -0.7882593494690785, -0.43952053636815025, 0.12893824333974319, 0.03388999392306145, -0.006500086279279106, -0.0011678492129863708,
        0.00023121058906475507, 2.2304066977263767e-05, -5.8174576062494905e-06, -2.036602725732089e-07, 1.045610540827855e-07,
        -1.0775602062341575e-09, -1.3524010961972817e-09, 6.664731639832484e-11, 1.2330972122676617e-11, -1.1649096869673897e-12,
        -7.036218549945968e-14, 1.2924704357419583e-14, 7.443276904277455e-17, -1.0151661519061806e-16, 3.3170740910192776e-18,
    ];

    private static ReadOnlySpan<double> Far =>
    [
        -0.28573374901828746, -0.0035418522562617114, 9.203551732877405e-05, -4.696711948398925e-06, 3.3848446431020347e-07,
        -3.056635221058327e-08, 3.2530031551189853e-09, -3.932215039636344e-10, 5.268541800738514e-11, -7.69044548527997e-12,
        1.2074789492596427e-12, -2.0194379481997937e-13, 3.5699521463256736e-14, -6.629552560190958e-15, 1.2867339545224889e-15,
        -2.599185513188707e-16, 5.444745189039683e-17, -1.1791911576753149e-17, 2.633383844318211e-18, -6.050243956151174e-19,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (x < -4.5)
        {
            var (p, q, sin, cos) = AiryWaves.Slopes(-x);
            return (p * sin) - (q * cos);
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
            return -0.0;
        }

        var (phase, low) = AiryWaves.Phase(x);
        return Math.Exp(-phase) * (1 - low) * Chebyshev.Sum(Far, (2 * 3.4641016151377546 / phase) - 1) * Math.Sqrt(Math.Sqrt(x));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => x * V.Call<AiryAi>(x);
}
