using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>How the windows of an average pool are divided.</summary>
/// <param name="Axes">How many axes there are.</param>
/// <param name="Windows">The windows on each of three.</param>
/// <param name="IncludesPadding">Zeros around the image count.</param>
/// <param name="Divisor">What to divide by instead of a count; null for the count.</param>
/// <param name="IsAdaptive">The windows share the image evenly.</param>
internal sealed record WindowMeans(int Axes, ValueArray<PoolAxis> Windows, bool IncludesPadding, int? Divisor, bool IsAdaptive) : IParameters
{
    /// <summary>PyTorch's name for the derivative.</summary>
    public string NodeName => $"{Name}Backward0";

    /// <summary>PyTorch's name for the derivative of the derivative.</summary>
    public string NodeNameOfTranspose => $"{Name}BackwardBackward0";

    private string Name => $"{(IsAdaptive ? "AdaptiveAvgPool" : "AvgPool")}{Axes}D";

    public IEnumerable<KeyValuePair<string, object?>> List(string name) =>
        [.. PoolArguments.List(Axes, Windows), new("includesPadding", IncludesPadding), new("divisor", Divisor)];
}

/// <summary>The means of windows of an image. Its transpose is <see cref="WindowSpread"/>.</summary>
internal readonly record struct WindowMean(WindowMeans Means) : ILinear
{
    public string? GradName => Means?.NodeName;

    public TensorType Infer(TensorType x) => x.With(PoolArguments.OutputSizes(x.Layout, Means.Axes, Means.Windows));

    public unsafe Tensor Apply(Tensor x)
    {
        if (x.DType is { IsNarrow: true, IsFloatingPoint: true })
        {
            return Op.Convert(Apply(Op.Wide(x)), x.DType);
        }

        x = Op.Contiguous(x);
        var result = Op.Fresh(Layout.Dense(PoolArguments.OutputSizes(x.Layout, Means.Axes, Means.Windows)), x.DType);
        var channels = (nint)Shape.Product(x.Layout.Sizes.AsSpan(0, x.Rank - Means.Axes));
        Guard.Dense(x, x.DType, channels * Pool.Inputs(Means.Windows), "input");
        fixed (byte* a = &x.Storage.Origin, b = &result.Storage.Origin)
        {
            var job = new WindowLoops
            {
                Means = Means, Channels = channels, From = a + (x.Layout.Offset * x.DType.ItemSize), To = b, Spreads = false,
            };
            x.DType.VisitReal(ref job, "avg_pool");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new WindowSpread(Means), g);

    // Dimensions before the axes are channels, however many there are.
    public Tensor? Batch(Tensor x) => Op.Linear(new WindowMean(Means), x);
}

/// <summary>Each element in equal shares to its window: the transpose of <see cref="WindowMean"/>.</summary>
internal readonly record struct WindowSpread(WindowMeans Means) : ILinear
{
    public string? GradName => Means?.NodeNameOfTranspose;

    public TensorType Infer(TensorType x) =>
        x.With([.. x.Layout.Sizes[..^Means.Axes], .. Means.Windows.Items[^Means.Axes..].Select(window => window.In)]);

    public unsafe Tensor Apply(Tensor x)
    {
        if (x.DType is { IsNarrow: true, IsFloatingPoint: true })
        {
            return Op.Convert(Apply(Op.Wide(x)), x.DType);
        }

        x = Op.Contiguous(x);
        int[] sizes = [.. x.Layout.Sizes[..^Means.Axes], .. Means.Windows.Items[^Means.Axes..].Select(window => window.In)];
        var result = Op.Fresh(Layout.Dense(sizes), x.DType);
        var channels = (nint)Shape.Product(x.Layout.Sizes.AsSpan(0, x.Rank - Means.Axes));
        Guard.Dense(x, x.DType, channels * Pool.Outputs(Means.Windows), "grad_output");
        fixed (byte* a = &x.Storage.Origin, b = &result.Storage.Origin)
        {
            var job = new WindowLoops
            {
                Means = Means, Channels = channels, From = a + (x.Layout.Offset * x.DType.ItemSize), To = b, Spreads = true,
            };
            x.DType.VisitReal(ref job, "avg_pool");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new WindowMean(Means), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new WindowSpread(Means), x);
}

/// <summary>The loops of both.</summary>
internal unsafe struct WindowLoops : IRealJob
{
    public WindowMeans Means;
    public nint Channels;
    public byte* From;
    public byte* To;
    public bool Spreads;

    readonly void IRealJob.Run<T>()
    {
        if (Spreads)
        {
            Pool.Spread(Means.Windows, Means.IncludesPadding, Means.Divisor, Channels, (T*)From, (T*)To);
        }
        else
        {
            Pool.Average(Means.Windows, Means.IncludesPadding, Means.Divisor, Channels, (T*)From, (T*)To);
        }
    }
}
