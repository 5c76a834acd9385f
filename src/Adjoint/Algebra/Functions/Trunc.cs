using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>x without its fraction; its derivative is 0.</summary>
public readonly struct Trunc : IFunction<Trunc>
{
    /// <inheritdoc/>
    public static string Name => "trunc";

    /// <inheritdoc/>
    public static int Weight => 0;

    /// <inheritdoc/>
    public static Elements Elements => Elements.Numbers;

    /// <inheritdoc/>
    public static string? TruthRefusal => "\"trunc_vml_cpu\" not implemented for 'Bool'";

    /// <inheritdoc/>
    public static Domain Domain => new(0.1, 0.9);

    /// <inheritdoc/>
    public static bool Selects => true;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Truncate(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V I<V>(V x)
        where V : struct, IRing<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Trunc>.Single<L, T>(L x) => L.CopySign(L.Floor(L.Abs(x)), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Trunc>.Double<L, T>(L x) => L.CopySign(L.Floor(L.Abs(x)), x);
}
