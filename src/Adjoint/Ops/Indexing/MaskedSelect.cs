using Adjoint.Families;

namespace Adjoint;

/// <content>Elements where a mask holds.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The elements where a mask holds, as a line in row-major order (<c>torch.masked_select</c>); the tensor and the mask broadcast. How many there
    /// are depends on the mask, so a function that is traced or batched may not compute it from its arguments.
    /// </summary>
    /// <param name="mask">A bool tensor.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The two do not broadcast.</exception>
    public Tensor MaskedSelect(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.DType != DType.Bool)
        {
            throw new DTypeException(
                $"masked_select: expected BoolTensor for mask, but got {mask.DType.ScalarName}. Compare first, for example " +
                "x.MaskedSelect(mask != 0).");
        }

        var sizes = Layout.Broadcast(Layout, mask.Layout).Sizes;
        var x = Layout.Sizes.AsSpan().SequenceEqual(sizes) ? this : Expand(sizes);
        return Op.Indexed(new TakeFlat(IsMask: true), x, Indexing.PlacesOf(mask.Expand(sizes)));
    }
}
