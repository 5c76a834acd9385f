using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The quotient without its fraction. Its derivatives are 0.</summary>
public readonly struct TruncDivide : IFunction2<TruncDivide>
{
    /// <inheritdoc/>
    public static string Name => "trunc_divide";

    /// <inheritdoc/>
    public static int Weight => 1;

    /// <inheritdoc/>
    public static Domain DomainX => new(5.1, 5.9);

    /// <inheritdoc/>
    public static Domain DomainY => new(2.05, 2.35);

    /// <inheritdoc/>
    public static string NodeName(bool xIsNumber, bool yIsNumber) => "DivBackward2";

    /// <inheritdoc/>
    public static double Value(double x, double y) => Math.Truncate(x / y);

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<TruncDivide>.Single<L, T>(L x, L y) => L.Call<Trunc>(x / y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<TruncDivide>.Double<L, T>(L x, L y) => L.Call<Trunc>(x / y);
}
