using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <content>Filling whole slices.</content>
public sealed partial class Tensor
{
    /// <summary>A copy with one value in all slices at positions of one dimension (<c>torch.index_fill</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">A vector of int64 or int32; negative counts from the end.</param>
    /// <param name="value">A number or a tensor without dimensions.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The index or the value has too many dimensions.</exception>
    /// <exception cref="DTypeException">The value does not fit this tensor's dtype, or the index is not whole.</exception>
    public Tensor IndexFill(int dim, Tensor index, Tensor value)
    {
        var (op, at, values) = FillArguments(dim, index, value);
        return Op.Write(op, this, at, values);
    }

    /// <summary><see cref="IndexFill"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor IndexFill_(int dim, Tensor index, Tensor value)
    {
        var (op, at, values) = FillArguments(dim, index, value);
        return Op.WriteInPlace(op, this, at, values);
    }

    private (Scatter Op, Tensor At, Tensor Values) FillArguments(int dim, Tensor index, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Rank != 0)
        {
            throw new ShapeException(
                $"index_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.Rank} dimension(s). Use IndexCopy for slices.");
        }

        var axis = Layout.Dim(dim);
        if (!value.IsStandIn)
        {
            NumberRange.ThrowIfBeyond(value, DType);
        }

        var number = value.DType == DType ? value : value.IsNumber && !value.IsStandIn ? Numbers.InDType(value, DType) : value.To(DType);
        var at = ScatterArguments.Vector("index_fill_()", index);
        int[] sizes = Rank == 0 ? [at.Layout.Sizes[0]] : [.. Layout.Sizes[..axis], at.Layout.Sizes[0], .. Layout.Sizes[(axis + 1)..]];
        return (
            new Scatter(axis, value.IsNumber ? AlongCall.IndexFillNumber : AlongCall.IndexFill),
            ScatterArguments.Repeated(at, axis, sizes),
            number.Expand(sizes));
    }
}
