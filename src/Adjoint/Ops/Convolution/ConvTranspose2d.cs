namespace Adjoint;

/// <content>The transposed convolution over two axes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The transpose of <see cref="Conv2d"/> by its input (<c>torch.nn.functional.conv_transpose2d</c>). This tensor has shape [N, C, H, W]
    /// or, for a single image, [C, H, W]; float32 or float64.
    /// </summary>
    /// <param name="weight">Of shape [C, out / groups, ...kernel].</param>
    /// <param name="bias">Of shape [out]; null for none.</param>
    /// <param name="stride">The stride of the convolution that this is the transpose of; 1 if not given.</param>
    /// <param name="padding">Its padding, which is cut off from this result; 0 if not given.</param>
    /// <param name="outputPadding">How much larger the result is at the end of each axis; less than the stride or the dilation.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public Tensor ConvTranspose2d(
        Tensor weight,
        Tensor? bias = null,
        PerAxis stride = default,
        PerAxis padding = default,
        PerAxis outputPadding = default,
        int groups = 1,
        PerAxis dilation = default) =>
        ConvolutionArguments.RunTransposed(this, weight, bias, stride, padding, outputPadding, groups, dilation, 2);
}
