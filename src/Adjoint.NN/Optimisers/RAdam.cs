using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Adam that does without the second mean until enough squares are known (<c>torch.optim.RAdam</c>; Liu and others, "On the Variance of the Adaptive
/// Learning Rate and Beyond", 2020, algorithm 2).
/// </summary>
public sealed class RAdam : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="beta2">How slowly the second mean forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="decoupledWeightDecay">Let parameters decay by themselves, as AdamW does, instead of through the gradient.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public RAdam(
        IEnumerable<Tensor> parameters,
        double lr = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0,
        bool decoupledWeightDecay = false,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("betas", (beta1, beta2)),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("decoupled_weight_decay", decoupledWeightDecay),
            ("maximize", maximize))
    {
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var step = ++state.Steps;
        var (beta1, beta2) = group.Pair("betas");
        var (lr, decay) = (group.LearningRate, group.WeightDecay);
        var bias2 = 1 - Math.Pow(beta2, step);
        var most = (2 / (1 - beta2)) - 1;
        var length = most - (2 * step * Math.Pow(beta2, step) / bias2);
        double? rectified = length > 5
            ? Math.Sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)) * Math.Sqrt(bias2)
            : null;
        var isApart = group.Flag("decoupled_weight_decay");
        Op.JointUpdate(
            new Descend(
                lr / (1 - Math.Pow(beta1, step)),
                rectified,
                isApart ? 1 - (lr * decay) : 1,
                isApart ? 0 : decay,
                group.Flag("maximize"),
                1 - beta1,
                beta2,
                group.Number("eps")),
            gradient,
            parameter,
            state.Get("exp_avg", parameter),
            state.Get("exp_avg_sq", parameter));
    }

    /// <summary>a is the mean of gradients, b that of squares.</summary>
    private readonly struct Descend(
        double size, double? rectified, double shrink, double decay, bool maximize, double take1, double keep2, double eps) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            x *= V.Of(shrink);
            g = Decay.Gradient(g, x, maximize, decay);
            a += V.Of(take1) * (g - a);
            b = (V.Of(keep2) * b) + (V.Of(1 - keep2) * g * g);
            var along = V.Of(size) * a;
            x -= rectified is { } factor ? along * (V.Of(factor) / (V.Sqrt(b) + V.Of(eps))) : along;
        }
    }
}
