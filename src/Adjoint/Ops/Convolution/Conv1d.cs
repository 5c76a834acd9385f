namespace Adjoint;

/// <content>The convolution over one axis.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Weighted sums of neighbourhoods (<c>torch.nn.functional.conv1d</c>; a cross-correlation: the kernel is not flipped). This tensor has shape
    /// [N, C, L] or, for a single image, [C, L]; float32 or float64.
    /// </summary>
    /// <param name="weight">Of shape [out, C / groups, ...kernel].</param>
    /// <param name="bias">Of shape [out]; null for none.</param>
    /// <param name="stride">From one neighbourhood to the next; 1 if not given.</param>
    /// <param name="padding">Zeros on both sides of each axis; <c>"same"</c> keeps the sizes.</param>
    /// <param name="dilation">From one element of a neighbourhood to the next; 1 if not given.</param>
    /// <param name="groups">Channels are cut into so many groups, which do not see each other.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public Tensor Conv1d(
        Tensor weight, Tensor? bias = null, PerAxis stride = default, ConvPadding padding = default, PerAxis dilation = default, int groups = 1) =>
        ConvolutionArguments.Run(this, weight, bias, stride, padding, dilation, groups, 1);
}
