using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>(x - y)^2.</summary>
internal readonly record struct SquaredError : IMap2
{
    public string Called => nameof(Tensor.MseLoss);

    public string GradName => "MseLossBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var difference = x - y;
        return difference * difference;
    }

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => (x - y) * V.Of(2);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => (x - y) * V.Of(-2);
}

/// <content>The mean squared error.</content>
public sealed partial class Tensor
{
    /// <summary>The squares of the differences between input and target, which broadcast (<c>torch.nn.functional.mse_loss</c>).</summary>
    /// <param name="target">The target.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <param name="weight">Weights of the input's shape; the mean then divides by their sum.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    public Tensor MseLoss(Tensor target, LossReduction reduction = LossReduction.Mean, Tensor? weight = null)
    {
        LossArguments.Check(reduction);
        var (x, y) = LossArguments.Paired(this, target, "mse_cpu");
        return weight is null
            ? PairLoss.Of(PairLossKind.MseLoss, 0, x, y, null, reduction)
            : LossArguments.Weighted(Op.Map2(default(SquaredError), x, y), weight, this, reduction);
    }
}
