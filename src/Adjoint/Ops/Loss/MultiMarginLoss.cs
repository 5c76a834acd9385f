using System.Globalization;
using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// For each row the mean over classes j, but the right one y, of w[y] max(0, margin - x[y] + x[j])^p, with targets and weights as further inputs.
/// </summary>
/// <param name="P">1 or 2.</param>
/// <param name="Margin">How much larger the right score should be.</param>
/// <param name="Reduction">How rows are combined.</param>
internal readonly record struct MultiMarginLoss(int P, double Margin, LossReduction Reduction) : IFused
{
    public int Differentiable => 1;

    public Reads Reads(Places wanted) => wanted[0] ? new Reads(Places.Of(0, 1, 2)) : default;

    public TensorType Infer(TensorType?[] inputs) =>
        inputs[0]!.Value.With(Reduction == LossReduction.None ? inputs[1]!.Value.Layout.Sizes : []);

    public Tensor Compose(Tensor?[] inputs)
    {
        var (over, own, classes) = Margins(inputs[0]!, inputs[1]!);
        var hinges = P == 1 ? over.Relu() : over.Relu().Square();
        var losses = Weighed(hinges.MaskedFill(own, 0), inputs[1]!, inputs[2]).Sum(1) / classes;
        return Reduction == LossReduction.None ? losses.Reshape(inputs[1]!.Layout.Sizes) : LossArguments.Reduced(losses, Reduction);
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        return Compose(Array.ConvertAll(inputs, input => input?.Detach()));
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (!saved.Wanted[0])
        {
            return [null];
        }

        var (x, target) = (saved.Inputs[0]!, saved.Inputs[1]!);
        var (over, own, classes) = Margins(x, target);
        var rows = over.Layout.Sizes[0];
        var slopes = P == 1 ? over.Gt(0).To(x.DType) : over.Relu() * 2;
        var share = Reduction == LossReduction.None ? g.Reshape(rows, 1) : Reduction == LossReduction.Mean ? g / (double)rows : g;
        slopes = Weighed(slopes.MaskedFill(own, 0), target, saved.Inputs[2]) * (share / classes);
        var pulled = slopes - (slopes.Sum(1, keepDim: true) * own.To(x.DType));
        return [pulled.Reshape(saved.Layouts[0]!.Sizes)];
    }

    /// <summary>By how much each score is too large, which class is the right one, and the number of classes.</summary>
    private (Tensor Over, Tensor Own, double Classes) Margins(Tensor x, Tensor target)
    {
        var classes = x.Rank == 0 ? 1 : x.Layout.Sizes[^1];
        var rows = x.Rank == 2 ? x.Layout.Sizes[0] : 1;
        var (scores, right) = (x.Reshape(rows, classes), target.Reshape(rows, 1));
        return (Margin - scores.Gather(1, right) + scores, Tensor.Arange(classes).Eq(right), classes);
    }

    private static Tensor Weighed(Tensor terms, Tensor target, Tensor? weight) =>
        weight is null ? terms : terms * weight.Reshape(-1).Gather(0, target.Reshape(-1)).Unsqueeze(1);
}

/// <content>The hinge loss of classes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The hinge loss of classes (<c>torch.nn.functional.multi_margin_loss</c>): for each row of scores the mean over all classes j, but the right
    /// one y, of weight[y] max(0, margin - x[y] + x[j])^p.
    /// </summary>
    /// <param name="target">The class number of each row; one number for a vector of scores.</param>
    /// <param name="p">1 or 2.</param>
    /// <param name="margin">How much larger the right score should be.</param>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="reduction">How rows are combined.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The scores are not real, class numbers are, or the weights have another dtype.</exception>
    /// <exception cref="TensorIndexException">A class number is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is neither 1 nor 2.</exception>
    public Tensor MultiMarginLoss(
        Tensor target, int p = 1, double margin = 1, Tensor? weight = null, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        if (p is not (1 or 2))
        {
            throw new ArgumentOutOfRangeException(
                nameof(p), string.Create(CultureInfo.InvariantCulture, $"only p == 1 and p == 2 supported. Got: {p}"));
        }

        var (rows, classes) = LossTargets.Rows(this, "multi_margin_loss");
        if (target.Rank > 1 || target.Layout.Count != rows)
        {
            throw new ShapeException($"inconsistent target size, expected {rows} but got {Shape.Text(target.Layout.Sizes)}. Give one class for " +
                $"each row.");
        }

        if (weight is not null && (weight.Rank > 1 || weight.Layout.Count != classes))
        {
            throw new ShapeException(
                $"inconsistent weight size, expected {classes} but got {Shape.Text(weight.Layout.Sizes)}. Give one weight for each class.");
        }

        if (weight is not null && weight.DType != DType)
        {
            throw new DTypeException(
                $"expected scalar type {DType.ScalarName} but found {weight.DType.ScalarName}. Convert the weights: weight.To(DType.{DType}).");
        }

        var numbers = LossTargets.Numbers(target, 0, classes, "target out of range");
        return Op.Fused(new MultiMarginLoss(p, margin, reduction), this, numbers, weight);
    }
}
