namespace Adjoint.NN;

/// <summary>An average pool over one axis (<c>torch.nn.AvgPool1d</c>); see <c>Tensor.AvgPool1d</c>.</summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="padding">Zeros around images; 0 if not given.</param>
/// <param name="ceilMode">Also take a last window that is not full.</param>
/// <param name="countIncludePad">Whether those zeros count as elements.</param>
public sealed class AvgPool1d(
    PerAxis kernelSize,
    PerAxis stride = default,
    PerAxis padding = default,
    bool ceilMode = false,
    bool countIncludePad = true) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={ModuleText.OfSingle(kernelSize)}, stride={ModuleText.OfSingle(stride.IsGiven ? stride : kernelSize)}, " +
        $"padding={ModuleText.OfSingle(padding, 0)}";

    /// <summary>The mean of each window.</summary>
    /// <param name="x">Of shape [N, C, L] or [C, L].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.AvgPool1d(kernelSize, stride, padding, ceilMode, countIncludePad);
    }
}
