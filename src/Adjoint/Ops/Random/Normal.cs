namespace Adjoint;

/// <content>Normal numbers whose parameters are tensors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Numbers from normal distributions, element by element, broadcast (<c>torch.normal</c>). Both parameters get gradients, through
    /// mean + std * z with a standard normal z; PyTorch's get zeros there, and only <c>torch.distributions.Normal.rsample</c> does this.
    /// </summary>
    /// <param name="mean">The means.</param>
    /// <param name="std">The standard deviations.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">A standard deviation is negative.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The parameters are no reals.</exception>
    public static Tensor Normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        var both = Sampled.Together("normal_kernel_cpu", mean, std);
        Sampled.Check(std, value => !(value < 0), "normal expects all elements of std >= 0.0. Pass their magnitudes: std.Abs().");
        return (Tensor.Randn(both[0].Layout.Sizes, both[0].DType, generator) * std) + mean;
    }

    /// <summary>Numbers from one normal distribution (<c>torch.normal(mean, std, size)</c>).</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">A real one; float32 if null.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">The standard deviation is negative.</exception>
    /// <exception cref="DTypeException">The dtype is not real.</exception>
    public static Tensor Normal(double mean, double std, ReadOnlySpan<int> shape, DType? dtype = null, Generator? generator = null) =>
        Interpreters.Nesting.Random(shape, sizes => RandomFill.Normal(Tensor.Empty(sizes, dtype), mean, std, generator));
}
