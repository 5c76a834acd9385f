namespace Adjoint.NN;

/// <summary>What convolution layers share: their parameters, PyTorch's first values for them, and their text.</summary>
public abstract class ConvolutionLayer : Layer
{
    private readonly int _axes;
    private readonly bool _isTransposed;

    private protected ConvolutionLayer(
        int axes,
        bool isTransposed,
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride,
        ConvPadding padding,
        PerAxis outputPadding,
        PerAxis dilation,
        int groups,
        bool bias,
        DType? dtype,
        Generator? generator)
    {
        if (groups <= 0)
        {
            throw new ArgumentException("groups must be a positive integer", nameof(groups));
        }

        if (inChannels % groups != 0)
        {
            throw new ArgumentException("in_channels must be divisible by groups", nameof(inChannels));
        }

        if (outChannels % groups != 0)
        {
            throw new ArgumentException("out_channels must be divisible by groups", nameof(outChannels));
        }

        _axes = axes;
        _isTransposed = isTransposed;
        InChannels = inChannels;
        OutChannels = outChannels;
        KernelSize = Each(kernelSize, 1);
        Stride = Each(stride, 1);
        Padding = padding.IsSame ? padding : Each(padding.Values, 0);
        OutputPadding = Each(outputPadding, 0);
        Dilation = Each(dilation, 1);
        Groups = groups;

        // A transposed convolution maps backwards: its weight has the input's channels first.
        int[] sizes = isTransposed
            ? [inChannels, outChannels / groups, .. KernelSize]
            : [outChannels, inChannels / groups, .. KernelSize];
        Weight = Parameter("weight", Init.KaimingUniform_(Tensor.Empty(sizes, dtype), Math.Sqrt(5), generator));
        if (bias)
        {
            var fanIn = Weight.Count / Math.Max(sizes[0], 1);
            var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
            Bias = Parameter("bias", Tensor.Empty([outChannels], dtype).Uniform_(-bound, bound, generator));
        }
    }

    /// <summary>The channels of inputs.</summary>
    public int InChannels { get; }

    /// <summary>The channels of outputs.</summary>
    public int OutChannels { get; }

    /// <summary>The size of a neighbourhood.</summary>
    public PerAxis KernelSize { get; }

    /// <summary>From one neighbourhood to the next.</summary>
    public PerAxis Stride { get; }

    /// <summary>Zeros around images.</summary>
    public ConvPadding Padding { get; }

    /// <summary>How much larger a transposed convolution's result is at the end of each axis.</summary>
    public PerAxis OutputPadding { get; }

    /// <summary>From one element of a neighbourhood to the next.</summary>
    public PerAxis Dilation { get; }

    /// <summary>Channels are cut into so many groups.</summary>
    public int Groups { get; }

    /// <summary>The weight, of shape [out, in / groups, ...kernel]; transposed: [in, out / groups, ...kernel].</summary>
    public Tensor Weight { get; }

    /// <summary>The bias, of shape [out]; null if the layer has none.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected internal override string Settings
    {
        get
        {
            var text = $"{InChannels}, {OutChannels}, kernel_size={KernelSize}, stride={Stride}";
            text += Padding.IsSame ? ", padding=same" : IsAll(Padding.Values, 0) ? string.Empty : $", padding={Padding.Values}";
            text += IsAll(Dilation, 1) ? string.Empty : $", dilation={Dilation}";
            text += _isTransposed && !IsAll(OutputPadding, 0) ? $", output_padding={OutputPadding}" : string.Empty;
            text += Groups == 1 ? string.Empty : $", groups={Groups}";
            return Bias is null ? text + ", bias=False" : text;
        }
    }

    private static bool IsAll(PerAxis values, int value) => values.All(each => each == value);

    private PerAxis Each(PerAxis values, int otherwise) => values.Count switch
    {
        0 => Enumerable.Repeat(otherwise, _axes).ToArray(),
        1 => Enumerable.Repeat(values[0], _axes).ToArray(),
        _ => values,
    };
}
