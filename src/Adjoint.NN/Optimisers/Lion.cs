using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Steps of one size along the sign of a momentum (Chen and others, "Symbolic Discovery of Optimization Algorithms", 2023, algorithm 2): p = p - lr *
/// (sign(beta1 * m + (1 - beta1) * g) + weightDecay * p); m = beta2 * m + (1 - beta2) * g. PyTorch has none; its state has the names of the paper's
/// authors.
/// </summary>
public sealed class Lion : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="beta2">How slowly the second mean forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="weightDecay">How much parameters shrink in a step, times the rate.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Lion(
        IEnumerable<Tensor> parameters,
        double lr = 1e-4,
        double beta1 = 0.9,
        double beta2 = 0.99,
        double weightDecay = 0,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("betas", (beta1, beta2)),
            ("weight_decay", weightDecay),
            ("maximize", maximize))
    {
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        state.Steps++;
        var (beta1, beta2) = group.Pair("betas");
        Op.JointUpdate(
            new Descend(group.LearningRate, 1 - (group.LearningRate * group.WeightDecay), group.Flag("maximize"), beta1, beta2),
            gradient,
            parameter,
            state.Get("exp_avg", parameter));
    }

    /// <summary>a is the momentum.</summary>
    private readonly struct Descend(double lr, double shrink, bool maximize, double beta1, double beta2) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 1;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = maximize ? -g : g;
            x = (x * V.Of(shrink)) - (V.Of(lr) * V.Sign((V.Of(beta1) * a) + (V.Of(1 - beta1) * g)));
            a = (V.Of(beta2) * a) + (V.Of(1 - beta2) * g);
        }
    }
}
