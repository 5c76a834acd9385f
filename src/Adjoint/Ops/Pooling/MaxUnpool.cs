using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// Each element at a position of its channel of zeros, what a max pool took back where it was; positions number the elements of the last axes. Of
/// several elements for one position the last one stays, and the gradient goes to all of them, as in PyTorch.
/// </summary>
internal readonly record struct MaxUnpool(int Axes, ValueArray<int> Sizes) : IIndexed
{
    public string GradName => Axes == 3 ? "MaxUnpool3DBackward0" : "MaxUnpool2DBackward0";

    public TensorType Infer(TensorType x, TensorType positions) => x.With([.. positions.Layout.Sizes[..^Axes], .. Sizes.Items]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        int[] all = [.. positions.Layout.Sizes[..^Axes], .. Sizes.Items];
        var result = Op.Fresh(Layout.Dense(all), x.DType);
        Planes.Move(x, positions, result, Axes, all, PlaneMove.Set);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new PlanePick(Axes, IsAdaptive: false), g, positions);

    // Dimensions before the axes are channels, however many there are.
    public Tensor Batch(Tensor x, Tensor positions) => Op.Indexed(this, x, positions);
}

/// <content>What a max pool took, back at its place.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Each element at its place in zeros, the partial inverse of <c>MaxPool1dWithIndices</c> (<c>torch.nn.functional.max_unpool1d</c>). This tensor
    /// has shape [N, C, L] or [C, L].
    /// </summary>
    /// <param name="indices">The positions in each channel, int64, in the shape of this tensor.</param>
    /// <param name="kernelSize">The size of the pool's windows.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">What the pool added on both sides; 0 if not given.</param>
    /// <param name="outputSize">The result's size, of all dimensions or of the last; what the pool's settings say if not given.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The indices are not int64.</exception>
    /// <exception cref="TensorIndexException">A position does not exist.</exception>
    public Tensor MaxUnpool1d(
        Tensor indices, PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, IReadOnlyList<int>? outputSize = null) =>
        Unpool(this, indices, 1, kernelSize, stride, padding, outputSize);

    /// <summary>
    /// Each element at its place in zeros, the partial inverse of <c>MaxPool2dWithIndices</c> (<c>torch.nn.functional.max_unpool2d</c>). This tensor
    /// has shape [N, C, H, W] or [C, H, W].
    /// </summary>
    /// <param name="indices">The positions in each channel, int64, in the shape of this tensor.</param>
    /// <param name="kernelSize">The size of the pool's windows.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">What the pool added on both sides; 0 if not given.</param>
    /// <param name="outputSize">The result's size, of all dimensions or of the last two; what the pool's settings say if not given.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The indices are not int64.</exception>
    /// <exception cref="TensorIndexException">A position does not exist.</exception>
    public Tensor MaxUnpool2d(
        Tensor indices, PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, IReadOnlyList<int>? outputSize = null) =>
        Unpool(this, indices, 2, kernelSize, stride, padding, outputSize);

    /// <summary>
    /// Each element at its place in zeros, the partial inverse of <c>MaxPool3dWithIndices</c> (<c>torch.nn.functional.max_unpool3d</c>). This tensor
    /// has shape [N, C, D, H, W] or [C, D, H, W].
    /// </summary>
    /// <param name="indices">The positions in each channel, int64, in the shape of this tensor.</param>
    /// <param name="kernelSize">The size of the pool's windows.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">What the pool added on both sides; 0 if not given.</param>
    /// <param name="outputSize">The result's size, of all dimensions or of the last three; what the pool's settings say if not given.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The indices are not int64.</exception>
    /// <exception cref="TensorIndexException">A position does not exist.</exception>
    public Tensor MaxUnpool3d(
        Tensor indices, PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, IReadOnlyList<int>? outputSize = null) =>
        Unpool(this, indices, 3, kernelSize, stride, padding, outputSize);

    private static Tensor Unpool(
        Tensor x, Tensor indices, int axes, PerAxis kernelSize, PerAxis stride, PerAxis padding, IReadOnlyList<int>? outputSize)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.DType != DType.Int64)
        {
            throw new DTypeException($"elements in indices should be type int64 but got: {indices.DType.ScalarName}");
        }

        if (x.Rank != axes + 1 && x.Rank != axes + 2)
        {
            throw new ShapeException(
                $"Input to max_unpooling{axes}d should be a {axes + 1}d or {axes + 2}d Tensor, but got a tensor with {x.Rank} dimensions");
        }

        if (!indices.Layout.SameSizes(x.Layout))
        {
            throw new ShapeException(
                $"Expected shape of indices to be same as that of the input tensor ({Shape.Text(x.Layout.Sizes)}) but got indices tensor " +
                $"with shape: " +
                Shape.Text(indices.Layout.Sizes));
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw x.DType.NotImplemented($"max_unpool{Math.Max(axes, 2)}d");
        }

        var sizes = UnpooledSizes(x, axes, kernelSize, stride, padding, outputSize);
        return axes > 1
            ? Op.Indexed(new MaxUnpool(axes, sizes), x, indices)
            : Op.Indexed(new MaxUnpool(2, [1, sizes[0]]), x.Unsqueeze(-2), indices.Unsqueeze(-2)).Squeeze(-2);
    }

    private static int[] UnpooledSizes(Tensor x, int axes, PerAxis kernelSize, PerAxis stride, PerAxis padding, IReadOnlyList<int>? outputSize)
    {
        var name = $"max_unpool{axes}d";
        var kernel = kernelSize.Three(axes, 0, 1, "kernel_size", name);
        var steps = stride.IsGiven ? stride.Three(axes, 1, 1, "stride", name) : kernel;
        var zeros = padding.Three(axes, 0, 0, "padding", name);
        var natural = new long[axes];
        for (var a = 0; a < axes; a++)
        {
            var at = 3 - axes + a;
            natural[a] = ((long)(x.Layout.Sizes[x.Rank - axes + a] - 1) * steps[at]) + kernel[at] - (2L * zeros[at]);
        }

        if (outputSize is null)
        {
            return Array.ConvertAll(natural, size => Shape.Dimension(size, $"the output of {name}"));
        }

        int[] sizes = [.. outputSize.Count == axes + 2 || outputSize.Count == x.Rank ? outputSize.Skip(outputSize.Count - axes) : outputSize];
        if (sizes.Length != axes)
        {
            throw new ShapeException(
                $"output_size should be a sequence containing {axes} or {axes + 2} elements, but it has a length of '{outputSize.Count}'");
        }

        for (var a = 0; a < axes; a++)
        {
            var step = steps[3 - axes + a];
            if (sizes[a] <= natural[a] - step || sizes[a] >= natural[a] + step)
            {
                throw new ShapeException(
                    $"invalid output_size \"{Shape.Text(sizes)}\" (dim {a} must be between {natural[a] - step} and {natural[a] + step})");
            }
        }

        return sizes;
    }
}
