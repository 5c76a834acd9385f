namespace Adjoint.NN;

/// <summary>A transposed convolution over one axis with a weight and a bias of its own (<c>torch.nn.ConvTranspose1d</c>).</summary>
public sealed class ConvTranspose1d : ConvolutionLayer
{
    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(outChannels / groups * kernel), drawn in that order.
    /// </summary>
    /// <param name="inChannels">The channels of inputs.</param>
    /// <param name="outChannels">The channels of outputs.</param>
    /// <param name="kernelSize">The size of a neighbourhood.</param>
    /// <param name="stride">The stride of the convolution that this is the transpose of; 1 if not given.</param>
    /// <param name="padding">Its padding, which is cut off from the result; 0 if not given.</param>
    /// <param name="outputPadding">How much larger the result is at the end of each axis.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public ConvTranspose1d(
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride = default,
        PerAxis padding = default,
        PerAxis outputPadding = default,
        int groups = 1,
        bool bias = true,
        PerAxis dilation = default,
        DType? dtype = null,
        Generator? generator = null)
        : base(
            1, true, inChannels, outChannels, kernelSize, stride, padding, outputPadding, dilation, groups, bias, PadMode.Constant, dtype, generator)
    {
    }

    /// <summary>The transposed convolution with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, inChannels, L] or [inChannels, L].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.ConvTranspose1d(Weight, Bias, Stride, Padding.Values, OutputPadding, Groups, Dilation);
    }
}

/// <summary>A transposed convolution over two axes with a weight and a bias of its own (<c>torch.nn.ConvTranspose2d</c>).</summary>
public sealed class ConvTranspose2d : ConvolutionLayer
{
    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(outChannels / groups * kernel), drawn in that order.
    /// </summary>
    /// <param name="inChannels">The channels of inputs.</param>
    /// <param name="outChannels">The channels of outputs.</param>
    /// <param name="kernelSize">The size of a neighbourhood.</param>
    /// <param name="stride">The stride of the convolution that this is the transpose of; 1 if not given.</param>
    /// <param name="padding">Its padding, which is cut off from the result; 0 if not given.</param>
    /// <param name="outputPadding">How much larger the result is at the end of each axis.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public ConvTranspose2d(
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride = default,
        PerAxis padding = default,
        PerAxis outputPadding = default,
        int groups = 1,
        bool bias = true,
        PerAxis dilation = default,
        DType? dtype = null,
        Generator? generator = null)
        : base(
            2, true, inChannels, outChannels, kernelSize, stride, padding, outputPadding, dilation, groups, bias, PadMode.Constant, dtype, generator)
    {
    }

    /// <summary>The transposed convolution with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, inChannels, H, W] or [inChannels, H, W].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.ConvTranspose2d(Weight, Bias, Stride, Padding.Values, OutputPadding, Groups, Dilation);
    }
}

/// <summary>A transposed convolution over three axes with a weight and a bias of its own (<c>torch.nn.ConvTranspose3d</c>).</summary>
public sealed class ConvTranspose3d : ConvolutionLayer
{
    /// <summary>
    /// Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(outChannels / groups * kernel), drawn in that order.
    /// </summary>
    /// <param name="inChannels">The channels of inputs.</param>
    /// <param name="outChannels">The channels of outputs.</param>
    /// <param name="kernelSize">The size of a neighbourhood.</param>
    /// <param name="stride">The stride of the convolution that this is the transpose of; 1 if not given.</param>
    /// <param name="padding">Its padding, which is cut off from the result; 0 if not given.</param>
    /// <param name="outputPadding">How much larger the result is at the end of each axis.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public ConvTranspose3d(
        int inChannels,
        int outChannels,
        PerAxis kernelSize,
        PerAxis stride = default,
        PerAxis padding = default,
        PerAxis outputPadding = default,
        int groups = 1,
        bool bias = true,
        PerAxis dilation = default,
        DType? dtype = null,
        Generator? generator = null)
        : base(
            3, true, inChannels, outChannels, kernelSize, stride, padding, outputPadding, dilation, groups, bias, PadMode.Constant, dtype, generator)
    {
    }

    /// <summary>The transposed convolution with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, inChannels, D, H, W] or [inChannels, D, H, W].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.ConvTranspose3d(Weight, Bias, Stride, Padding.Values, OutputPadding, Groups, Dilation);
    }
}
