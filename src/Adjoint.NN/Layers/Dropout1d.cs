namespace Adjoint.NN;

/// <summary>Sets whole channels to 0 at random in training (<c>torch.nn.Dropout1d</c>); see <c>Tensor.Dropout1d</c>.</summary>
/// <param name="p">The share of channels that become 0, from 0 to 1.</param>
/// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
public sealed class Dropout1d(double p = 0.5, Generator? generator = null) : DropoutLayer(p, generator)
{
    /// <summary>In training some channels are 0 and the others larger; in evaluation the input itself.</summary>
    /// <param name="x">Of shape [N, C, L] or [C, L].</param>
    /// <exception cref="ShapeException">The shape is another.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Dropout1d(P, Training, Generator);
    }
}
