using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Windows of an image as columns of a matrix. Its transpose is <see cref="Col2Im"/>.</summary>
/// <param name="Rows">The windows along the height.</param>
/// <param name="Columns">The windows along the width.</param>
internal readonly record struct Im2Col(WindowAxis Rows, WindowAxis Columns) : ILinear, IParameters
{
    public IEnumerable<KeyValuePair<string, object?>> List(string name) => WindowMatrix.List(Rows, Columns);

    public TensorType Infer(TensorType x) => x.With(
    [
        .. x.Layout.Sizes[..^3], Shape.Dimension(x.Layout.Sizes[^3] * new ImageWindows(Rows, Columns).Area, "the columns of Im2Col"),
        Shape.Dimension((long)Rows.Count * Columns.Count, "the columns of Im2Col"),
    ]);

    public Tensor Apply(Tensor x) => WindowMatrix.Move(x, Infer(TensorType.Of(x)), new(Rows, Columns), adds: false);

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Col2Im(Rows, Columns), g);

    // Whatever comes before the channels is a batch.
    public Tensor? Batch(Tensor x) => Op.Linear(this, x);
}

/// <summary>Columns of a matrix added up as windows of an image. Its transpose is <see cref="Im2Col"/>.</summary>
/// <param name="Rows">The windows along the height.</param>
/// <param name="Columns">The windows along the width.</param>
internal readonly record struct Col2Im(WindowAxis Rows, WindowAxis Columns) : ILinear, IParameters
{
    public IEnumerable<KeyValuePair<string, object?>> List(string name) => WindowMatrix.List(Rows, Columns);

    public TensorType Infer(TensorType x) =>
        x.With([.. x.Layout.Sizes[..^2], (int)(x.Layout.Sizes[^2] / new ImageWindows(Rows, Columns).Area), Rows.Size, Columns.Size]);

    public Tensor Apply(Tensor x) => WindowMatrix.Move(x, Infer(TensorType.Of(x)), new(Rows, Columns), adds: true);

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Im2Col(Rows, Columns), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this, x);
}

/// <summary>The way from tensors to the loops of <see cref="ImageWindows"/>.</summary>
internal static class WindowMatrix
{
    public static IEnumerable<KeyValuePair<string, object?>> List(WindowAxis rows, WindowAxis columns) =>
    [
        new("size", new[] { rows.Size, columns.Size }), new("kernel", new[] { rows.Kernel, columns.Kernel }),
        new("dilation", new[] { rows.Dilation, columns.Dilation }), new("padding", new[] { rows.Padding, columns.Padding }),
        new("stride", new[] { rows.Stride, columns.Stride }),
    ];

    public static unsafe Tensor Move(Tensor x, TensorType type, ImageWindows windows, bool adds)
    {
        if (x.DType.IsNarrow)
        {
            return Op.Convert(Move(Op.Wide(x), type.To(x.DType.Compute), windows, adds), x.DType);
        }

        x = Op.Contiguous(x);
        var result = Op.Fresh(type.Layout, x.DType);
        if (result.Layout.Count == 0)
        {
            return result;
        }

        var image = adds ? result : x;
        var planes = image.Layout.Count / ((nint)windows.Rows.Size * windows.Columns.Size);
        Guard.Dense(adds ? x : result, x.DType, planes * (nint)windows.Area * windows.Rows.Count * windows.Columns.Count, "input");
        using var pins = new Pins(x, result);
        x.DType.VisitReal(new Loops { Windows = windows, Planes = planes, Adds = adds, X = pins[0], Y = pins[1] }, adds ? "col2im" : "im2col");
        return result;
    }

    /// <summary>The windows that settings ask for.</summary>
    /// <param name="size">Height and width of the image.</param>
    /// <param name="kernelSize">Of a window.</param>
    /// <param name="dilation">From one element of a window to the next.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="stride">From one window to the next.</param>
    public static ImageWindows Of(int[] size, PerAxis kernelSize, PerAxis dilation, PerAxis padding, PerAxis stride)
    {
        var kernel = Two(kernelSize, 0, "kernel_size");
        var (gaps, zeros, steps) = (Two(dilation, 1, "dilation"), Two(padding, 0, "padding"), Two(stride, 1, "stride"));
        ThrowUnless(kernel.All(value => value > 0), "kernel size", kernel, "kernel");
        ThrowUnless(gaps.All(value => value > 0), "dilation", gaps, "dilation");
        ThrowUnless(steps.All(value => value > 0), "stride", steps, "stride");
        if (zeros.Any(value => value < 0))
        {
            throw new ShapeException($"padding should be non-negative, but got pad_height: {zeros[0]} pad_width: {zeros[1]}");
        }

        var counts = new long[2];
        for (var a = 0; a < 2; a++)
        {
            var free = size[a] + (2L * zeros[a]) - ((long)gaps[a] * (kernel[a] - 1)) - 1;
            counts[a] = free < 0 ? 0 : (free / steps[a]) + 1;
        }

        if (counts.Any(count => count < 1))
        {
            throw new ShapeException(
                $"Given input with spatial size ({size[0]}, {size[1]}), kernel_size=({kernel[0]}, {kernel[1]}), dilation=({gaps[0]}, {gaps[1]}), " +
                $"padding=({zeros[0]}, {zeros[1]}), calculated shape of the array of sliding blocks as ({counts[0]}, {counts[1]}), but its " +
                $"components " +
                "must be at least one.");
        }

        return new(Axis(0), Axis(1));

        WindowAxis Axis(int a) => new(size[a], kernel[a], gaps[a], zeros[a], steps[a], Shape.Dimension(counts[a], "the windows of an image"));
    }

