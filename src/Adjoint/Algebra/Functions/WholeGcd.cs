using System.Numerics;

namespace Adjoint.Algebra.Functions;

/// <summary>The greatest common divisor of two whole numbers, not negative; that of 0 and 0 is 0.</summary>
public readonly struct WholeGcd : IWholeFunction
{
    /// <inheritdoc/>
    public static T Of<T>(T x, T y)
        where T : IBinaryInteger<T>
    {
        // The magnitude of the least number wraps around to itself, as in PyTorch.
        var (a, b) = (T.IsNegative(x) ? unchecked(T.Zero - x) : x, T.IsNegative(y) ? unchecked(T.Zero - y) : y);
        while (!T.IsZero(b))
        {
            (a, b) = (b, unchecked(a - (WholeQuotient.Of(a, b) * b)));
        }

        return T.IsNegative(a) ? unchecked(T.Zero - a) : a;
    }
}
