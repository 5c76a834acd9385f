using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The largest whole number that is not above x; its derivative is 0.</summary>
public readonly struct Floor : IFunction<Floor>
{
    /// <inheritdoc/>
    public static string Name => "floor";

    /// <inheritdoc/>
    public static int Weight => 0;

    /// <inheritdoc/>
    public static Elements Elements => Elements.Numbers;

    /// <inheritdoc/>
    public static string? TruthRefusal => "\"floor_vml_cpu\" not implemented for 'Bool'";

    /// <inheritdoc/>
    public static Domain Domain => new(0.1, 0.9);

    /// <inheritdoc/>
    public static bool Selects => true;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Floor(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V I<V>(V x)
        where V : struct, IRing<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Floor>.Single<L, T>(L x) => L.Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Floor>.Double<L, T>(L x) => L.Floor(x);
}
