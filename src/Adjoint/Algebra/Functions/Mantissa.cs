namespace Adjoint.Algebra.Functions;

/// <summary>x divided by the power of 2 that leaves a number from 1/2 to 1 with its sign, as C's <c>frexp</c> has it; 0, NaN and infinities
/// stay.</summary>
public readonly struct Mantissa : IFunction<Mantissa>
{
    /// <inheritdoc/>
    public static string Name => "mantissa";

    /// <inheritdoc/>
    public static Domain Domain => new(1.1, 1.9);

    /// <inheritdoc/>
    public static double Value(double x) => x == 0 || !double.IsFinite(x) ? x : Math.ScaleB(x, -(Math.ILogB(x) + 1));

    /// <summary>1 over the power of 2.</summary>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var isZero = V.Equal(x, V.Zero);
        return V.Select(isZero, V.One, V.Select(isZero, V.One, y) / V.Select(isZero, V.One, x));
    }
}
