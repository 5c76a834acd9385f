namespace Adjoint;

/// <summary>All positions of a dimension at once.</summary>
public static class UnbindMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// The tensor at each position of a dimension, which disappears (<c>torch.unbind</c>). They share memory, and cannot be changed in place while that is
        /// recorded.
        /// </summary>
        /// <param name="dim">The dimension; negative counts from the end.</param>
        /// <exception cref="TensorIndexException">It does not exist.</exception>
        public Tensor[] Unbind(int dim = 0)
        {
            ArgumentNullException.ThrowIfNull(x);
            return x.Rank > 0
                ? Pieces.Cut(x, "UnbindBackward0", x.Layout.Dim(dim), lengths: null)
                : throw new TensorIndexException($"Dimension specified as {dim} but tensor has no dimensions");
        }
    }
}
