namespace Adjoint;

/// <content>PyTorch's methods for what are properties here.</content>
public sealed partial class Tensor
{
    /// <summary>The sizes of the dimensions: <see cref="Shape"/> (<c>Tensor.size</c>).</summary>
    public Shape Size() => Shape;

    /// <summary>The size of a dimension (<c>Tensor.size</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public int Size(int dim) => Rank > 0 ? Layout.Sizes[Layout.Dim(dim)] : throw new TensorIndexException(
        $"Dimension specified as {dim} but tensor has no dimensions");

    /// <summary>The number of dimensions: <see cref="Rank"/> (<c>Tensor.dim</c>).</summary>
    public int Dim() => Rank;

    /// <summary>The number of elements: <see cref="Count"/> (<c>Tensor.numel</c>).</summary>
    public long NumEl() => Count;

    /// <summary>Whether the elements are reals (<c>Tensor.is_floating_point</c>).</summary>
    public bool IsFloatingPoint() => DType.IsFloatingPoint;
}
