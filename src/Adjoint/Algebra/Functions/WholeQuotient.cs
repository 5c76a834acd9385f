using System.Numerics;

namespace Adjoint.Algebra.Functions;

/// <summary>The quotient of whole numbers without its fraction; 0 where the divisor is 0, which operators refuse before.</summary>
public readonly struct WholeQuotient : IWholeFunction
{
    /// <inheritdoc/>
    public static T Of<T>(T x, T y)
        where T : IBinaryInteger<T> => T.IsZero(y) ? T.Zero
        : T.IsNegative(y) && y == T.Zero - T.One ? unchecked(T.Zero - x)
        : x / y;
}
