using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The last dimensions of an image with other sizes: interpolated, or padded by their own elements. Linear, a product of one sparse matrix for each
/// axis. Its transpose is <see cref="ResampleTranspose"/>.
/// </summary>
/// <param name="Axes">The axes.</param>
internal readonly record struct Resample(ValueArray<ResampleAxis> Axes) : ILinear, IParameters
{
    public string GradName => Resampling.NameOf(Axes) + "Backward0";

    public string Called => Resampling.NameOf(Axes);

    public TensorType Infer(TensorType x) => x.With(Resampling.SizesOf(x.Layout, Axes, axis => axis.Out));

    public Tensor Apply(Tensor x)
    {
        var picks = Array.TrueForAll(Axes.Items, axis => axis.Picks);
        if (!picks && x.DType.IsNarrow)
        {
            return Op.Convert(Apply(Op.Wide(x)), x.DType);
        }

        x = Op.Contiguous(x);
        var result = Op.Fresh(Infer(TensorType.Of(x)).Layout, x.DType);
        if (result.Layout.Count > 0)
        {
            Resampling.Run(Axes, picks, isTransposed: false, x, result);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new ResampleTranspose(Axes), g);

    // Dimensions before the axes are planes, however many there are.
    public Tensor? Batch(Tensor x) => Op.Linear(this, x);

    public IEnumerable<KeyValuePair<string, object?>> List(string name) => Resampling.List(Axes);
}

/// <summary>The gradient of an image that was given other sizes: the transpose of <see cref="Resample"/>.</summary>
/// <param name="Axes">The axes.</param>
internal readonly record struct ResampleTranspose(ValueArray<ResampleAxis> Axes) : ILinear, IParameters
{
    public string GradName => Resampling.NameOf(Axes) + "BackwardBackward0";

    public TensorType Infer(TensorType x) => x.With(Resampling.SizesOf(x.Layout, Axes, axis => axis.In));

    public Tensor Apply(Tensor x)
    {
        if (x.DType.IsNarrow)
        {
            return Op.Convert(Apply(Op.Wide(x)), x.DType);
        }

        x = Op.Contiguous(x);
        var result = Op.Fresh(Infer(TensorType.Of(x)).Layout, x.DType);
        if (result.Layout.Count > 0)
        {
            Resampling.Run(Axes, picks: false, isTransposed: true, x, result);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Resample(Axes), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this, x);

    public IEnumerable<KeyValuePair<string, object?>> List(string name) => Resampling.List(Axes);
}

/// <summary>What resampling and its transpose have in common: names, sizes, and the way from tensors to loops.</summary>
internal static class Resampling
{
    /// <summary>PyTorch's name for the operator.</summary>
    public static string NameOf(ResampleAxis[] axes) => axes is [] ? "Resample" : axes[0].Kind switch
    {
        AxisKind.Nearest => $"UpsampleNearest{axes.Length}D",
        AxisKind.NearestExact => $"UpsampleNearestExact{axes.Length}D",
        AxisKind.Linear => axes.Length switch
        {
            1 => "UpsampleLinear1D",
            2 => "UpsampleBilinear2D",
            _ => "UpsampleTrilinear3D",
        },
        AxisKind.Cubic => "UpsampleBicubic2D",
        AxisKind.WideLinear => "UpsampleBilinear2DAa",
        AxisKind.WideCubic => "UpsampleBicubic2DAa",
        AxisKind.Reflect => $"ReflectionPad{axes.Length}D",
        AxisKind.Replicate => $"ReplicationPad{axes.Length}D",
        _ => "PadCircular",
    };

    public static int[] SizesOf(Layout layout, ResampleAxis[] axes, Func<ResampleAxis, int> size) =>
        [.. layout.Sizes[..^axes.Length], .. axes.Select(size)];

    public static IEnumerable<KeyValuePair<string, object?>> List(ResampleAxis[] axes) =>
    [
        new("kind", axes is [] ? null : axes[0].Kind.ToString()),
        new("in", Array.ConvertAll(axes, axis => axis.In)),
        new("out", Array.ConvertAll(axes, axis => axis.Out)),
        new("step", Array.ConvertAll(axes, axis => axis.Step)),
        new("alignCorners", axes is not [] && axes[0].AlignsCorners),
        new("before", Array.ConvertAll(axes, axis => axis.Before)),
    ];

    /// <summary>Runs the loops over dense tensors.</summary>
    public static unsafe void Run(ResampleAxis[] axes, bool picks, bool isTransposed, Tensor x, Tensor result)
    {
        var each = axes.Aggregate((nint)1, (count, axis) => count * (isTransposed ? axis.Out : axis.In));
        var planes = x.Layout.Sizes[..^axes.Length].Aggregate((nint)1, (count, size) => count * size);
        Guard.Dense(x, x.DType, planes * each, "input");
        using var pins = new Pins(x, result);
        if (picks)
        {
            Pick(axes, planes, x.DType, pins[0], pins[1]);
        }
        else
        {
            x.DType.VisitReal(new Loops { Axes = axes, IsTransposed = isTransposed, Planes = planes, X = pins[0], Y = pins[1] }, NameOf(axes));
        }
    }

    private static unsafe void Pick(ResampleAxis[] axes, nint planes, DType dtype, byte* x, byte* y)
    {
        int[] sizes = [1, 1, 1];
        int[][] picked = [[0], [0], [0]];
        for (var a = 0; a < axes.Length; a++)
        {
            var at = 3 - axes.Length + a;
            sizes[at] = axes[a].In;
            picked[at] = dtype == DType.Float64 ? axes[a].Picked<double>() : axes[a].Picked<float>();
        }

        switch (dtype.ItemSize)
        {
            case 1:
                AxisPicker<byte>.Run(sizes, picked[0], picked[1], picked[2], planes, x, y);
                break;
            case 2:
                AxisPicker<ushort>.Run(sizes, picked[0], picked[1], picked[2], planes, (ushort*)x, (ushort*)y);
                break;
            case 4:
                AxisPicker<uint>.Run(sizes, picked[0], picked[1], picked[2], planes, (uint*)x, (uint*)y);
                break;
            default:
                AxisPicker<ulong>.Run(sizes, picked[0], picked[1], picked[2], planes, (ulong*)x, (ulong*)y);
                break;
        }
    }

    private unsafe struct Loops : IRealJob
    {
        public ResampleAxis[] Axes;
        public bool IsTransposed;
        public nint Planes;
        public byte* X;
        public byte* Y;

        readonly void IRealJob.Run<T>()
        {
            var isTransposed = IsTransposed;
            var matrices = Array.ConvertAll(Axes, axis => isTransposed ? axis.Matrix<T>().Transposed() : axis.Matrix<T>());
            Resampler<T>.Run(
                matrices.Length > 2 ? matrices[0] : null, matrices.Length > 1 ? matrices[^2] : null, matrices[^1], Planes, (T*)X, (T*)Y);
        }
    }
}
