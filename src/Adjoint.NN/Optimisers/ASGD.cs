using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Gradient descent that also keeps the mean of its parameters (<c>torch.optim.ASGD</c>; Polyak and Juditsky, "Acceleration of Stochastic
/// Approximation by
/// Averaging", 1992): p = p * (1 - lambd * eta) - eta * g with eta = lr / (1 + lambd * lr * t)^alpha; the mean <c>ax</c> is taken from step t0 on.
/// </summary>
public sealed class ASGD : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="lambd">How much parameters decay.</param>
    /// <param name="alpha">How slowly the mean of squares forgets.</param>
    /// <param name="t0">The step from which on the mean is taken.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public ASGD(
        IEnumerable<Tensor> parameters,
        double lr = 1e-2,
        double lambd = 1e-4,
        double alpha = 0.75,
        double t0 = 1e6,
        double weightDecay = 0,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("lambd", lambd),
            ("alpha", alpha),
            ("t0", t0),
            ("weight_decay", weightDecay),
            ("maximize", maximize))
    {
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var step = ++state.Steps;
        var (lr, lambd) = (group.LearningRate, group.Number("lambd"));
        Op.JointUpdate(
            new Descend(state.Number("eta", lr), lambd, group.WeightDecay, group.Flag("maximize"), state.Number("mu", 1)),
            gradient,
            parameter,
            state.Get("ax", parameter));
        state.Set("eta", lr / Math.Pow(1 + (lambd * lr * step), group.Number("alpha")));
        state.Set("mu", 1 / Math.Max(1, step - group.Number("t0")));
    }

    /// <summary>a is the mean of parameters.</summary>
    private readonly struct Descend(double eta, double lambd, double decay, bool maximize, double mu) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 1;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, maximize, decay);
            x = (x * V.Of(1 - (lambd * eta))) - (V.Of(eta) * g);
            a = mu == 1 ? x : a + ((x - a) * V.Of(mu));
        }
    }
}
