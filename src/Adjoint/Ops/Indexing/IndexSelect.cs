using Adjoint.Families;

namespace Adjoint;

/// <content>Whole slices at positions.</content>
public sealed partial class Tensor
{
    /// <summary>The slices at positions of one dimension (<c>torch.index_select</c>): result[i] = x[index[i]] for dimension 0.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">A vector of int64 or int32, none of them negative.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The index is no vector, or has several positions of a scalar.</exception>
    /// <exception cref="DTypeException">The index is not whole.</exception>
    public Tensor IndexSelect(int dim, Tensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var axis = Layout.Dim(dim);
        var at = ScatterArguments.Vector("index_select()", index);
        if (Rank == 0)
        {
            return at.Layout.Count == 1
                ? Op.Indexed(new TakeAlong(0, KeepDim: true, AlongCall.IndexSelect), this, at.Reshape())
                : throw new ShapeException(
                    $"index_select(): Index to scalar can have only 1 value, got {at.Layout.Count} value(s). Use Expand to repeat a scalar.");
        }

        int[] sizes = [.. Layout.Sizes[..axis], at.Layout.Sizes[0], .. Layout.Sizes[(axis + 1)..]];
        return Op.Indexed(new TakeAlong(axis, KeepDim: true, AlongCall.IndexSelect), this, ScatterArguments.Repeated(at, axis, sizes));
    }
}
