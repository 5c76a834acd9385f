using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Steps whose sizes do not depend on gradients, but on whether their signs stay (<c>torch.optim.Rprop</c>; Riedmiller and Braun, "A direct adaptive
/// method for faster backpropagation learning: the RPROP algorithm", 1993; for whole batches). Where a sign changed, that step is left out.
/// </summary>
public sealed class Rprop : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="eta1">The factor of a size where the sign changed, below 1.</param>
    /// <param name="eta2">The factor of a size where the sign stayed, above 1.</param>
    /// <param name="minStep">The smallest size.</param>
    /// <param name="maxStep">The largest size.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Rprop(
        IEnumerable<Tensor> parameters,
        double lr = 1e-2,
        double eta1 = 0.5,
        double eta2 = 1.2,
        double minStep = 1e-6,
        double maxStep = 50,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("etas", (eta1, eta2)),
            ("step_sizes", (minStep, maxStep)),
            ("maximize", maximize))
    {
        ThrowUnless(eta1 is > 0 and < 1 && eta2 > 1, $"Invalid eta values: {eta1}, {eta2}");
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        state.Steps++;
        var (less, more) = group.Pair("etas");
        var (least, most) = group.Pair("step_sizes");
        Op.JointUpdate(
            new Descend(group.Flag("maximize"), less, more, least, most),
            gradient,
            parameter,
            state.Get("prev", parameter),
            state.Get("step_size", parameter, group.LearningRate));
    }

    /// <summary>a is the last gradient, b the size of steps.</summary>
    private readonly struct Descend(bool maximize, double less, double more, double least, double most) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = maximize ? -g : g;
            var turned = V.Less(g * a, V.Zero);
            var factor = V.Select(turned, V.Of(less), V.Select(V.Less(V.Zero, g * a), V.Of(more), V.One));
            b = V.Min(V.Max(b * factor, V.Of(least)), V.Of(most));
            g = V.Select(turned, V.Zero, g);
            x -= V.Sign(g) * b;
            a = g;
        }
    }
}
