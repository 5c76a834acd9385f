using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>One value in all elements where a mask holds, in place.</summary>
internal readonly record struct FillMasked(WhereCall Call) : IWrite
{
    internal WhereCall Call { get; init; } = Call;

    public bool IsLinear => true;

    public string GradName => Call == WhereCall.FillNumber ? "MaskedFillBackward0" : "MaskedFillBackward1";

    public string Called => "MaskedFill";

    public int[]? ShownInputs => Call == WhereCall.FillNumber ? [0] : null;

    public void Write(Tensor table, Tensor positions, Tensor values)
    {
        var places = Indexing.PlacesOf(positions);
        var line = Op.Contiguous(table);
        Rows.Put(line, places, Op.Copy(values.View(values.Layout.Expand(places.Layout.Sizes))), 1);
        if (!ReferenceEquals(line, table))
        {
            Op.CopyInto(line, table);
        }
    }

    public Tensor PullTable(Tensor g, in Written saved) => g.MaskedFill(saved.Positions, 0);

    public Tensor PullValues(Tensor g, in Written saved) => Tensor.Where(saved.Positions, g, 0).Sum();

    public Tensor Batch(Tensor table, Tensor positions, Tensor values) =>
        Tensor.Where(positions, values.Reshape([values.Layout.Sizes[0], .. Enumerable.Repeat(1, table.Rank - 1)]), table);
}

/// <content>Filling where a mask holds.</content>
public sealed partial class Tensor
{
    /// <summary><see cref="MaskedFill(Tensor, Tensor)"/>, in place; the mask broadcasts to this tensor.</summary>
    /// <param name="mask">A bool tensor.</param>
    /// <param name="value">A number or a tensor without dimensions.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or the value does not fit the tensor's dtype.</exception>
    /// <exception cref="ShapeException">The value has dimensions, or the mask does not broadcast to this tensor.</exception>
    public Tensor MaskedFill_(Tensor mask, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Rank != 0)
        {
            throw new ShapeException(
                $"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.Rank} dimension(s). Use MaskedScatter_ for " +
                "several values.");
        }

        if (!value.IsStandIn)
        {
            NumberRange.ThrowIfBeyond(value, DType);
        }

        var fill = value.DType == DType ? value : value.IsNumber && !value.IsStandIn ? Numbers.InDType(value, DType) : value.To(DType);
        MaskArguments("masked_fill", mask, fill);
        var op = new FillMasked(value.IsNumber ? WhereCall.FillNumber : WhereCall.FillTensor);
        return Op.WriteInPlace(op, this, mask.Expand(Layout.Sizes), fill);
    }
}
