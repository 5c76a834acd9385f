namespace Adjoint.NN;

/// <summary>
/// Sets elements to what <see cref="SELU"/> tends to at random in training (<c>torch.nn.AlphaDropout</c>); see <c>Tensor.AlphaDropout</c>.
/// </summary>
/// <param name="p">The share of elements, from 0 to 1.</param>
/// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
public sealed class AlphaDropout(double p = 0.5, Generator? generator = null) : DropoutLayer(p, generator)
{
    /// <summary>In training mean and variance stay; in evaluation the input itself.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.AlphaDropout(P, Training, Generator);
    }
}

/// <summary>Sets whole channels to what <see cref="SELU"/> tends to at random in training (<c>torch.nn.FeatureAlphaDropout</c>).</summary>
/// <param name="p">The share of channels, from 0 to 1.</param>
/// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
public sealed class FeatureAlphaDropout(double p = 0.5, Generator? generator = null) : DropoutLayer(p, generator)
{
    /// <summary>In training mean and variance stay; in evaluation the input itself.</summary>
    /// <param name="x">Of shape [N, C, ...].</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.FeatureAlphaDropout(P, Training, Generator);
    }
}
