using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The smallest whole number that is not below x; its derivative is 0.</summary>
public readonly struct Ceil : IFunction<Ceil>
{
    /// <inheritdoc/>
    public static string Name => "ceil";

    /// <inheritdoc/>
    public static int Weight => 0;

    /// <inheritdoc/>
    public static Elements Elements => Elements.Numbers;

    /// <inheritdoc/>
    public static string? TruthRefusal => "\"ceil_vml_cpu\" not implemented for 'Bool'";

    /// <inheritdoc/>
    public static Domain Domain => new(0.1, 0.9);

    /// <inheritdoc/>
    public static bool Selects => true;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Ceiling(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V I<V>(V x)
        where V : struct, IRing<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Ceil>.Single<L, T>(L x) => -L.Floor(-x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Ceil>.Double<L, T>(L x) => -L.Floor(-x);
}
