using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The nearest whole number, ties to even; its derivative is 0.</summary>
public readonly struct Round : IFunction<Round>
{
    /// <inheritdoc/>
    public static string Name => "round";

    /// <inheritdoc/>
    public static int Weight => 0;

    /// <inheritdoc/>
    public static Elements Elements => Elements.Numbers;

    /// <inheritdoc/>
    public static string? TruthRefusal => "\"round_vml_cpu\" not implemented for 'Bool'";

    /// <inheritdoc/>
    public static Domain Domain => new(0.1, 0.9, 0.5);

    /// <inheritdoc/>
    public static bool Selects => true;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Round(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V I<V>(V x)
        where V : struct, IRing<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Round>.Single<L, T>(L x) => L.Round(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Round>.Double<L, T>(L x) => L.Round(x);
}
