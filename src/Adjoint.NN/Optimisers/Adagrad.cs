using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Steps divided by the root of the sum of all squares so far (<c>torch.optim.Adagrad</c>; Duchi and others, "Adaptive Subgradient Methods for Online
/// Learning and Stochastic Optimization", 2011): s = s + g^2; p = p - lr / (1 + (t - 1) * lrDecay) * g / (sqrt(s) + eps).
/// </summary>
public sealed class Adagrad : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="lrDecay">How quickly steps shrink.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="initialAccumulatorValue">What the sum of squares starts with.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Adagrad(
        IEnumerable<Tensor> parameters,
        double lr = 1e-2,
        double lrDecay = 0,
        double weightDecay = 0,
        double initialAccumulatorValue = 0,
        double eps = 1e-10,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("lr_decay", lrDecay),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("initial_accumulator_value", initialAccumulatorValue),
            ("maximize", maximize))
    {
        ThrowUnless(lrDecay >= 0, $"Invalid lr_decay value: {lrDecay}");
        ThrowUnless(initialAccumulatorValue >= 0, $"Invalid initial_accumulator_value value: {initialAccumulatorValue}");
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var step = ++state.Steps;
        Op.JointUpdate(
            new Descend(
                group.LearningRate / (1 + ((step - 1) * group.Number("lr_decay"))), group.WeightDecay, group.Flag("maximize"), group.Number("eps")),
            gradient,
            parameter,
            state.Get("sum", parameter, group.Number("initial_accumulator_value")));
    }

    /// <summary>a is the sum of squares.</summary>
    private readonly struct Descend(double size, double decay, bool maximize, double eps) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 1;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, maximize, decay);
            a += g * g;
            x -= V.Of(size) * g / (V.Sqrt(a) + V.Of(eps));
        }
    }
}
