using Adjoint.Families;

namespace Adjoint;

/// <summary>The elements at positions that are counted over all elements in row-major order. Its transpose is <see cref="AddFlat"/>.</summary>
/// <param name="IsMask">Positions are where a mask holds.</param>
internal readonly record struct TakeFlat(bool IsMask) : IIndexed
{
    public string GradName => IsMask ? "MaskedSelectBackward0" : "TakeBackward0";

    public string Called => IsMask ? "MaskedSelect" : "Take";

    /// <summary>All samples, each as a line.</summary>
    public static Tensor Lines(Tensor samples) =>
        samples.Reshape(samples.Layout.Sizes[0], Shape.Dimension(Shape.Product(samples.Layout.Sizes.AsSpan(1)), "a tensor as a line"));

    public TensorType Infer(TensorType x, TensorType positions) => positions.To(x.DType);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var (line, at) = (Op.Contiguous(x), Op.Contiguous(positions));
        var taken = Op.Fresh(Layout.Dense(at.Layout.Sizes), x.DType);
        Along.Run(AlongMove.Take, Flat(line), Flat(at), 0, Flat(taken), AlongCall.Take);
        return taken;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new AddFlat(input.Sizes, IsMask), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new TakeAlong(1, KeepDim: true, AlongCall.Take), Lines(x), Lines(positions)).Reshape(positions.Layout.Sizes);

    /// <summary>A tensor without gaps as a line, in the same memory.</summary>
    public static Tensor Flat(Tensor contiguous) => contiguous.View(
        new Layout([Shape.Dimension(contiguous.Layout.Count, "a tensor as a line")], [1], contiguous.Layout.Offset));
}

/// <summary>Elements added at positions of zeros that are counted in row-major order: the transpose of <see cref="TakeFlat"/>.</summary>
internal readonly record struct AddFlat(ValueArray<int> Sizes, bool IsMask) : IIndexed
{
    public string GradName => IsMask ? "MaskedScatterBackward0" : "PutBackward0";

    public string Called => IsMask ? "MaskedScatter" : "Put";

    public TensorType Infer(TensorType x, TensorType positions) => x.With(Sizes);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Zeroed(Layout.Dense(Sizes), x.DType);
        var (values, at) = (TakeFlat.Flat(Op.Contiguous(x)), TakeFlat.Flat(Op.Contiguous(positions)));
        Along.Run(AlongMove.Sum, TakeFlat.Flat(result), at, 0, values, AlongCall.Take);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new TakeFlat(IsMask), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var (size, count) = (x.Layout.Sizes[0], Shape.Dimension(Shape.Product(Sizes.Items), "a tensor as a line"));
        return Op.Indexed(new PutAlong(1, [size, count], AlongCall.Take), TakeFlat.Lines(x), TakeFlat.Lines(positions))
            .Reshape([size, .. Sizes.Items]);
    }
}

/// <content>Elements of the flattened tensor.</content>
public sealed partial class Tensor
{
    /// <summary>The elements at positions that are counted over all elements in row-major order (<c>torch.take</c>).</summary>
    /// <param name="index">int64 or int32, of any shape, which is that of the result; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">A position is out of range.</exception>
    /// <exception cref="DTypeException">The index is not whole.</exception>
    public Tensor Take(Tensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        index = ScatterArguments.Whole("take()", index);
        return Layout.Count > 0 || index.Layout.Count == 0
            ? Op.Indexed(default(TakeFlat), this, index)
            : throw new TensorIndexException("take(): tried to take from an empty tensor. Give it elements.");
    }
}
