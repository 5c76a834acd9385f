namespace Adjoint;

/// <content>Which elements are equal but for rounding.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A bool tensor, true where |x - other| is at most atol + rtol * |other|, broadcast. Infinities are close to themselves only. Whole numbers are
    /// compared exactly where both tolerances are 0.
    /// </summary>
    /// <param name="other">The tensor that the relative tolerance belongs to, of the same dtype.</param>
    /// <param name="rtol">The relative tolerance.</param>
    /// <param name="atol">The absolute tolerance.</param>
    /// <param name="equalNan">Whether NaN is close to NaN.</param>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance is negative or NaN.</exception>
    public Tensor IsClose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (DType != other.DType)
        {
            throw new DTypeException(
                $"{DType.ScalarName} did not match {other.DType.ScalarName}. Convert one of them: x.To(DType.{other.DType}).");
        }

        CheckTolerance(rtol, "rtol");
        CheckTolerance(atol, "atol");
        var (a, b) = (Detach(), other.Detach());
        var close = a.Eq(b);
        if (rtol > 0 || atol > 0)
        {
            // Whole numbers are compared exactly above; what tolerances allow does not need their last digits.
            var (left, right) = a.DType.IsFloatingPoint ? (a, b) : (a.To(DType.Float64), b.To(DType.Float64));
            var error = (left - right).Abs();
            close = close.LogicalOr(error.Le((right.Abs() * rtol) + atol).LogicalAnd(error.Lt(double.PositiveInfinity)));
        }

        return equalNan ? close.LogicalOr(a.Ne(a).LogicalAnd(b.Ne(b))) : close;
    }

    private static void CheckTolerance(double tolerance, string name)
    {
        if (!(tolerance >= 0))
        {
            throw new ArgumentOutOfRangeException(
                name, FormattableString.Invariant($"{name} must be greater than or equal to zero, but got {tolerance}"));
        }
    }
}
