using Adjoint.Families;

namespace Adjoint;

/// <summary>Values, one after another, in place of the elements where a mask holds.</summary>
internal readonly record struct MaskedScatter : IWrite
{
    public bool IsLinear => true;

    public void Write(Tensor table, Tensor positions, Tensor values)
    {
        var places = Indexing.PlacesOf(positions);
        if (places.Layout.Count > values.Layout.Count)
        {
            throw new ShapeException(
                $"masked_scatter: the source has too few elements. The mask holds {places.Layout.Count} times, and the source has " +
                $"{values.Layout.Count} elements.");
        }

        var (line, source) = (Op.Contiguous(table), Op.Contiguous(values));
        Rows.Put(line, places, source.View(new Layout(places.Layout.Sizes, [1], source.Layout.Offset)), 1);
        if (!ReferenceEquals(line, table))
        {
            Op.CopyInto(line, table);
        }
    }

    public Tensor PullTable(Tensor g, in Written saved) => g.MaskedFill(saved.Positions, 0);

    public Tensor PullValues(Tensor g, in Written saved)
    {
        var count = Shape.Dimension(Shape.Product(saved.ValuesShape.AsSpan()), "the source of a masked scatter");
        if (count == 0)
        {
            return Tensor.Zeros(saved.ValuesShape.AsSpan(), g.DType);
        }

        var (chosen, order) = (Tensor.Where(saved.Positions, g, 0).Reshape(-1), Order(saved.Positions.Reshape(-1), 0, count));
        return Op.Indexed(new PutAlong(0, [count], AlongCall.Gather), chosen, order).Reshape(saved.ValuesShape.AsSpan());
    }

    public Tensor Batch(Tensor table, Tensor positions, Tensor values)
    {
        var source = TakeFlat.Lines(values);
        if (source.Layout.Sizes[1] == 0)
        {
            return table.Clone();
        }

        var order = Order(TakeFlat.Lines(positions), 1, source.Layout.Sizes[1]);
        return Tensor.Where(positions, source.Gather(1, order).Reshape(table.Layout.Sizes), table);
    }

    /// <summary>Which value comes to each place where the mask holds; elsewhere any.</summary>
    private static Tensor Order(Tensor mask, int dim, int count) => (mask.To(DType.Int64).CumSum(dim) - 1).Clamp(0, count - 1);
}

/// <content>Writing where a mask holds.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy where the elements under a mask are replaced by those of a source, taken one after another (<c>torch.masked_scatter</c>). The
    /// tensor and the mask broadcast.
    /// </summary>
    /// <param name="mask">A bool tensor.</param>
    /// <param name="source">The values, of this dtype; at least as many as the mask holds.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or the source has another dtype.</exception>
    /// <exception cref="ShapeException">The two do not broadcast, or the source has too few elements.</exception>
    public Tensor MaskedScatter(Tensor mask, Tensor source)
    {
        var values = MaskArguments("masked_scatter", mask, source);
        var sizes = Layout.Broadcast(Layout, mask.Layout).Sizes;
        return Op.Write(default(MaskedScatter), Layout.Sizes.AsSpan().SequenceEqual(sizes) ? this : Expand(sizes), mask.Expand(sizes), values);
    }

    /// <summary><see cref="MaskedScatter"/>, in place; the mask broadcasts to this tensor.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor MaskedScatter_(Tensor mask, Tensor source)
    {
        var values = MaskArguments("masked_scatter", mask, source);
        return Op.WriteInPlace(default(MaskedScatter), this, mask.Expand(Layout.Sizes), values);
    }

    private Tensor MaskArguments(string name, Tensor mask, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(source);
        if (mask.DType != DType.Bool)
        {
            throw new DTypeException(
                $"{name}_ only supports boolean masks, but got mask with dtype {mask.DType.CppName}. Compare first, for example mask != 0.");
        }

        return ScatterArguments.SameDType(name, this, source);
    }
}
