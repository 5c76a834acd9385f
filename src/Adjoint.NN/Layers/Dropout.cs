namespace Adjoint.NN;

/// <summary>Sets elements to 0 at random in training (<c>torch.nn.Dropout</c>); see <c>Tensor.Dropout</c>.</summary>
/// <param name="p">The share of elements that become 0, from 0 to 1.</param>
/// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
public sealed class Dropout(double p = 0.5, Generator? generator = null) : DropoutLayer(p, generator)
{
    /// <summary>In training some elements are 0 and the others larger; in evaluation the input itself.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Dropout(P, Training, Generator);
    }
}
