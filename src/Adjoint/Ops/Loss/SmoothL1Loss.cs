using System.Globalization;
using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>d^2 / (2 beta) where the difference d is smaller than beta, and |d| - beta / 2 elsewhere.</summary>
internal readonly record struct SmoothedError(double Beta) : IMap2
{
    public string Called => nameof(Tensor.SmoothL1Loss);

    public string GradName => "SmoothL1LossBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var distance = V.Abs(x - y);
        return V.Select(V.Less(distance, V.Of(Beta)), distance * distance * V.Of(0.5) / V.Of(Beta), distance - V.Of(0.5 * Beta));
    }

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var difference = x - y;
        return V.Select(Limit.AtMost(V.Of(Beta), V.Abs(difference)), V.Sign(difference), difference / V.Of(Beta));
    }

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -DX(x, y, z);
}

/// <content>The absolute error that is smooth at zero.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// For the difference d between input and target, which broadcast, d^2 / (2 beta) where it is smaller than beta and |d| - beta / 2 elsewhere
    /// (<c>torch.nn.functional.smooth_l1_loss</c>).
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <param name="beta">Where squares become lines; with 0 this is <see cref="L1Loss"/>.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Beta is negative.</exception>
    public Tensor SmoothL1Loss(Tensor target, LossReduction reduction = LossReduction.Mean, double beta = 1)
    {
        if (!(beta >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(beta), string.Create(CultureInfo.InvariantCulture, $"smooth_l1_loss does not support negative values for beta. Got: {beta}"));
        }

        if (beta == 0)
        {
            return L1Loss(target, reduction);
        }

        var (x, y) = LossArguments.Paired(this, target, "smooth_l1_cpu");
        return PairLoss.Of(PairLossKind.SmoothL1Loss, beta, x, y, null, reduction);
    }
}
