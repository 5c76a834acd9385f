using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Adam with Nesterov's momentum (<c>torch.optim.NAdam</c>; Dozat, "Incorporating Nesterov Momentum into Adam", 2016). With mu_t = beta1 * (1 -
/// 0.96^(t * momentumDecay) / 2) and P the product of mu_1 to mu_t, the step goes along (1 - mu_t) / (1 - P) * g + mu_(t+1) / (1 - P * mu_t *
/// mu_(t+1)) * m. That second denominator is PyTorch 1.13's, from which trajectories can be compared; from 2.0 on PyTorch has 1 - P * mu_(t+1), as
/// the paper does: with the defaults the factor of m is an eighth smaller here at the first step, and a ten thousandth at the tenth.
/// </summary>
public sealed class NAdam : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="beta2">How slowly the second mean forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="momentumDecay">How quickly the momentum grows to its final size.</param>
    /// <param name="decoupledWeightDecay">Let parameters decay by themselves, as AdamW does, instead of through the gradient.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public NAdam(
        IEnumerable<Tensor> parameters,
        double lr = 2e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentumDecay = 4e-3,
        bool decoupledWeightDecay = false,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("betas", (beta1, beta2)),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("momentum_decay", momentumDecay),
            ("decoupled_weight_decay", decoupledWeightDecay),
            ("maximize", maximize))
    {
        ThrowUnless(momentumDecay >= 0, $"Invalid momentum_decay value: {momentumDecay}");
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var step = ++state.Steps;
        var (beta1, beta2) = group.Pair("betas");
        var (lr, decay, speed) = (group.LearningRate, group.WeightDecay, group.Number("momentum_decay"));
        var mu = beta1 * (1 - (0.5 * Math.Pow(0.96, step * speed)));
        var next = beta1 * (1 - (0.5 * Math.Pow(0.96, (step + 1) * speed)));
        var product = state.Number("mu_product", 1) * mu;
        state.Set("mu_product", product);
        var isApart = group.Flag("decoupled_weight_decay");
        Op.JointUpdate(
            new Descend(
                lr * (1 - mu) / (1 - product),
                lr * next / (1 - (product * mu * next)),
                isApart ? 1 - (lr * decay) : 1,
                isApart ? 0 : decay,
                group.Flag("maximize"),
                1 - beta1,
                beta2,
                1 - Math.Pow(beta2, step),
                group.Number("eps")),
            gradient,
            parameter,
            state.Get("exp_avg", parameter),
            state.Get("exp_avg_sq", parameter));
    }

    /// <summary>a is the mean of gradients, b that of squares.</summary>
    private readonly struct Descend(
        double now, double ahead, double shrink, double decay, bool maximize, double take1, double keep2, double bias, double eps) : IJointUpdate
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
            x -= ((V.Of(now) * g) + (V.Of(ahead) * a)) / (V.Sqrt(b / V.Of(bias)) + V.Of(eps));
        }
    }
}
