using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What padding puts around a tensor.</summary>
public enum PadMode
{
    /// <summary>One value (<c>constant</c>).</summary>
    Constant,

    /// <summary>The elements from the edge backwards, without the edge itself (<c>reflect</c>).</summary>
    Reflect,

    /// <summary>The element at the edge (<c>replicate</c>).</summary>
    Replicate,

    /// <summary>The elements from the other edge on (<c>circular</c>).</summary>
    Circular,
}

/// <summary>
/// A tensor with more of one value around it, or with less of itself where numbers are negative. Not linear but affine: tangents and gradients are
/// padded with zeros, and its transpose pads with the opposite numbers.
/// </summary>
/// <param name="Pads">Before and after, from the last dimension on.</param>
/// <param name="Value">The value.</param>
internal readonly record struct ConstantPad(ValueArray<int> Pads, double Value) : IMultiOutput
{
    public string GradName => "ConstantPadNdBackward0";

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0].With(SizesOf(inputs[0].Layout))];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var x = inputs[0];
        var result = Op.Fresh(Layout.Dense(SizesOf(x.Layout)), x.DType);
        Numbers.Fill(result, Value);
        var (from, to) = (x, result);
        for (var i = 0; i < Pads.Length / 2; i++)
        {
            var (dim, before) = (x.Rank - 1 - i, Pads[2 * i]);
            var first = Math.Max(-before, 0);
            var kept = (int)Math.Max(Math.Min(x.Layout.Sizes[dim], x.Layout.Sizes[dim] + (long)Pads[(2 * i) + 1]) - first, 0);
            from = new Slice(dim, kept > 0 ? first : 0, kept, 1).Apply(from);
            to = new Slice(dim, kept > 0 ? Math.Max(before, 0) : 0, kept, 1).Apply(to);
        }

        Op.CopyInto(from, to);
        return [result];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [gradients[0] is { } g ? Op.MultiOutput(new ConstantPad(Array.ConvertAll(Pads.Items, pad => -pad), 0), g)[0] : null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => Op.MultiOutput(this with { Value = 0 }, tangents[0]!);

    // Numbers count from the last dimension.
    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>The sizes of the result.</summary>
    /// <exception cref="ShapeException">One is negative.</exception>
    public int[] SizesOf(Layout layout)
    {
        var sizes = (int[])layout.Sizes.Clone();
        for (var i = 0; i < Pads.Length / 2; i++)
        {
            var dim = sizes.Length - 1 - i;
            var size = (long)sizes[dim] + Pads[2 * i] + Pads[(2 * i) + 1];
            sizes[dim] = size >= 0 ? Shape.Dimension(size, "the padded tensor") : throw new ShapeException(
                $"The input size {sizes[dim]}, plus negative padding {Pads[2 * i]} and {Pads[(2 * i) + 1]} resulted in a negative output " +
                $"size, which is " +
                $"invalid. Check dimension {dim} of your input.");
        }

        return sizes;
    }
}

/// <content>Padding.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with more around it (<c>torch.nn.functional.pad</c>), or with less of itself where numbers are negative. Constant padding takes any
    /// dimensions; the other modes one, two or three of an image of shape [C, ...] or [N, C, ...].
    /// </summary>
    /// <param name="pad">How many before and after, a pair for each dimension from the last one on.</param>
    /// <param name="mode">What is put there.</param>
    /// <param name="value">The value of constant padding.</param>
    /// <exception cref="ShapeException">The numbers do not fit the shape.</exception>
    /// <exception cref="DTypeException">The value does not fit the dtype.</exception>
    public Tensor Pad(ReadOnlySpan<int> pad, PadMode mode = PadMode.Constant, double value = 0)
    {
        if (pad.Length % 2 != 0)
        {
            throw new ShapeException($"Padding length must be divisible by 2, but got {pad.Length} numbers");
        }

        if (pad.Length > 2 * Rank)
        {
            throw new ShapeException(
                $"Padding length should be less than or equal to two times the input dimension but got padding length {pad.Length} and input of " +
                $"dimension {Rank}");
        }

        var numbers = pad.ToArray();
        if (mode == PadMode.Constant)
        {
            NumberRange.ThrowIfBeyond(value, DType);
            var op = new ConstantPad(numbers, value);
            _ = op.SizesOf(Layout);
            return Op.MultiOutput(op, this)[0];
        }

        if (value != 0)
        {
            throw new TensorException($"Padding mode \"{mode.ToString().ToLowerInvariant()}\" doesn't take in value argument");
        }

        var axes = numbers.Length / 2;
        if (axes is < 1 or > 3 || (Rank != axes + 1 && Rank != axes + 2))
        {
            throw new ShapeException(
                $"Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now: {numbers.Length} numbers need {axes + 1}D or " +
                $"{axes + 2}D " +
                $"input, and this is {Rank}D.");
        }

        var all = new ResampleAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            var dim = Rank - axes + a;
            all[a] = PaddedAxis(this, dim, numbers[2 * (axes - 1 - a)], numbers[(2 * (axes - 1 - a)) + 1], mode);
        }

        return Op.Linear(new Resample(all), this);
    }

    /// <summary>A copy with more of one value around it (<c>torch.constant_pad_nd</c>), or less of itself where numbers are negative.</summary>
    /// <param name="pad">How many before and after, a pair for each dimension from the last one on.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ShapeException">The numbers do not fit the shape.</exception>
    /// <exception cref="DTypeException">The value does not fit the dtype.</exception>
    public Tensor ConstantPadNd(ReadOnlySpan<int> pad, double value = 0) => Pad(pad, PadMode.Constant, value);

    private static ResampleAxis PaddedAxis(Tensor x, int dim, int before, int after, PadMode mode)
    {
        var size = x.Layout.Sizes[dim];
        var length = (long)size + before + after;
        if (mode == PadMode.Reflect && (before >= size || after >= size))
        {
            throw new ShapeException(
                $"Padding size should be less than the corresponding input dimension, but got: padding ({before}, {after}) at dimension " +
                $"{dim} of input " +
                Shape.Text(x.Layout.Sizes));
        }

        if (mode == PadMode.Circular && (before > size || after > size))
        {
            throw new ShapeException("Padding value causes wrapping around more than once.");
        }

        if (size == 0 || length <= 0)
        {
            throw new ShapeException(mode == PadMode.Circular
                ? "Negative padding value is resulting in an empty dimension"
                : $"input of shape {Shape.Text(x.Layout.Sizes)} is too small. Calculated output size {length} at dimension {dim}");
        }

        // What is left of an axis that begins again has to be there.
        if (mode == PadMode.Circular && size - Math.Max(-before, 0) - Math.Max(-after, 0) <= 0)
        {
            throw new ShapeException("Negative padding value is resulting in an empty dimension");
        }

        var kind = mode switch
        {
            PadMode.Reflect => AxisKind.Reflect,
            PadMode.Replicate => AxisKind.Replicate,
            _ => AxisKind.Circular,
        };
        return new(kind, size, Shape.Dimension(length, "the padded tensor"), 0, AlignsCorners: false, before);
    }
}
