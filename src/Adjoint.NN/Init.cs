namespace Adjoint.NN;

/// <summary>
/// First values of parameters (<c>torch.nn.init</c>): they fill a tensor in place and return it. Nothing is recorded, so that parameters of a model
/// may be filled too.
/// </summary>
/// <example><code>Init.XavierUniform_(model.Weight);</code></example>
public static class Init
{
    /// <summary>
    /// Uniform numbers that keep the variance of activations through a rectifier: bounds of gain * sqrt(3 / fan_in) with
    /// gain = sqrt(2 / (1 + a^2)) (He and others, "Delving Deep into Rectifiers", 2015, eq. 14; <c>kaiming_uniform_</c>).
    /// </summary>
    /// <param name="tensor">A weight of at least two dimensions: outputs first, then inputs.</param>
    /// <param name="a">The slope of the rectifier for negative numbers; 0 for <see cref="ReLU"/>.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor KaimingUniform_(Tensor tensor, double a = 0, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Count == 0)
        {
            Autograd.Warn("Initializing zero-element tensors is a no-op");
            return tensor;
        }

        var gain = Math.Sqrt(2.0 / (1 + (a * a)));
        var deviation = gain / Math.Sqrt(FanIn(tensor));
        var bound = Math.Sqrt(3.0) * deviation;
        return Uniform(tensor, bound, generator);
    }

    /// <summary>
    /// Uniform numbers that keep the variance of activations and of gradients: bounds of gain * sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio,
    /// "Understanding the difficulty of training deep feedforward neural networks", 2010, eq. 16; <c>xavier_uniform_</c>).
    /// </summary>
    /// <param name="tensor">A weight of at least two dimensions: outputs first, then inputs.</param>
    /// <param name="gain">A factor for the bounds.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor XavierUniform_(Tensor tensor, double gain = 1, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var fanIn = FanIn(tensor);
        var fanOut = tensor.Shape[0] * (fanIn / Math.Max(tensor.Shape[1], 1));
        var bound = Math.Sqrt(3.0) * (gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
        return Uniform(tensor, bound, generator);
    }

    /// <summary>Fills a tensor that may be a leaf; PyTorch does so under no_grad as well, and counts the change.</summary>
    private static Tensor Uniform(Tensor tensor, double bound, Generator? generator)
    {
        using (Autograd.NoGrad())
        {
            return tensor.Uniform_(-bound, bound, generator);
        }
    }

    /// <summary>The number of inputs that one output of a weight sums over: all dimensions but the first.</summary>
    private static long FanIn(Tensor weight)
    {
        return weight.Rank >= 2
            ? Shape.Create(weight.Shape.AsSpan()[1..]).Count
            : throw new ShapeException(
                "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
    }
}
