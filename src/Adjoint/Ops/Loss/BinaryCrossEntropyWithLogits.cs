using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The cross-entropy of two classes between sigmoid(x) and y, without overflow: (1 - y) x - log(sigmoid(x)).</summary>
internal readonly record struct LogitError : IMap2
{
    public string Called => nameof(Tensor.BinaryCrossEntropyWithLogits);

    public string GradName => "BinaryCrossEntropyWithLogitsBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => ((V.One - y) * x) - default(LogSigmoid).F(x);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => Logistic.Of(x) - y;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -x;
}

/// <summary>The same, in which z weighs the positive class: (1 - y) x - (1 + (z - 1) y) log(sigmoid(x)).</summary>
internal readonly record struct LogitErrorWithPositives : IMap3
{
    public string GradName => "BinaryCrossEntropyWithLogitsBackward0";

    public string Called => "BinaryCrossEntropyWithLogits";

    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => ((V.One - y) * x) - ((V.One + ((z - V.One) * y)) * default(LogSigmoid).F(x));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var positive = z * y;
        return ((positive + V.One - y) * Logistic.Of(x)) - positive;
    }

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => ((V.One - z) * default(LogSigmoid).F(x)) - x;

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => -y * default(LogSigmoid).F(x);
}

/// <content>The cross-entropy of two classes from scores.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The cross-entropy between the sigmoid of scores and targets from 0 to 1, without overflow
    /// (<c>torch.nn.functional.binary_cross_entropy_with_logits</c>).
    /// </summary>
    /// <param name="target">The target, of this shape.</param>
    /// <param name="weight">Weights that broadcast to this shape.</param>
    /// <param name="reduction">How elements are combined; the mean divides by their number.</param>
    /// <param name="posWeight">Weights of the positive class that broadcast to this shape.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    public Tensor BinaryCrossEntropyWithLogits(
        Tensor target, Tensor? weight = null, LossReduction reduction = LossReduction.Mean, Tensor? posWeight = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        LossArguments.SameShape(
            this,
            target,
            $"Target size ({(Shape)target.Layout.Sizes}) must be the same as input size ({(Shape)Layout.Sizes}).");
        var (x, y) = LossArguments.Paired(this, target, "binary_cross_entropy_with_logits");
        if (posWeight is null)
        {
            return PairLoss.Of(PairLossKind.BinaryCrossEntropyWithLogits, 0, x, y, weight, reduction);
        }

        var losses = Op.Map3(default(LogitErrorWithPositives), x, y, posWeight.Expand(x.Layout.Sizes));
        return LossArguments.Reduced(weight is null ? losses : losses * weight.Expand(x.Layout.Sizes), reduction);
    }
}
