using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Steps as large as recent ones, divided by the size of recent gradients (<c>torch.optim.Adadelta</c>; Zeiler, "ADADELTA: An Adaptive Learning Rate
/// Method",
/// 2012): v = rho * v + (1 - rho) * g^2; d = sqrt(u + eps) / sqrt(v + eps) * g; u = rho * u + (1 - rho) * d^2; p = p - lr * d.
/// </summary>
public sealed class Adadelta : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="rho">How slowly the means of squares forget.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Adadelta(
        IEnumerable<Tensor> parameters,
        double lr = 1,
        double rho = 0.9,
        double eps = 1e-6,
        double weightDecay = 0,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("rho", rho),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("maximize", maximize))
    {
        ThrowUnless(rho is >= 0 and <= 1, $"Invalid rho value: {rho}");
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        state.Steps++;
        Op.JointUpdate(
            new Descend(group.LearningRate, group.WeightDecay, group.Flag("maximize"), group.Number("rho"), group.Number("eps")),
            gradient,
            parameter,
            state.Get("square_avg", parameter),
            state.Get("acc_delta", parameter));
    }

    /// <summary>a is the mean of squares, b that of squared steps.</summary>
    private readonly struct Descend(double lr, double decay, bool maximize, double rho, double eps) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, maximize, decay);
            a = (V.Of(rho) * a) + (V.Of(1 - rho) * g * g);
            var delta = V.Sqrt(b + V.Of(eps)) / V.Sqrt(a + V.Of(eps)) * g;
            b = (V.Of(rho) * b) + (V.Of(1 - rho) * delta * delta);
            x -= V.Of(lr) * delta;
        }
    }
}