    private static int[] Two(PerAxis values, int otherwise, string what) => values.Count switch
    {
        0 => [otherwise, otherwise],
        1 => [values[0], values[0]],
        2 => [values[0], values[1]],
        _ => throw new ShapeException($"It is expected {what} equals to 2, but got size {values.Count}"),
    };

    private static void ThrowUnless(bool isRight, string what, int[] values, string name)
    {
        if (!isRight)
        {
            throw new ShapeException($"{what} should be greater than zero, but got {name}_height: {values[0]} {name}_width: {values[1]}");
        }
    }

    private unsafe struct Loops : IRealJob
    {
        public ImageWindows Windows;
        public nint Planes;
        public bool Adds;
        public byte* X;
        public byte* Y;

        readonly void IRealJob.Run<T>()
        {
            if (Adds)
            {
                Windows.Add(Planes, (T*)X, (T*)Y);
            }
            else
            {
                Windows.Take(Planes, (T*)X, (T*)Y);
            }
        }
    }
}

/// <content>Windows of images as columns of matrices.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// All windows of an image as columns (<c>torch.nn.functional.unfold</c>; <c>Unfold</c> is <c>Tensor.unfold</c>). This tensor has shape [N, C,
    /// H, W]
    /// or [C, H, W], the result [N, C * kernel, windows] or without N; reals.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="padding">Zeros on both sides of each axis; 0 if not given.</param>
    /// <param name="stride">From one window to the next; 1 if not given.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Im2Col(PerAxis kernelSize, PerAxis dilation = default, PerAxis padding = default, PerAxis stride = default)
    {
        if ((Rank != 3 && Rank != 4) || Layout.Sizes.AsSpan(Rank - 3).Contains(0))
        {
            throw new ShapeException(
                "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: " +
                Shape.Text(Layout.Sizes));
        }

        var windows = WindowMatrix.Of(Layout.Sizes[^2..], kernelSize, dilation, padding, stride);
        return DType.IsFloatingPoint ? Op.Linear(new Im2Col(windows.Rows, windows.Columns), this) : throw DType.NotImplemented("im2col_out_cpu");
    }

    /// <summary>
    /// The image to which columns add up as windows (<c>torch.nn.functional.fold</c>): what lies in several windows is their sum. This tensor has
    /// shape
    /// [N, C * kernel, windows] or [C * kernel, windows], the result [N, C, H, W] or without N; reals.
    /// </summary>
    /// <param name="outputSize">The height and the width of the image.</param>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="padding">What windows reach beyond both sides of each axis, and is dropped; 0 if not given.</param>
    /// <param name="stride">From one window to the next; 1 if not given.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Col2Im(
        PerAxis outputSize, PerAxis kernelSize, PerAxis dilation = default, PerAxis padding = default, PerAxis stride = default)
    {
        int[] size = outputSize.Count == 1 ? [outputSize[0], outputSize[0]] : [.. outputSize];
        if (size.Length != 2 || size.Any(value => value <= 0))
        {
            throw new ShapeException($"Expected two positive numbers for output_size, but got {outputSize}");
        }

        if ((Rank != 2 && Rank != 3) || Layout.Sizes.AsSpan(Rank - 2).Contains(0))
        {
            throw new ShapeException(
                "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: " +
                Shape.Text(Layout.Sizes));
        }

        var windows = WindowMatrix.Of(size, kernelSize, dilation, padding, stride);
        if (Layout.Sizes[^2] % windows.Area != 0)
        {
            throw new ShapeException(
                $"Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)={Layout.Sizes[^2]} and " +
                $"kernel_size=({windows.Rows.Kernel}, {windows.Columns.Kernel}).");
        }

        var count = (long)windows.Rows.Count * windows.Columns.Count;
        if (Layout.Sizes[^1] != count)
        {
            throw new ShapeException(
                $"Given output_size=({size[0]}, {size[1]}), kernel_size=({windows.Rows.Kernel}, {windows.Columns.Kernel}), expected size of " +
                $"input's " +
                $"dimension 2 to match the calculated number of sliding blocks {windows.Rows.Count} * {windows.Columns.Count} = {count}, but got " +
                $"input.size(2)={Layout.Sizes[^1]}.");
        }

        return DType.IsFloatingPoint ? Op.Linear(new Col2Im(windows.Rows, windows.Columns), this) : throw DType.NotImplemented("col2im_out_cpu");
    }
}
