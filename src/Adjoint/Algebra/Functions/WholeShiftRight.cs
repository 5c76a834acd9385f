using System.Numerics;

namespace Adjoint.Algebra.Functions;

/// <summary>The bits of x moved down by y places, with copies of its sign above; only the sign where y is negative or too large, as in
/// PyTorch.</summary>
public readonly struct WholeShiftRight : IWholeFunction
{
    /// <inheritdoc/>
    public static T Of<T>(T x, T y)
        where T : IBinaryInteger<T>
    {
        var bits = x.GetByteCount() * 8;
        return T.IsNegative(y) || y >= T.CreateTruncating(bits)
            ? T.IsNegative(x) ? T.Zero - T.One : T.Zero
            : x >> int.CreateTruncating(y);
    }
}
