using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.NN;

/// <summary>
/// Steps divided by the size of recent gradients (<c>torch.optim.RMSprop</c>; Hinton's lecture 6e, 2012; centred as in Graves, "Generating Sequences
/// With
/// Recurrent Neural Networks", 2013): v = alpha * v + (1 - alpha) * g^2; p = p - lr * g / (sqrt(v) + eps).
/// </summary>
public sealed class RMSprop : Optimizer
{
    /// <summary>Makes the optimiser, with PyTorch's defaults.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="lr">The size of steps.</param>
    /// <param name="alpha">How slowly the mean of squares forgets.</param>
    /// <param name="eps">Added to the denominator, so that steps stay finite.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <param name="momentum">How much of the last step goes on; 0 for none.</param>
    /// <param name="centered">Divide by the deviation from the mean instead of by the size.</param>
    /// <param name="maximize">Climb instead of descending.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no parameters.</exception>
    public RMSprop(
        IEnumerable<Tensor> parameters,
        double lr = 1e-2,
        double alpha = 0.99,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentum = 0,
        bool centered = false,
        bool maximize = false)
        : base(
            parameters,
            ("lr", lr),
            ("alpha", alpha),
            ("eps", eps),
            ("weight_decay", weightDecay),
            ("momentum", momentum),
            ("centered", centered),
            ("maximize", maximize))
    {
        ThrowUnless(alpha >= 0, $"Invalid alpha value: {alpha}");
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state)
    {
        state.Steps++;
        var momentum = group.Number("momentum");
        var size = new Size(
            group.LearningRate, group.WeightDecay, group.Flag("maximize"), group.Number("alpha"), group.Number("eps"), momentum);
        var square = state.Get("square_avg", parameter);
        var buffer = momentum > 0 ? state.Get("momentum_buffer", parameter) : null;
        switch (group.Flag("centered"), buffer)
        {
            case (true, null):
                Op.JointUpdate(new Centred(size), gradient, parameter, square, state.Get("grad_avg", parameter));
                break;
            case (true, _):
                Op.JointUpdate(new CentredRolling(size), gradient, parameter, square, state.Get("grad_avg", parameter), buffer);
                break;
            case (false, null):
                Op.JointUpdate(new Plain(size), gradient, parameter, square);
                break;
            default:
                Op.JointUpdate(new Rolling(size), gradient, parameter, square, buffer);
                break;
        }
    }

    /// <summary>What the four forms share.</summary>
    private readonly struct Size(double lr, double decay, bool maximize, double alpha, double eps, double momentum)
    {
        private readonly double _lr = lr;
        private readonly double _decay = decay;
        private readonly bool _maximize = maximize;
        private readonly double _alpha = alpha;
        private readonly double _eps = eps;
        private readonly double _momentum = momentum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Gather<V>(V g, V x, ref V square)
            where V : struct, IReal<V>
        {
            g = Decay.Gradient(g, x, _maximize, _decay);
            square = (V.Of(_alpha) * square) + (V.Of(1 - _alpha) * g * g);
            return g;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Direction<V>(V g, V square)
            where V : struct, IReal<V> => g / (V.Sqrt(square) + V.Of(_eps));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V CentredDirection<V>(V g, V square, ref V mean)
            where V : struct, IReal<V>
        {
            mean += V.Of(1 - _alpha) * (g - mean);
            return Direction(g, square - (mean * mean));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Descend<V>(ref V x, V along)
            where V : struct, IReal<V> => x -= V.Of(_lr) * along;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Roll<V>(ref V x, ref V buffer, V along)
            where V : struct, IReal<V>
        {
            buffer = (V.Of(_momentum) * buffer) + along;
            Descend(ref x, buffer);
        }
    }

    /// <summary>a is the mean of squares.</summary>
    private readonly struct Plain(Size size) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 1;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = size.Gather(g, x, ref a);
            size.Descend(ref x, size.Direction(g, a));
        }
    }

    /// <summary>With momentum, b.</summary>
    private readonly struct Rolling(Size size) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = size.Gather(g, x, ref a);
            size.Roll(ref x, ref b, size.Direction(g, a));
        }
    }

    /// <summary>With the mean of gradients, b.</summary>
    private readonly struct Centred(Size size) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 2;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = size.Gather(g, x, ref a);
            size.Descend(ref x, size.CentredDirection(g, a, ref b));
        }
    }

    /// <summary>With the mean of gradients, b, and momentum, c.</summary>
    private readonly struct CentredRolling(Size size) : IJointUpdate
    {
        public static string Name => "Optimizer.Step";

        public static int States => 3;

        public void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
            where V : struct, IReal<V>
        {
            g = size.Gather(g, x, ref a);
            size.Roll(ref x, ref c, size.CentredDirection(g, a, ref b));
        }
    }
}
