using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Adam (<c>torch.optim.Adam</c>; Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1). With
/// g the gradient plus weightDecay * p, at step t: m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2;
/// then p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly (Tensor? First, Tensor? Second, long Steps)[] _moments;

    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="beta2">How slowly the mean of squared gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Adam(
        IEnumerable<Tensor> parameters,
        double lr = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0)
        : base(parameters, lr, weightDecay)
    {
        ThrowUnless(eps >= 0, $"Invalid epsilon value: {eps}");
        ThrowUnless(beta1 is >= 0 and < 1, $"Invalid beta parameter at index 0: {beta1}");
        ThrowUnless(beta2 is >= 0 and < 1, $"Invalid beta parameter at index 1: {beta2}");
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = eps;
        _moments = new (Tensor?, Tensor?, long)[Parameters.Count];
    }

    /// <summary>How slowly the mean of gradients forgets.</summary>
    public double Beta1 { get; }

    /// <summary>How slowly the mean of squared gradients forgets.</summary>
    public double Beta2 { get; }

    /// <summary>What is added to the denominator.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    protected override void Update(int index, Tensor parameter, Tensor gradient)
    {
        ref var moments = ref _moments[index];
        var first = moments.First ??= State(parameter);
        var second = moments.Second ??= State(parameter);
        var step = ++moments.Steps;

        Op.Update(new First(1 - Beta1, WeightDecay), first, gradient, parameter);
        Op.Update(new Second(Beta2, WeightDecay), second, gradient, parameter);
        var size = LearningRate / (1 - Math.Pow(Beta1, step));
        var root = Math.Sqrt(1 - Math.Pow(Beta2, step));
        Op.Update(new Descend(size, root, Epsilon), parameter, first, second);
    }

    /// <summary>m = m + take * (g - m), with g decayed.</summary>
    private readonly struct First(double take, double decay) : IUpdate
    {
        public static string Name => "Optimizer.Step";

        public V F<V>(V m, V g, V p)
            where V : struct, IReal<V> => m + (V.Of(take) * (Decay.Decayed(g, p, decay) - m));
    }

    /// <summary>v = keep * v + (1 - keep) * g * g, with g decayed.</summary>
    private readonly struct Second(double keep, double decay) : IUpdate
    {
        public static string Name => "Optimizer.Step";

        public V F<V>(V v, V g, V p)
            where V : struct, IReal<V>
        {
            g = Decay.Decayed(g, p, decay);
            return (V.Of(keep) * v) + (V.Of(1 - keep) * g * g);
        }
    }

    /// <summary>p = p - size * m / (sqrt(v) / root + eps).</summary>
    private readonly struct Descend(double size, double root, double eps) : IUpdate
    {
        public static string Name => "Optimizer.Step";

        public V F<V>(V p, V m, V v)
            where V : struct, IReal<V> => p - (V.Of(size) * m / ((V.Sqrt(v) / V.Of(root)) + V.Of(eps)));
    }
}
