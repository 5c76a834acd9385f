using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Stochastic gradient descent, with momentum if wanted (<c>torch.optim.SGD</c>). With g the gradient plus weightDecay
/// * p, and b the momentum buffer: b = g at the first step, momentum * b + (1 - dampening) * g later; then p = p - lr *
/// b, or p - lr * (g + momentum * b) in Nesterov's form (Sutskever and others, "On the importance of initialization and
/// momentum in deep learning", 2013).
/// </summary>
public sealed class SGD : Optimizer
{
    private readonly Tensor?[] _buffers;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="parameters">What to optimise.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="momentum">How much of the last step goes on; 0 for none.</param>
    /// <param name="dampening">How much less of a gradient enters the momentum.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="nesterov">Look ahead along the momentum.</param>
    /// <exception cref="ArgumentException">A number is negative, there are no parameters, or Nesterov lacks momentum or
    /// has dampening.</exception>
    public SGD(
        IEnumerable<Tensor> parameters,
        double lr = 1e-3,
        double momentum = 0,
        double dampening = 0,
        double weightDecay = 0,
        bool nesterov = false)
        : base(parameters, lr, weightDecay)
    {
        ThrowUnless(momentum >= 0, $"Invalid momentum value: {momentum}");
        ThrowUnless(
            !nesterov || (momentum > 0 && dampening == 0), "Nesterov momentum requires a momentum and zero dampening");
        Momentum = momentum;
        Dampening = dampening;
        Nesterov = nesterov;
        _buffers = new Tensor?[Parameters.Count];
    }

    /// <summary>How much of the last step goes on.</summary>
    public double Momentum { get; }

    /// <summary>How much less of a gradient enters the momentum.</summary>
    public double Dampening { get; }

    /// <summary>Whether steps look ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    protected override void Update(int index, Tensor parameter, Tensor gradient)
    {
        if (Momentum == 0)
        {
            Op.Update(new Descend(LearningRate, WeightDecay), parameter, gradient);
            return;
        }

        var isFirst = _buffers[index] is null;
        var buffer = _buffers[index] ??= State(parameter);
        var gather = isFirst ? new Gather(0, 1, WeightDecay) : new Gather(Momentum, 1 - Dampening, WeightDecay);
        Op.Update(gather, buffer, gradient, parameter);
        if (Nesterov)
        {
            Op.Update(new DescendAhead(LearningRate, WeightDecay, Momentum), parameter, gradient, buffer);
        }
        else
        {
            Op.Update(new Descend(LearningRate, decay: 0), parameter, buffer);
        }
    }

    /// <summary>buffer = keep * buffer + take * (g + decay * p).</summary>
    private readonly struct Gather(double keep, double take, double decay) : IUpdate
    {
        public static string Name => "Optimizer.Step";

        public V F<V>(V buffer, V g, V p)
            where V : struct, IReal<V> => (V.Of(keep) * buffer) + (V.Of(take) * Decay.Decayed(g, p, decay));
    }

    /// <summary>p = p - lr * (g + decay * p).</summary>
    private readonly struct Descend(double lr, double decay) : IUpdate
    {
        public static string Name => "Optimizer.Step";

        public V F<V>(V p, V g, V none)
            where V : struct, IReal<V> => p - (V.Of(lr) * Decay.Decayed(g, p, decay));
    }

    /// <summary>p = p - lr * (g + decay * p + momentum * buffer).</summary>
    private readonly struct DescendAhead(double lr, double decay, double momentum) : IUpdate
    {
        public static string Name => "Optimizer.Step";

        public V F<V>(V p, V g, V buffer)
            where V : struct, IReal<V> => p - (V.Of(lr) * (Decay.Decayed(g, p, decay) + (V.Of(momentum) * buffer)));
    }
}
