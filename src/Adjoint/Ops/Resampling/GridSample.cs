using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>How values between the elements of an image are found.</summary>
public enum GridSampleMode
{
    /// <summary>Two neighbours by distance along each axis (<c>bilinear</c>, of three axes trilinear).</summary>
    Bilinear,

    /// <summary>The nearest element (<c>nearest</c>); nothing flows to the grid.</summary>
    Nearest,

    /// <summary>Cubic convolution of four neighbours along each of two axes, A = -0.75 (<c>bicubic</c>).</summary>
    Bicubic,
}

/// <summary>What lies beyond an image.</summary>
public enum GridSamplePadding
{
    /// <summary>Zeros (<c>zeros</c>).</summary>
    Zeros,

    /// <summary>The nearest element of the image (<c>border</c>).</summary>
    Border,

    /// <summary>The image backwards (<c>reflection</c>).</summary>
    Reflection,
}

/// <summary>
/// The values of images at the points of grids: linear in the images, and what its mode says in the points. The inputs are the images and the grid.
/// </summary>
/// <param name="Axes">Two or three.</param>
/// <param name="Mode">How values between elements are found.</param>
/// <param name="Padding">What lies beyond the image.</param>
/// <param name="AlignCorners">-1 and 1 are the middles of the first and last elements, and not their outer edges.</param>
internal readonly record struct GridSample(int Axes, GridSampleMode Mode, GridSamplePadding Padding, bool AlignCorners) : IFused
{
    public string GradName => Axes == 3 ? "GridSampler3DBackward0" : "GridSampler2DBackward0";

    public int Differentiable => 2;

    public Reads Reads(Places wanted) => (wanted[0] ? new Reads(Places.Of(1)) : default) | (wanted[1] ? new Reads(Places.Of(0, 1)) : default);

    public TensorType Infer(TensorType?[] inputs)
    {
        var (images, grid) = (inputs[0]!.Value, inputs[1]!.Value);
        return images.With([.. images.Layout.Sizes[..2], .. grid.Layout.Sizes[1..^1]]);
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var points = new GridPoints(this, inputs[0]!.Layout.Sizes, inputs[1]!);
        Tensor? sum = null;
        foreach (var corner in points.Corners)
        {
            var term = points.Read(inputs[0]!, corner) * corner.Weight;
            sum = sum is null ? term : sum + term;
        }

        return sum!.Reshape(Infer(Array.ConvertAll(inputs, input => (TensorType?)TensorType.Of(input!))).Layout.Sizes);
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (saved.Inputs[1] is not { } grid)
        {
            return [null, null];
        }

        var points = new GridPoints(this, saved.Layouts[0]!.Sizes, grid);
        var flat = g.Reshape(points.Flat);
        Tensor? ofImages = null;
        Tensor?[] ofAxes = new Tensor?[Axes];
        foreach (var corner in points.Corners)
        {
            if (saved.Wanted[0])
            {
                var added = points.Put(flat * corner.Weight, corner);
                ofImages = ofImages is null ? added : ofImages + added;
            }

            if (saved.Wanted[1])
            {
                var product = (points.Read(saved.Inputs[0]!, corner) * flat).Sum(1, keepDim: true);
                for (var a = 0; a < Axes; a++)
                {
                    var term = product * corner.Slopes[a];
                    ofAxes[a] = ofAxes[a] is { } before ? before + term : term;
                }
            }
        }

        return
        [
            ofImages?.Reshape(saved.Layouts[0]!.Sizes),
            saved.Wanted[1] ? Tensor.Stack([.. ofAxes.Reverse().Select(axis => axis!)], -1).Reshape(grid.Layout.Sizes) : null,
        ];
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var (images, grid) = (Op.Contiguous(inputs[0]!), Op.Contiguous(inputs[1]!));
        var result = Op.Fresh(Infer([TensorType.Of(images), TensorType.Of(grid)]).Layout, images.DType);
        Run(images.Layout.Sizes, images, grid, null, result, null, null);
        return result;
    }

    public Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        if (saved.Inputs[1] is not { } read)
        {
            return [null, null];
        }

        var (grid, sizes) = (Op.Contiguous(read), saved.Layouts[0]!.Sizes);
        g = Op.Contiguous(g);
        var ofImages = saved.Wanted[0] ? Op.Fresh(Layout.Dense(sizes), g.DType) : null;
        var ofGrid = saved.Wanted[1] ? Op.Fresh(grid.Layout, g.DType) : null;
        Run(sizes, saved.Inputs[0] is { } images ? Op.Contiguous(images) : null, grid, g, null, ofImages, ofGrid);
        return [ofImages, ofGrid];
    }

    public Tensor? Batch(Tensor?[] inputs, Places batched)
    {
        // A batch of batches of images is one batch.
        var (images, grid) = (inputs[0]!, inputs[1]!);
        var samples = batched[0] ? images.Layout.Sizes[0] : grid.Layout.Sizes[0];
        images = batched[0] ? images : images.Expand([samples, .. images.Layout.Sizes]);
        grid = batched[1] ? grid : grid.Expand([samples, .. grid.Layout.Sizes]);
        var number = images.Layout.Sizes[1];
        int[] sizes = [samples, number, images.Layout.Sizes[2], .. grid.Layout.Sizes[2..^1]];
        var all = Shape.Dimension((long)samples * number, "a batch of GridSample");
        return Op.Fused(this, images.Reshape([all, .. images.Layout.Sizes[2..]]), grid.Reshape([all, .. grid.Layout.Sizes[2..]])).Reshape(sizes);
    }

    private static unsafe void Run<T>(GridAxis[] axes, int coordinates, nint images, nint channels, nint points, in Pins pins)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using var sampler = new GridSampler<T>(axes, coordinates, images, points, (T*)pins[1]);
        if (pins[3] != null)
        {
            sampler.Read(channels, (T*)pins[0], (T*)pins[3]);
        }

        if (pins[4] != null)
        {
            sampler.PullImage(channels, (T*)pins[2], (T*)pins[4]);
        }

        if (pins[5] != null)
        {
            sampler.PullGrid(channels, (T*)pins[0], (T*)pins[2], (T*)pins[5]);
        }
    }

    private void Run(int[] sizes, Tensor? images, Tensor grid, Tensor? g, Tensor? result, Tensor? ofImages, Tensor? ofGrid)
    {
        var axes = new GridAxis[3];
        nint stride = 1;
        for (var a = 2; a >= 0; a--)
        {
            var size = a < 3 - Axes ? 1 : sizes[^(3 - a)];
            axes[a] = new(KindOf(Mode), EdgeOf(Padding), AlignCorners, size, stride);
            stride *= size;
        }

        var number = (nint)sizes[0];
        var channels = (nint)sizes[1];
        var points = number == 0 ? 0 : grid.Layout.Count / number / Axes;
        Guard.Dense(images, grid.DType, number * channels * stride, "input");
        Guard.Dense(grid, grid.DType, number * points * Axes);
        Guard.Dense(g, grid.DType, number * channels * points, "grad_output");
        using var pins = new Pins(images, grid, g, result, ofImages, ofGrid);
        var loops = new Loops { AllAxes = axes, Coordinates = Axes, Images = number, Channels = channels, Points = points, Pins = pins };
        grid.DType.VisitReal(loops, "grid_sampler");
    }

    private static GridKind KindOf(GridSampleMode mode) => mode switch
    {
        GridSampleMode.Nearest => GridKind.Nearest,
        GridSampleMode.Bicubic => GridKind.Cubic,
        _ => GridKind.Linear,
    };

    private static GridEdge EdgeOf(GridSamplePadding padding) => padding switch
    {
        GridSamplePadding.Border => GridEdge.Border,
        GridSamplePadding.Reflection => GridEdge.Reflection,
        _ => GridEdge.Zeros,
    };

    private ref struct Loops : IRealJob
    {
        public GridAxis[] AllAxes;
        public int Coordinates;
        public nint Images;
        public nint Channels;
        public nint Points;
        public Pins Pins;

        readonly void IRealJob.Run<T>() => Run<T>(AllAxes, Coordinates, Images, Channels, Points, Pins);
    }
}

