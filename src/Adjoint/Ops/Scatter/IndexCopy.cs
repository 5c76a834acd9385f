using Adjoint.Families;

namespace Adjoint;

/// <content>Overwriting whole slices.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with slices in place of those at positions of one dimension (<c>torch.index_copy</c>): result[index[i]] = source[i] for dimension 0.
    /// Where a position is repeated the last slice stays, and only that one gets a gradient.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">A vector of int64 or int32.</param>
    /// <param name="source">The slices, of this dtype; of this shape but for the dimension, which has as many as there are positions.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The slices have another dtype, or the index is not whole.</exception>
    public Tensor IndexCopy(int dim, Tensor index, Tensor source)
    {
        var (axis, at, values) = ScatterArguments.Slices("index_copy_()", this, dim, index, source);
        return Op.Write(new Scatter(axis, AlongCall.IndexCopy), this, at, values);
    }

    /// <summary><see cref="IndexCopy"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor IndexCopy_(int dim, Tensor index, Tensor source)
    {
        var (axis, at, values) = ScatterArguments.Slices("index_copy_()", this, dim, index, source);
        return Op.WriteInPlace(new Scatter(axis, AlongCall.IndexCopy), this, at, values);
    }
}
