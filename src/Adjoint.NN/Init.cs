namespace Adjoint.NN;

/// <summary>Which count of a weight's connections <see cref="Init"/> keeps the variance for.</summary>
public enum FanMode
{
    /// <summary>Those into an output: activations keep their variance on the way forward.</summary>
    FanIn,

    /// <summary>Those out of an input: gradients keep theirs on the way back.</summary>
    FanOut,
}

/// <summary>What follows a layer, for <see cref="Init.CalculateGain"/>.</summary>
public enum Nonlinearity
{
    /// <summary>Nothing.</summary>
    Linear,

    /// <summary>The logistic function.</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>A rectifier.</summary>
    Relu,

    /// <summary>A rectifier with a slope for negative numbers.</summary>
    LeakyRelu,

    /// <summary>The self-normalising function of <see cref="NN.SELU"/>.</summary>
    Selu,
}

/// <summary>
/// First values of parameters (<c>torch.nn.init</c>): they fill a tensor in place and return it. Nothing is recorded, so that parameters of a model
/// may be filled too.
/// </summary>
/// <example><code>Init.XavierUniform_(model.Weight);</code></example>
public static partial class Init
{
    /// <summary>
    /// Uniform numbers that keep the variance of activations through a rectifier: bounds of gain * sqrt(3 / fan) with
    /// gain = sqrt(2 / (1 + a^2)) (He and others, "Delving Deep into Rectifiers", 2015, eq. 14; <c>kaiming_uniform_</c>).
    /// </summary>
    /// <param name="tensor">A weight of at least two dimensions: outputs first, then inputs.</param>
    /// <param name="a">The slope of the rectifier for negative numbers; 0 for <see cref="ReLU"/>.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <param name="mode">Which variance is kept.</param>
    /// <param name="nonlinearity">What follows the layer.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor KaimingUniform_(
        Tensor tensor,
        double a = 0,
        Generator? generator = null,
        FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (IsEmpty(tensor))
        {
            return tensor;
        }

        var bound = Math.Sqrt(3.0) * (CalculateGain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));
        return Uniform_(tensor, -bound, bound, generator);
    }

    /// <summary>
    /// Normal numbers that keep the variance of activations through a rectifier: deviation gain / sqrt(fan), otherwise as
    /// <see cref="KaimingUniform_"/> (<c>kaiming_normal_</c>).
    /// </summary>
    /// <param name="tensor">A weight of at least two dimensions: outputs first, then inputs.</param>
    /// <param name="a">The slope of the rectifier for negative numbers.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <param name="mode">Which variance is kept.</param>
    /// <param name="nonlinearity">What follows the layer.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor KaimingNormal_(
        Tensor tensor,
        double a = 0,
        Generator? generator = null,
        FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return IsEmpty(tensor) ? tensor : Normal_(tensor, 0, CalculateGain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)), generator);
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
        var bound = Math.Sqrt(3.0) * XavierDeviation(tensor, gain);
        return Uniform_(tensor, -bound, bound, generator);
    }

    /// <summary>
    /// Normal numbers of deviation gain * sqrt(2 / (fan_in + fan_out)), otherwise as <see cref="XavierUniform_"/> (<c>xavier_normal_</c>).
    /// </summary>
    /// <param name="tensor">A weight of at least two dimensions: outputs first, then inputs.</param>
    /// <param name="gain">A factor for the deviation.</param>
    /// <param name="generator">The source of the numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor XavierNormal_(Tensor tensor, double gain = 1, Generator? generator = null) =>
        Normal_(tensor, 0, XavierDeviation(tensor, gain), generator);

    /// <summary>By how much a layer's weights have to be larger for what follows it (<c>calculate_gain</c>).</summary>
    /// <param name="nonlinearity">What follows.</param>
    /// <param name="param">The slope of <see cref="Nonlinearity.LeakyRelu"/>; 0.01 if null.</param>
    public static double CalculateGain(Nonlinearity nonlinearity, double? param = null) => nonlinearity switch
    {
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.Relu => Math.Sqrt(2),
        Nonlinearity.LeakyRelu => Math.Sqrt(2.0 / (1 + Math.Pow(param ?? 0.01, 2))),
        Nonlinearity.Selu => 3.0 / 4,
        _ => 1,
    };

    private static double XavierDeviation(Tensor tensor, double gain)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return gain * Math.Sqrt(2.0 / (Fan(tensor, FanMode.FanIn) + Fan(tensor, FanMode.FanOut)));
    }

    private static bool IsEmpty(Tensor tensor)
    {
        if (tensor.Count == 0)
        {
            Autograd.Warn("Initializing zero-element tensors is a no-op");
            return true;
        }

        return false;
    }

    /// <summary>The number of inputs that one output of a weight sums over, or of outputs that one input goes to.</summary>
    private static long Fan(Tensor weight, FanMode mode)
    {
        if (weight.Rank < 2)
        {
            throw new ShapeException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        }

        var field = Shape.Create(weight.Shape.AsSpan()[2..]).Count;
        return weight.Shape[mode == FanMode.FanIn ? 1 : 0] * field;
    }
}
