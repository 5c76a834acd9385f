using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The hyperbolic cosine, (e^|x| + e^-|x|) / 2. The error is at most 2 ULP. Where e^|x| overflows and half of it would not, elements go to
/// <see cref="Math"/> one by one.
/// </summary>
public readonly struct Cosh : IFunction<Cosh>
{
    /// <inheritdoc/>
    public static string Name => "cosh";

    /// <inheritdoc/>
    public static int Weight => 2;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Cosh(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Sinh>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Cosh>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Cosh>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var half = L.Of(0.5) * L.Call<Exp>(size);
        var isHuge = L.Less(L.Of(Precision.IsSingle<T>() ? 88 : 709), size);
        var y = half + (L.Of(0.25) / half);
        return L.Any(isHuge) ? L.Select(isHuge, Lanes.Each<Cosh, L, T>(x), y) : y;
    }
}
