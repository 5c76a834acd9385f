using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>x log(x), 0 for 0.</summary>
internal readonly record struct TimesLog : IMap
{
    public static Domain Domain => Domain.Positive;

    public string GradName => "XlogyBackward0";

    public string Called => "KlDiv";

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), V.Zero, x * V.Call<Log>(x));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Log>(x) + V.One;
}

/// <content>The divergence of Kullback and Leibler.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The divergence of Kullback and Leibler, y (log(y) - x) for log-probabilities x and probabilities y, which broadcast
    /// (<c>torch.nn.functional.kl_div</c>). What mathematics calls so is the reduction <see cref="LossReduction.BatchMean"/>.
    /// </summary>
    /// <param name="target">Probabilities, or their logarithms.</param>
    /// <param name="reduction">How elements are combined; the mean divides by their number, the mean over the batch by the first size.</param>
    /// <param name="logTarget">The target holds logarithms.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor KlDiv(Tensor target, LossReduction reduction = LossReduction.Mean, bool logTarget = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (reduction != LossReduction.BatchMean)
        {
            LossArguments.Check(reduction);
        }

        var losses = logTarget ? target.Exp() * (target - this) : Op.Map(default(TimesLog), target) - (target * this);
        if (reduction != LossReduction.BatchMean)
        {
            return LossArguments.Reduced(losses, reduction);
        }

        var sum = losses.Sum();
        return Rank == 0 ? sum : sum / (double)Layout.Sizes[0];
    }
}
