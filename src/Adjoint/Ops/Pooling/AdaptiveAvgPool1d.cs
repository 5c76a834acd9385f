using Adjoint.Ops.Families;

namespace Adjoint;

/// <content>The average pool over one axis that makes a result of a given size.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The means of windows that share the image evenly (<c>torch.nn.functional.adaptive_avg_pool1d</c>). This tensor has shape [N, C, L] or
    /// [C, L]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveAvgPool1d(PerAxis outputSize)
    {
        var windows = PoolArguments.Adaptive(this, outputSize, 1, "adaptive_avg_pool1d");
        return Op.Linear(new WindowMean(new(2, windows, false, null, "AdaptiveAvgPool2DBackward0")), Unsqueeze(-2)).Squeeze(-2);
    }
}
