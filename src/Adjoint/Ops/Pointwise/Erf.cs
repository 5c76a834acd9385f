using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// The error function, by the quotients of polynomials of S. L. Moshier (Methods and Programs for Mathematical Functions, 1989): one for small numbers, and
/// one for what is missing to 1. In float64 it is right to 2 units in the last place.
/// </summary>
internal readonly struct Erf : IMap
{
    /// <summary>Beyond, the result is 1 in every element type.</summary>
    private const double End = 6;

    private static ReadOnlySpan<double> SmallAbove =>
    [
        9.60497373987051638749, 90.0260197203842689217, 2232.00534594684319226, 7003.32514112805075473, 55592.3013010394962768,
    ];

    private static ReadOnlySpan<double> SmallBelow =>
    [
        1, 33.5617141647503099647, 521.357949780152679795, 4594.32382970980127987, 22629.0000613890934246, 49267.3942608635921086,
    ];

    private static ReadOnlySpan<double> LargeAbove =>
    [
        2.46196981473530512524e-10, 0.564189564831068821977, 7.46321056442269912687, 48.6371970985681366614, 196.520832956077098242,
        526.445194995477358631, 934.528527171957607540, 1027.55188689515710272, 557.535335369399327526,
    ];

    private static ReadOnlySpan<double> LargeBelow =>
    [
        1, 13.2281951154744992508, 86.7072140885989742329, 354.937778887819891062, 975.708501743205489753, 1823.90916687909736289,
        2246.33760818710981792, 1656.66309194161350182, 557.535340817727675546,
    ];

    public V F<V>(V x)
        where V : struct, IReal<V>
    {
        var square = x * x;
        var small = x * Polynomial(SmallAbove, square) / Polynomial(SmallBelow, square);
        var far = V.Min(V.Abs(x), V.Of(End));
        var rest = V.Exp(-(far * far)) * Polynomial(LargeAbove, far) / Polynomial(LargeBelow, far);
        return V.Select(V.Less(V.Abs(x), V.One), small, V.Sign(x) * (V.One - rest));
    }

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(2 / Math.Sqrt(Math.PI)) * V.Exp(-(x * x));

    private static V Polynomial<V>(ReadOnlySpan<double> coefficients, V x)
        where V : struct, IReal<V>
    {
        var sum = V.Of(coefficients[0]);
        foreach (var coefficient in coefficients[1..])
        {
            sum = (sum * x) + V.Of(coefficient);
        }

        return sum;
    }
}

/// <summary>The error function, element by element.</summary>
public static class ErfMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// The error function, element by element: 2/√π times the integral of exp(-t²) from 0 to x (<c>torch.erf</c>). The distribution function of the
        /// normal distribution is <c>0.5 * (1 + (x / Math.Sqrt(2)).Erf())</c>.
        /// </summary>
        public Tensor Erf() => Op.Map(default(Erf), x);

        /// <summary>The error function, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Erf_() => Op.MapInPlace(default(Erf), x);
    }
}
