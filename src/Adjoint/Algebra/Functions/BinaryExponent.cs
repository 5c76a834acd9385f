namespace Adjoint.Algebra.Functions;

/// <summary>The whole number n for which |x| is 2^n times a number from 1/2 to 1, as C's <c>frexp</c> has it; 0 for 0, NaN and infinities.</summary>
public readonly struct BinaryExponent : IFunction<BinaryExponent>
{
    /// <inheritdoc/>
    public static string Name => "binary_exponent";

    /// <inheritdoc/>
    public static Domain Domain => new(1.1, 1.9);

    /// <inheritdoc/>
    public static bool Selects => true;

    /// <inheritdoc/>
    public static double Value(double x) => double.IsNaN(x) ? x : x == 0 || double.IsInfinity(x) ? 0 : Math.ILogB(x) + 1;

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;
}
