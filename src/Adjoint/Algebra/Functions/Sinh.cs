using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The hyperbolic sine, (t + t / (t + 1)) / 2 with t = e^|x| - 1 and the sign of x. The error is at most 3 ULP. Where e^|x| overflows and half of it
/// would not,
/// elements go to <see cref="Math"/> one by one.
/// </summary>
public readonly struct Sinh : IFunction<Sinh>
{
    /// <inheritdoc/>
    public static string Name => "sinh";

    /// <inheritdoc/>
    public static int Weight => 3;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Sinh(x);

    /// <summary>Two more steps after e^x - 1.</summary>
    public static double Error(double x) => 6 * Math.Abs(Math.Sinh(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Cosh>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Sinh>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Sinh>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var t = L.Call<Expm1>(size);
        var isHuge = L.Less(L.Of(Precision.IsSingle<T>() ? 88 : 709), size);
        var y = L.CopySign(L.Of(0.5) * (t + (t / (t + L.One))), x);
        return L.Any(isHuge) ? L.Select(isHuge, Lanes.Each<Sinh, L, T>(x), y) : y;
    }
}
