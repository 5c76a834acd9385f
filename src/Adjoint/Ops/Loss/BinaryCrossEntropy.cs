using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// -y log(x) - (1 - y) log(1 - x) for a probability x. Logarithms are at least -100 and the slope against x divides by at least 1e-12, as
/// PyTorch has it, so that the loss of a sure mistake stays finite.
/// </summary>
internal readonly record struct ProbabilityError : IMap2
{
    public string Called => nameof(Tensor.BinaryCrossEntropy);

    public static Domain DomainX => new(0.05, 0.95);

    public string GradName => "BinaryCrossEntropyBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> =>
        ((y - V.One) * LogOfOther(x)) - (y * Log(x));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => (x - y) / V.Max((V.One - x) * x, V.Of(1e-12));

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Call<Log>(V.One - x) - V.Call<Log>(x);

    // What is not chosen is computed from another number: infinite logarithms are never met.
    private static V Log<V>(V x)
        where V : struct, IReal<V>
    {
        var isTiny = V.Less(x, V.Of(3.7200759760208359e-44));
        return V.Select(isTiny, V.Of(-100), V.Call<Log>(V.Select(isTiny, V.One, x)));
    }

    private static V LogOfOther<V>(V x)
        where V : struct, IReal<V>
    {
        var isSure = Limit.AtMost(V.One, x);
        return V.Select(isSure, V.Of(-100), V.Call<Log1p>(V.Select(isSure, V.Zero, -x)));
    }
}

/// <content>The cross-entropy of two classes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The cross-entropy between probabilities of one class and targets from 0 to 1, -y log(x) - (1 - y) log(1 - x)
    /// (<c>torch.nn.functional.binary_cross_entropy</c>). Logarithms are at least -100.
    /// </summary>
    /// <param name="target">The target, of this shape.</param>
    /// <param name="weight">Weights that broadcast to this shape.</param>
    /// <param name="reduction">How elements are combined; the mean divides by their number.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The numbers are not real, or the dtypes differ.</exception>
    /// <exception cref="TensorException">A number of the input or the target is not from 0 to 1.</exception>
    public Tensor BinaryCrossEntropy(Tensor target, Tensor? weight = null, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.SameShape(
            this,
            target,
            $"Using a target size ({(Shape)target.Layout.Sizes}) that is different to the input size " +
            $"({(Shape)Layout.Sizes}) is deprecated. Please ensure they have the same size.");
        if (DType != target.DType)
        {
            throw new DTypeException(
                $"Found dtype {target.DType.ScalarName} but expected {DType.ScalarName}. Convert the target: target.To(DType.{DType}).");
        }

        var (x, y) = LossArguments.Paired(this, target, "binary_cross_entropy");
        CheckProbabilities(x, "input");
        CheckProbabilities(y, "target");
        return PairLoss.Of(PairLossKind.BinaryCrossEntropy, 0, x, y, weight, reduction);
    }

    /// <summary>Refuses what is no probability, where a transform does not hide the numbers.</summary>
    private static void CheckProbabilities(Tensor x, string name)
    {
        if (x.IsStandIn || x.Layout.Count == 0)
        {
            return;
        }

        // NaN is in no range.
        var values = x.Detach();
        if (!(values.Min().Item() >= 0 && values.Max().Item() <= 1))
        {
            throw new TensorException($"all elements of {name} should be between 0 and 1. Scores before a sigmoid go to " +
                $"BinaryCrossEntropyWithLogits.");
        }
    }
}
