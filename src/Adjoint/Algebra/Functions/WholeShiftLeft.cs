using System.Numerics;

namespace Adjoint.Algebra.Functions;

/// <summary>The bits of x moved up by y places; 0 where y is negative or not below the number of bits, as in PyTorch.</summary>
public readonly struct WholeShiftLeft : IWholeFunction
{
    /// <inheritdoc/>
    public static T Of<T>(T x, T y)
        where T : IBinaryInteger<T> =>
        T.IsNegative(y) || y >= T.CreateTruncating(x.GetByteCount() * 8) ? T.Zero : x << int.CreateTruncating(y);
}