/// <content>Images at the points of a grid.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The values of images at the points of grids (<c>torch.nn.functional.grid_sample</c>). This tensor has shape [N, C, H, W] or [N, C, D, H, W];
    /// reals.
    /// </summary>
    /// <param name="grid">
    /// Of shape [N, H', W', 2] or [N, D', H', W', 3], in this tensor's dtype: the coordinate along the last axis first, each from -1 to 1 inside of
    /// the image.
    /// </param>
    /// <param name="mode">How values between elements are found.</param>
    /// <param name="paddingMode">What lies beyond the image.</param>
    /// <param name="alignCorners">-1 and 1 are the middles of the first and last elements, and not their outer edges.</param>
    /// <returns>Of shape [N, C, H', W'] or [N, C, D', H', W'].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public Tensor GridSample(
        Tensor grid,
        GridSampleMode mode = GridSampleMode.Bilinear,
        GridSamplePadding paddingMode = GridSamplePadding.Zeros,
        bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (grid.DType != DType)
        {
            throw new DTypeException(
                $"grid_sampler(): expected input and grid to have same dtype, but input has {DType.ScalarName} and grid has " +
                $"{grid.DType.ScalarName}. " +
                "Convert one of them with To(DType).");
        }

        if (!DType.IsFloatingPoint)
        {
            throw DType.NotImplemented("grid_sampler_2d_cpu");
        }

        var sizes = $"input with sizes {Shape.Text(Layout.Sizes)} and grid with sizes {Shape.Text(grid.Layout.Sizes)}";
        if (Rank is not (4 or 5) || grid.Rank != Rank)
        {
            throw new ShapeException($"grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got {sizes}");
        }

        if (grid.Layout.Sizes[0] != Layout.Sizes[0])
        {
            throw new ShapeException($"grid_sampler(): expected grid and input to have same batch size, but got {sizes}");
        }

        if (grid.Layout.Sizes[^1] != Rank - 2)
        {
            throw new ShapeException(
                $"grid_sampler(): expected grid to have size {Rank - 2} in last dimension, but got grid with sizes {grid.Shape}");
        }

        if (Layout.Sizes.AsSpan(2).Contains(0))
        {
            throw new ShapeException(
                $"grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes {Shape.Text(Layout.Sizes)}");
        }

        return mode == GridSampleMode.Bicubic && Rank == 5
            ? throw new ShapeException("grid_sampler(): bicubic interpolation only supports 4D input")
            : Op.Fused(new GridSample(Rank - 2, mode, paddingMode, alignCorners), this, grid);
    }
}
