namespace Adjoint;

/// <summary>Whether two tensors are equal as a whole.</summary>
public static class EqualMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// Whether both have the same shape and the same elements (<c>torch.equal</c>). Dtypes may differ, values are compared after promotion; NaN
        /// equals nothing. <c>==</c> compares element by element.
        /// </summary>
        /// <example><code>Assert.True(x.Equal([1f, 2, 3]));</code></example>
        public bool Equal(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(x);
            ArgumentNullException.ThrowIfNull(other);
            return x.Layout.SameSizes(other.Layout) && x.Eq(other).All().IsTrue();
        }
    }
}
