namespace Adjoint;

/// <content>All positions of a dimension at once.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The tensor at each position of a dimension, which disappears (<c>torch.unbind</c>). They share memory, and cannot be changed in place while that is
    /// recorded.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">It does not exist.</exception>
    public Tensor[] Unbind(int dim = 0)
    {
        return Rank > 0
            ? Pieces.Cut(this, "UnbindBackward0", Layout.Dim(dim), lengths: null)
            : throw new TensorIndexException($"Dimension specified as {dim} but tensor has no dimensions");
    }
}
