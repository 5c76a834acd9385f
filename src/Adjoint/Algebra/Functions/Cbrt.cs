namespace Adjoint.Algebra.Functions;

/// <summary>The cube root, also of negative numbers; infinite slope at 0. Lanes go to <see cref="Math"/> one by one.</summary>
public readonly struct Cbrt : IFunction<Cbrt>
{
    /// <inheritdoc/>
    public static string Name => "cbrt";

    /// <inheritdoc/>
    public static int Weight => 16;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Cbrt(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (V.Of(3) * y * y);
}
