using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>log(1 + exp(-x y)), without overflow.</summary>
internal readonly record struct SoftMargin : IMap2
{
    public string Called => nameof(Tensor.SoftMarginLoss);

    public string GradName => "SoftMarginLossBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => -default(LogSigmoid).F(x * y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => -y * Logistic.Of(-(x * y));

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -x * Logistic.Of(-(x * y));
}

/// <content>The soft margin loss.</content>
public sealed partial class Tensor
{
    /// <summary>log(1 + exp(-x y)) for targets y of 1 and -1, which broadcast (<c>torch.nn.functional.soft_margin_loss</c>).</summary>
    /// <param name="target">The target.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    public Tensor SoftMarginLoss(Tensor target, LossReduction reduction = LossReduction.Mean)
    {
        var (x, y) = LossArguments.Paired(this, target, "soft_margin_loss");
        return PairLoss.Of(PairLossKind.SoftMarginLoss, 0, x, y, null, reduction);
    }
}
