namespace Adjoint;

/// <content>Whether two tensors are equal but for rounding.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Whether |x - other| is at most atol + rtol * |other| for every element, broadcast (<c>torch.allclose</c>). Infinities are close to themselves
    /// only; no elements at all are close.
    /// </summary>
    /// <param name="other">The tensor that the relative tolerance belongs to, of the same dtype.</param>
    /// <param name="rtol">The relative tolerance.</param>
    /// <param name="atol">The absolute tolerance.</param>
    /// <param name="equalNan">Whether NaN is close to NaN.</param>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance is negative or NaN.</exception>
    /// <example><code>Assert.True(actual.AllClose(expected, rtol: 1e-4));</code></example>
    public bool AllClose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool equalNan = false) =>
        IsClose(other, rtol, atol, equalNan).All().IsTrue();
}
