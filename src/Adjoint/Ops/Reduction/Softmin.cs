namespace Adjoint;

/// <content>Shares that grow as numbers shrink.</content>
public sealed partial class Tensor
{
    /// <summary>softmax(-x) along a dimension: the smallest gets the largest share (<c>torch.nn.functional.softmin</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Softmin(int dim, DType? dtype = null) => Neg().Softmax(dim, dtype);
}
