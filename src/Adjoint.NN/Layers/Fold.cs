namespace Adjoint.NN;

/// <summary>Adds columns up to images (<c>torch.nn.Fold</c>); see <c>Tensor.Col2Im</c>.</summary>
/// <param name="outputSize">Height and width of the images.</param>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
/// <param name="padding">Zeros around images; 0 if not given.</param>
/// <param name="stride">From one window to the next; 1 if not given.</param>
public sealed class Fold(
    PerAxis outputSize, PerAxis kernelSize, PerAxis dilation = default, PerAxis padding = default, PerAxis stride = default) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"output_size={ModuleText.Of(outputSize)}, kernel_size={ModuleText.Of(kernelSize)}, dilation={ModuleText.Of(dilation, 1)}, " +
        $"padding={ModuleText.Of(padding)}, stride={ModuleText.Of(stride, 1)}";

    /// <summary>The images that the columns sum to.</summary>
    /// <param name="x">Of shape [N, C kernel, windows] or [C kernel, windows].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Col2Im(outputSize, kernelSize, dilation, padding, stride);
    }
}
