using Adjoint.Families;

namespace Adjoint;

/// <content>Adding whole slices.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with slices added at positions of one dimension (<c>torch.index_add</c>): result[index[i]] += alpha * source[i] for dimension 0.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">A vector of int64 or int32.</param>
    /// <param name="source">The slices, of this dtype; of this shape but for the dimension, which has as many as there are positions.</param>
    /// <param name="alpha">A factor for the slices.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The slices have another dtype, or the index is not whole.</exception>
    public Tensor IndexAdd(int dim, Tensor index, Tensor source, double alpha = 1)
    {
        var (axis, at, values) = ScatterArguments.Slices("index_add_()", this, dim, index, source);
        return Op.Write(new ScatterAdd(axis, AlongCall.IndexAdd), this, at, Scaled(values, alpha));
    }

    /// <summary><see cref="IndexAdd"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor IndexAdd_(int dim, Tensor index, Tensor source, double alpha = 1)
    {
        var (axis, at, values) = ScatterArguments.Slices("index_add_()", this, dim, index, source);
        return Op.WriteInPlace(new ScatterAdd(axis, AlongCall.IndexAdd), this, at, Scaled(values, alpha));
    }

    private static Tensor Scaled(Tensor x, double alpha)
    {
        ThrowIfNoFactor(x, x, alpha);
        return alpha == 1 ? x : x.DType.IsFloatingPoint ? x * alpha : x.DType == DType.Bool ? x & (alpha != 0) : x * (long)alpha;
    }
}
