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
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="momentum">How much of the last step goes on; 0 for none.</param>
    /// <param name="dampening">How much less of a gradient enters the momentum.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="nesterov">Look ahead along the momentum.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is negative, there are no parameters, or Nesterov lacks momentum or has dampening.</exception>
    public SGD(
        IEnumerable<Tensor> parameters,
        double lr = 1e-3,
        double momentum = 0,
        double dampening = 0,
        double weightDecay = 0,
        bool nesterov = false,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("momentum", momentum),
            ("dampening", dampening),
            ("weight_decay", weightDecay),
            ("nesterov", nesterov),
            ("maximize", maximize))
    {
        foreach (var group in Groups)
        {
            ThrowUnless(
                !group.Flag("nesterov") || (group.Number("momentum") > 0 && group.Number("dampening") == 0),
                "Nesterov momentum requires a momentum and zero dampening");
        }
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var momentum = group.Number("momentum");
        var (lr, decay, maximize) = (group.LearningRate, group.WeightDecay, group.Flag("maximize"));
        if (momentum == 0)
        {
            Op.JointUpdate(new Descend(lr, decay, maximize), gradient, parameter);
            return;
        }

        var isFirst = !state.Has("momentum_buffer");
        var buffer = state.Get("momentum_buffer", parameter);
        var take = isFirst ? 1 : 1 - group.Number("dampening");
        var roll = new Roll(lr, decay, maximize, isFirst ? 0 : momentum, take, group.Flag("nesterov") ? momentum : null);
        Op.JointUpdate(roll, gradient, parameter, buffer);
    }

    /// <summary>p = p - lr * g.</summary>
    private readonly struct Descend(double lr, double decay, bool maximize) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 0;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            x -= V.Of(lr) * Decay.Gradient(g, x, maximize, decay);
        }
    }

    /// <summary>a is the momentum buffer.</summary>
    private readonly struct Roll(double lr, double decay, bool maximize, double keep, double take, double? ahead) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 1;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, maximize, decay);
            a = (V.Of(keep) * a) + (V.Of(take) * g);
            x -= V.Of(lr) * (ahead is { } momentum ? g + (V.Of(momentum) * a) : a);
        }
    }
}
