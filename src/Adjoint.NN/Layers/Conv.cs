namespace Adjoint.NN;

/// <summary>A convolution over one axis with a weight and a bias of its own (<c>torch.nn.Conv1d</c>).</summary>
public sealed class Conv1d : ConvolutionLayer
{
    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(inChannels / groups * kernel), drawn in that order.
    /// </summary>
    /// <param name="inChannels">The channels of inputs.</param>
    /// <param name="outChannels">The channels of outputs.</param>
    /// <param name="kernelSize">The size of a neighbourhood.</param>
    /// <param name="stride">From one neighbourhood to the next; 1 if not given.</param>
    /// <param name="padding">Zeros around images, or what the mode says; <c>"same"</c> keeps the sizes.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="paddingMode">What is put around images instead of zeros.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv1d(
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride = default,
        ConvPadding padding = default,
        PerAxis dilation = default,
        int groups = 1,
        bool bias = true,
        PadMode paddingMode = PadMode.Constant,
        DType? dtype = null,
        Generator? generator = null)
        : base(1, false, inChannels, outChannels, kernelSize, stride, padding, default, dilation, groups, bias, paddingMode, dtype, generator)
    {
    }

    /// <summary>The convolution with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, inChannels, L] or [inChannels, L].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Padded(x).Conv1d(Weight, Bias, Stride, OwnPadding, Dilation, Groups);
    }
}

/// <summary>A convolution over two axes with a weight and a bias of its own (<c>torch.nn.Conv2d</c>).</summary>
public sealed class Conv2d : ConvolutionLayer
{
    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(inChannels / groups * kernel), drawn in that order.
    /// </summary>
    /// <param name="inChannels">The channels of inputs.</param>
    /// <param name="outChannels">The channels of outputs.</param>
    /// <param name="kernelSize">The size of a neighbourhood.</param>
    /// <param name="stride">From one neighbourhood to the next; 1 if not given.</param>
    /// <param name="padding">Zeros around images, or what the mode says; <c>"same"</c> keeps the sizes.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="paddingMode">What is put around images instead of zeros.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv2d(
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride = default,
        ConvPadding padding = default,
        PerAxis dilation = default,
        int groups = 1,
        bool bias = true,
        PadMode paddingMode = PadMode.Constant,
        DType? dtype = null,
        Generator? generator = null)
        : base(2, false, inChannels, outChannels, kernelSize, stride, padding, default, dilation, groups, bias, paddingMode, dtype, generator)
    {
    }

    /// <summary>The convolution with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, inChannels, H, W] or [inChannels, H, W].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Padded(x).Conv2d(Weight, Bias, Stride, OwnPadding, Dilation, Groups);
    }
}

/// <summary>A convolution over three axes with a weight and a bias of its own (<c>torch.nn.Conv3d</c>).</summary>
public sealed class Conv3d : ConvolutionLayer
{
    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(inChannels / groups * kernel), drawn in that order.
    /// </summary>
    /// <param name="inChannels">The channels of inputs.</param>
    /// <param name="outChannels">The channels of outputs.</param>
    /// <param name="kernelSize">The size of a neighbourhood.</param>
    /// <param name="stride">From one neighbourhood to the next; 1 if not given.</param>
    /// <param name="padding">Zeros around images, or what the mode says; <c>"same"</c> keeps the sizes.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="paddingMode">What is put around images instead of zeros.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv3d(
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride = default,
        ConvPadding padding = default,
        PerAxis dilation = default,
        int groups = 1,
        bool bias = true,
        PadMode paddingMode = PadMode.Constant,
        DType? dtype = null,
        Generator? generator = null)
        : base(3, false, inChannels, outChannels, kernelSize, stride, padding, default, dilation, groups, bias, paddingMode, dtype, generator)
    {
    }

    /// <summary>The convolution with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, inChannels, D, H, W] or [inChannels, D, H, W].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Padded(x).Conv3d(Weight, Bias, Stride, OwnPadding, Dilation, Groups);
    }
}
