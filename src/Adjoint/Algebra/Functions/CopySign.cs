using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The magnitude of x with the sign of y. The derivative with respect to y is 0.</summary>
public readonly struct CopySign : IFunction2<CopySign>
{
    /// <inheritdoc/>
    public static string Name => "copysign";

    /// <inheritdoc/>
    public static int Weight => 0;

    /// <inheritdoc/>
    public static Domain DomainX => Domain.NonZero;

    /// <inheritdoc/>
    public static Domain DomainY => Domain.NonZero;

    /// <inheritdoc/>
    public static string NodeName(bool xIsNumber, bool yIsNumber) => yIsNumber ? "CopysignBackward1" : "CopysignBackward0";

    /// <inheritdoc/>
    public static double Value(double x, double y) => Math.CopySign(x, y);

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        // At 0 the magnitude has no derivative; it counts as 0, as in PyTorch.
        var isZero = V.Equal(x, V.Zero);
        return V.Select(isZero, V.Zero, V.Select(isZero, V.One, z) / V.Select(isZero, V.One, x));
    }

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<CopySign>.Single<L, T>(L x, L y) => L.CopySign(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<CopySign>.Double<L, T>(L x, L y) => L.CopySign(x, y);
}
