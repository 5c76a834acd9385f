using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Adam (<c>torch.optim.Adam</c>; Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1). With
/// g the gradient plus weightDecay * p, at step t: m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2;
/// then p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
/// </summary>
public sealed class Adam : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="beta1">How slowly the mean of gradients forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="beta2">How slowly the second mean forgets, from 0 to 1, 1 excluded.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="amsgrad">Divide by the largest mean of squares so far (Reddi and others, "On the Convergence of Adam and Beyond", 2018).</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public Adam(
        IEnumerable<Tensor> parameters,
        double lr = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0,
        bool amsgrad = false,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("betas", (beta1, beta2)),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("amsgrad", amsgrad),
            ("maximize", maximize))
    {
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        var step = ++state.Steps;
        var (first, second) = (state.Get("exp_avg", parameter), state.Get("exp_avg_sq", parameter));
        var (beta1, beta2) = group.Pair("betas");
        var moments = new Moments(
            group.LearningRate, group.WeightDecay, group.Flag("maximize"), beta1, beta2, group.Number("eps"), step);
        if (group.Flag("amsgrad"))
        {
            Op.JointUpdate(new Largest(moments), gradient, parameter, first, second, state.Get("max_exp_avg_sq", parameter));
        }
        else
        {
            Op.JointUpdate(new Plain(moments), gradient, parameter, first, second);
        }
    }

    /// <summary>Both means, and the step along them.</summary>
    private readonly struct Moments(double lr, double decay, bool maximize, double beta1, double beta2, double eps, long step)
    {
        private readonly double _decay = decay;
        private readonly bool _maximize = maximize;
        private readonly double _take1 = 1 - beta1;
        private readonly double _keep2 = beta2;
        private readonly double _take2 = 1 - beta2;
        private readonly double _eps = eps;
        private readonly double _size = lr / (1 - Math.Pow(beta1, step));
        private readonly double _root = Math.Sqrt(1 - Math.Pow(beta2, step));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Gather<V>(V g, ref V x, ref V a, ref V b)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, _maximize, _decay);
            a += V.Of(_take1) * (g - a);
            b = (V.Of(_keep2) * b) + (V.Of(_take2) * g * g);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Descend<V>(ref V x, V a, V square)
            where V : struct, IReal<V> => x -= V.Of(_size) * a / ((V.Sqrt(square) / V.Of(_root)) + V.Of(_eps));
    }

    /// <summary>a is the mean of gradients, b that of squares.</summary>
    private readonly struct Plain(Moments moments) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            moments.Gather(g, ref x, ref a, ref b);
            moments.Descend(ref x, a, b);
        }
    }

    /// <summary>The same, where c is the largest b so far.</summary>
    private readonly struct Largest(Moments moments) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 3;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            moments.Gather(g, ref x, ref a, ref b);
            c = V.Max(c, b);
            moments.Descend(ref x, a, c);
        }
    }
}
