namespace Adjoint.NN;

/// <summary>What convolution layers share: their parameters, PyTorch's first values for them, and their text.</summary>
public abstract class ConvolutionLayer : Layer
{
    private readonly int _axes;
    private readonly bool _isTransposed;
    private readonly Tensor _weight;

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
        PadMode paddingMode,
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
        PaddingMode = paddingMode;

        // A transposed convolution maps backwards: its weight has the input's channels first.
        int[] sizes = isTransposed
            ? [inChannels, outChannels / groups, .. KernelSize]
            : [outChannels, inChannels / groups, .. KernelSize];
        _weight = Parametrizable("weight", Init.KaimingUniform_(Tensor.Empty(sizes, dtype), Math.Sqrt(5), generator));
        if (bias)
        {
            var fanIn = _weight.Count / Math.Max(sizes[0], 1);
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

    /// <summary>What is put around images: zeros for <see cref="PadMode.Constant"/>.</summary>
    public PadMode PaddingMode { get; }

    /// <summary>The weight, of shape [out, in / groups, ...kernel]; transposed: [in, out / groups, ...kernel].</summary>
    public Tensor Weight => Current(_weight);

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
            text += Bias is null ? ", bias=False" : string.Empty;
            return PaddingMode == PadMode.Constant ? text : $"{text}, padding_mode={$"{PaddingMode}".ToLowerInvariant()}";
        }
    }

    /// <summary>The padding that the convolution itself does.</summary>
    private protected ConvPadding OwnPadding => PaddingMode == PadMode.Constant ? Padding : default;

    /// <summary>The images with what is not zeros around them.</summary>
    private protected Tensor Padded(Tensor x) => PaddingMode == PadMode.Constant ? x : x.Pad(Around(), PaddingMode);

    /// <summary>How much is put before and after, from the last axis on; for the same sizes the odd one comes after.</summary>
    private int[] Around()
    {
        var around = new int[2 * _axes];
        for (var axis = 0; axis < _axes; axis++)
        {
            var at = 2 * (_axes - 1 - axis);
            var total = Padding.IsSame ? Dilation[axis] * (KernelSize[axis] - 1) : 2 * Padding.Values[axis];
            (around[at], around[at + 1]) = (total / 2, total - (total / 2));
        }

        return around;
    }

    private static bool IsAll(PerAxis values, int value) => values.All(each => each == value);

    private PerAxis Each(PerAxis values, int otherwise) => ModuleText.Each(values, _axes, otherwise);
}
