using Adjoint.Families;

namespace Adjoint;

/// <content>Joining whole slices.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy where slices are joined with each other and with what is there, at positions of one dimension (<c>torch.index_reduce</c>).
    /// Gradients are those of <see cref="ScatterReduce"/>.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">A vector of int64 or int32.</param>
    /// <param name="source">The slices, of this dtype; of this shape but for the dimension, which has as many as there are positions.</param>
    /// <param name="reduce">How they are joined; for sums there is <see cref="IndexAdd"/>.</param>
    /// <param name="includeSelf">Whether what is there takes part; otherwise it stays only where no slice comes.</param>
    /// <exception cref="ArgumentException">The reduction is a sum.</exception>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The slices have another dtype, or the index is not whole.</exception>
    public Tensor IndexReduce(int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf = true)
    {
        var (op, at, values) = ReduceArguments(dim, index, source, reduce, includeSelf);
        return Op.Write(op, this, at, values);
    }

    /// <summary><see cref="IndexReduce"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor IndexReduce_(int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf = true)
    {
        var (op, at, values) = ReduceArguments(dim, index, source, reduce, includeSelf);
        return Op.WriteInPlace(op, this, at, values);
    }

    private (ScatterReduce Op, Tensor At, Tensor Values) ReduceArguments(
        int dim, Tensor index, Tensor source, ScatterReduction reduce, bool includeSelf)
    {
        if (reduce == ScatterReduction.Sum)
        {
            throw new ArgumentException(
                "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got sum. Use IndexAdd.", nameof(reduce));
        }

        var (axis, at, values) = ScatterArguments.Slices("index_reduce()", this, dim, index, source);
        return (new ScatterReduce(axis, reduce, includeSelf, AlongCall.IndexReduce), at, values);
    }
}
