using System.Globalization;
using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>d^2 / 2 where the difference d is smaller than delta, and delta * (|d| - delta / 2) elsewhere.</summary>
internal readonly record struct HuberError(double Delta) : IMap2
{
    public string Called => nameof(Tensor.HuberLoss);

    public string GradName => "HuberLossBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var distance = V.Abs(x - y);
        return V.Select(
            V.Less(distance, V.Of(Delta)), distance * distance * V.Of(0.5), (distance - V.Of(0.5 * Delta)) * V.Of(Delta));
    }

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var difference = x - y;
        return V.Select(Limit.AtMost(V.Of(Delta), V.Abs(difference)), V.Sign(difference) * V.Of(Delta), difference);
    }

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -DX(x, y, z);
}

/// <content>Huber's loss.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// For the difference d between input and target, which broadcast, d^2 / 2 where it is smaller than delta and delta * (|d| - delta / 2)
    /// elsewhere (<c>torch.nn.functional.huber_loss</c>).
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <param name="delta">Where squares become lines.</param>
    /// <param name="weight">Weights of the input's shape; the mean then divides by their sum.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Delta is not positive.</exception>
    public Tensor HuberLoss(Tensor target, LossReduction reduction = LossReduction.Mean, double delta = 1, Tensor? weight = null)
    {
        if (!(delta > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(delta), string.Create(CultureInfo.InvariantCulture, $"huber_loss does not support non-positive values for delta. Got: " +
                    $"{delta}"));
        }

        LossArguments.Check(reduction);
        var (x, y) = LossArguments.Paired(this, target, "huber_cpu");
        return weight is null
            ? PairLoss.Of(PairLossKind.HuberLoss, delta, x, y, null, reduction)
            : LossArguments.Weighted(Op.Map2(new HuberError(delta), x, y), weight, this, reduction);
    }
}
