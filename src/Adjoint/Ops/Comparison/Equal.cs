namespace Adjoint;

/// <content>Whether two tensors are equal as a whole.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Whether both have the same shape and the same elements (<c>torch.equal</c>). Dtypes may differ, values are compared after promotion; NaN
    /// equals nothing. <c>==</c> compares element by element.
    /// </summary>
    /// <example><code>Assert.True(x.Equal([1f, 2, 3]));</code></example>
    public bool Equal(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Layout.SameSizes(other.Layout) && Eq(other).All().IsTrue();
    }
}
