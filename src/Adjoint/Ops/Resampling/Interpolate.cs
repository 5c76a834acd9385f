using System.Globalization;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>How an image of another size comes from the elements of the given one.</summary>
public enum InterpolateMode
{
    /// <summary>The element whose cell an output's first edge lies in (<c>nearest</c>); one, two or three axes.</summary>
    Nearest,

    /// <summary>The element whose cell an output's middle lies in (<c>nearest-exact</c>); one, two or three axes.</summary>
    NearestExact,

    /// <summary>Two neighbours by distance (<c>linear</c>); one axis.</summary>
    Linear,

    /// <summary>Two neighbours by distance along each of two axes (<c>bilinear</c>).</summary>
    Bilinear,

    /// <summary>Two neighbours by distance along each of three axes (<c>trilinear</c>).</summary>
    Trilinear,

    /// <summary>Cubic convolution of four neighbours along each of two axes, A = -0.75 (<c>bicubic</c>).</summary>
    Bicubic,

    /// <summary>Means of windows that share the image evenly (<c>area</c>, adaptive average pooling); one, two or three axes.</summary>
    Area,
}

/// <content>Images in other sizes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The image in another size (<c>torch.nn.functional.interpolate</c>). This tensor has shape [N, C, L], [N, C, H, W] or [N, C, D, H, W]; reals,
    /// and
    /// any dtype where outputs are elements of the image.
    /// </summary>
    /// <param name="size">The sizes of the result; this or <paramref name="scaleFactor"/>.</param>
    /// <param name="scaleFactor">How many times larger it is, one number or one for each axis; sizes are rounded down.</param>
    /// <param name="mode">How outputs come from elements.</param>
    /// <param name="alignCorners">
    /// Whether the first and last outputs are the first and last elements, and not the outer edges of their cells; of the linear and cubic modes.
    /// </param>
    /// <param name="recomputeScaleFactor">Whether the distance of outputs follows from the rounded size, and not from the given factor.</param>
    /// <param name="antialias">Whether outputs that are far apart see all elements between; of <c>Bilinear</c> and <c>Bicubic</c>.</param>
    /// <exception cref="ShapeException">The shape does not fit the mode, or a size is not positive.</exception>
    /// <exception cref="TensorException">Options do not fit together.</exception>
    /// <exception cref="DTypeException">The elements are no reals where outputs are computed.</exception>
    public Tensor Interpolate(
        PerAxis size = default,
        double[]? scaleFactor = null,
        InterpolateMode mode = InterpolateMode.Nearest,
        bool? alignCorners = null,
        bool? recomputeScaleFactor = null,
        bool antialias = false)
    {
        CheckInterpolation(this, size, scaleFactor, mode, alignCorners, recomputeScaleFactor, antialias);
        var axes = Rank - 2;
        var (sizes, steps) = (new int[axes], new double[axes]);
        for (var a = 0; a < axes; a++)
        {
            if (scaleFactor is null)
            {
                sizes[a] = size.Count == 1 ? size[0] : size[a];
                continue;
            }

            var factor = scaleFactor.Length == 1 ? scaleFactor[0] : scaleFactor[a];
            var length = Math.Floor(Layout.Sizes[a + 2] * factor);
            sizes[a] = length is >= int.MinValue and <= int.MaxValue ? (int)length : throw new ShapeException(
                string.Create(CultureInfo.InvariantCulture, $"a scale factor of {factor} makes an axis of {length} elements"));
            steps[a] = recomputeScaleFactor == true || factor <= 0 ? 0 : 1 / factor;
        }

        if (sizes.Any(length => length <= 0) || Layout.Sizes.AsSpan(1).Contains(0))
        {
            throw new ShapeException(
                $"Input and output sizes should be greater than 0, but got input {Shape.Text(Layout.Sizes)} and output size {Shape.Text(sizes)}");
        }

        if (mode == InterpolateMode.Area)
        {
            return axes == 1 ? AdaptiveAvgPool1d(sizes) : axes == 2 ? AdaptiveAvgPool2d(sizes) : AdaptiveAvgPool3d(sizes);
        }

        var kind = mode switch
        {
            InterpolateMode.Nearest => AxisKind.Nearest,
            InterpolateMode.NearestExact => AxisKind.NearestExact,
            InterpolateMode.Bicubic => antialias ? AxisKind.WideCubic : AxisKind.Cubic,
            _ => antialias ? AxisKind.WideLinear : AxisKind.Linear,
        };
        var all = new ResampleAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            all[a] = new(kind, Layout.Sizes[a + 2], sizes[a], steps[a], alignCorners == true, 0);
        }

        if (!all[0].Picks && !DType.IsFloatingPoint)
        {
            throw DType.NotImplemented(Resampling.NameOf(all));
        }

        return Op.Linear(new Resample(all), this);
    }

    /// <summary>The image in another size, each output the nearest element (<c>torch.nn.functional.upsample_nearest</c>).</summary>
    /// <param name="size">The sizes of the result; this or <paramref name="scaleFactor"/>.</param>
    /// <param name="scaleFactor">How many times larger it is; sizes are rounded down.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="TensorException">Neither or both are given.</exception>
    public Tensor UpsampleNearest(PerAxis size = default, double[]? scaleFactor = null) => Interpolate(size, scaleFactor);

    /// <summary>
    /// The image in another size, bilinear, with the corners of both on each other (<c>torch.nn.functional.upsample_bilinear</c>). Shape [N, C, H,
    /// W].
    /// </summary>
    /// <param name="size">The sizes of the result; this or <paramref name="scaleFactor"/>.</param>
    /// <param name="scaleFactor">How many times larger it is; sizes are rounded down.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="TensorException">Neither or both are given.</exception>
    public Tensor UpsampleBilinear(PerAxis size = default, double[]? scaleFactor = null) =>
        Interpolate(size, scaleFactor, InterpolateMode.Bilinear, alignCorners: true);

    private static void CheckInterpolation(
        Tensor x, PerAxis size, double[]? scaleFactor, InterpolateMode mode, bool? alignCorners, bool? recompute, bool antialias)
    {
        var name = mode == InterpolateMode.NearestExact ? "nearest-exact" : mode.ToString().ToLowerInvariant();
        var isPlain = mode is InterpolateMode.Nearest or InterpolateMode.NearestExact or InterpolateMode.Area;
        if (isPlain && alignCorners is not null)
        {
            throw new TensorException(
                "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
        }

        if (size.IsGiven && scaleFactor is not null)
        {
            throw new TensorException("only one of size or scale_factor should be defined");
        }

        if (!size.IsGiven && scaleFactor is null)
        {
            throw new TensorException("either size or scale_factor should be defined");
        }

        var axes = x.Rank - 2;
        var given = scaleFactor?.Length ?? size.Count;
        if (given != 1 && given != axes)
        {
            throw new ShapeException(
                "Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of " +
                $"{Shape.Text(x.Rank > 2 ? x.Layout.Sizes[2..] : [])} and {given} numbers. Please provide input tensor in (N, C, d1, d2, ...,dK) " +
                "format and output size or scale factors in (o1, o2, ...,oK) format.");
        }

        if (recompute == true && size.IsGiven)
        {
            throw new TensorException("recompute_scale_factor is not meaningful with an explicit size.");
        }

        if (antialias && !(axes == 2 && mode is InterpolateMode.Bilinear or InterpolateMode.Bicubic))
        {
            throw new TensorException("Anti-alias option is only supported for bilinear and bicubic modes");
        }

        var needed = mode switch
        {
            InterpolateMode.Linear => 1,
            InterpolateMode.Bilinear or InterpolateMode.Bicubic => 2,
            InterpolateMode.Trilinear => 3,
            _ => axes,
        };
        if (axes is < 1 or > 3)
        {
            throw new ShapeException(
                $"Input Error: Only 3D, 4D and 5D input Tensors supported (got {x.Rank}D) for the modes: nearest | linear | bilinear | bicubic | " +
                $"trilinear | area | nearest-exact (got {name})");
        }

        if (axes != needed)
        {
            throw new ShapeException($"Got {x.Rank}D input, but {name} mode needs {needed + 2}D input");
        }
    }
}
