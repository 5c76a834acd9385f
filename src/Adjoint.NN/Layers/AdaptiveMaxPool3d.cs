namespace Adjoint.NN;

/// <summary>The largest elements of windows that make a result of a given size (<c>torch.nn.AdaptiveMaxPool3d</c>).</summary>
/// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
public sealed class AdaptiveMaxPool3d(PerAxis outputSize) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"output_size={ModuleText.OfSizes(outputSize)}";

    /// <summary>The largest elements of windows that share the image evenly.</summary>
    /// <param name="x">Of shape [N, C, D, H, W] or [C, D, H, W].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.AdaptiveMaxPool3d(outputSize);
    }
}
