using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Adam with the largest gradient in place of the root of squares (<c>torch.optim.Adamax</c>; Kingma and Ba, 2015, algorithm 2): m as for
/// <see cref="Adam"/>; u = max(beta2 * u, |g| + eps); p = p - lr / (1 - beta1^t) * m / u.
/// </summary>
public sealed class Adamax : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="beta2">How slowly the second mean forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Adamax(
        IEnumerable<Tensor> parameters,
        double lr = 2e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("betas", (beta1, beta2)),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("maximize", maximize))
    {
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var step = ++state.Steps;
        var (beta1, beta2) = group.Pair("betas");
        Op.JointUpdate(
            new Descend(
                group.LearningRate / (1 - Math.Pow(beta1, step)), group.WeightDecay, group.Flag("maximize"), 1 - beta1, beta2, group.Number("eps")),
            gradient,
            parameter,
            state.Get("exp_avg", parameter),
            state.Get("exp_inf", parameter));
    }

    /// <summary>a is the mean of gradients, b the largest so far.</summary>
    private readonly struct Descend(double size, double decay, bool maximize, double take1, double keep2, double eps) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, maximize, decay);
            a += V.Of(take1) * (g - a);
            b = V.Max(V.Of(keep2) * b, V.Abs(g) + V.Of(eps));
            x -= V.Of(size) * a / b;
        }
    }
}
