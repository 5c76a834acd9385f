namespace Adjoint.NN;

/// <summary>
/// Puts the largest elements of windows over one axis back to their places (<c>torch.nn.MaxUnpool1d</c>); see <c>Tensor.MaxUnpool1d</c>.
/// </summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="padding">What the pool put around images; 0 if not given.</param>
public sealed class MaxUnpool1d(PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default) : Module
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={Each(kernelSize, 0)}, stride={Each(stride.IsGiven ? stride : kernelSize, 0)}, padding={Each(padding, 0)}";

    /// <summary>The image with those elements, and zeros elsewhere.</summary>
    /// <param name="x">The largest elements, of shape [N, C, L] or [C, L].</param>
    /// <param name="indices">Their places in the image, as the pool gave them.</param>
    /// <param name="outputSize">The size of the image; the least one that the pool makes such a result of if null.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="TensorIndexException">A place is out of range.</exception>
    public Tensor Forward(Tensor x, Tensor indices, IReadOnlyList<int>? outputSize = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.MaxUnpool1d(indices, kernelSize, stride, padding, outputSize);
    }

    private static PerAxis Each(PerAxis values, int otherwise) => ModuleText.Each(values, 1, otherwise);
}

/// <summary>
/// Puts the largest elements of windows over two axes back to their places (<c>torch.nn.MaxUnpool2d</c>); see <c>Tensor.MaxUnpool2d</c>.
/// </summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="padding">What the pool put around images; 0 if not given.</param>
public sealed class MaxUnpool2d(PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default) : Module
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={Each(kernelSize, 0)}, stride={Each(stride.IsGiven ? stride : kernelSize, 0)}, padding={Each(padding, 0)}";

    /// <summary>The image with those elements, and zeros elsewhere.</summary>
    /// <param name="x">The largest elements, of shape [N, C, H, W] or [C, H, W].</param>
    /// <param name="indices">Their places in the image, as the pool gave them.</param>
    /// <param name="outputSize">The size of the image; the least one that the pool makes such a result of if null.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="TensorIndexException">A place is out of range.</exception>
    public Tensor Forward(Tensor x, Tensor indices, IReadOnlyList<int>? outputSize = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.MaxUnpool2d(indices, kernelSize, stride, padding, outputSize);
    }

    private static PerAxis Each(PerAxis values, int otherwise) => ModuleText.Each(values, 2, otherwise);
}

/// <summary>
/// Puts the largest elements of windows over three axes back to their places (<c>torch.nn.MaxUnpool3d</c>); see <c>Tensor.MaxUnpool3d</c>.
/// </summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="padding">What the pool put around images; 0 if not given.</param>
public sealed class MaxUnpool3d(PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default) : Module
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={Each(kernelSize, 0)}, stride={Each(stride.IsGiven ? stride : kernelSize, 0)}, padding={Each(padding, 0)}";

    /// <summary>The image with those elements, and zeros elsewhere.</summary>
    /// <param name="x">The largest elements, of shape [N, C, D, H, W] or [C, D, H, W].</param>
    /// <param name="indices">Their places in the image, as the pool gave them.</param>
    /// <param name="outputSize">The size of the image; the least one that the pool makes such a result of if null.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="TensorIndexException">A place is out of range.</exception>
    public Tensor Forward(Tensor x, Tensor indices, IReadOnlyList<int>? outputSize = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.MaxUnpool3d(indices, kernelSize, stride, padding, outputSize);
    }

    private static PerAxis Each(PerAxis values, int otherwise) => ModuleText.Each(values, 3, otherwise);
}
