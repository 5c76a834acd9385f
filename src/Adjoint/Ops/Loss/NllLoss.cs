using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>a * b as a loop body; 0 where c is 0, even for an infinite a.</summary>
internal readonly struct CountedProduct : IBody
{
    public static int Arity => 3;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => V.Select(V.Equal(c, V.Zero), V.Zero, a * b);
}

/// <summary>
/// The negative log-likelihood of target classes, weighted by class: linear in the scores, with targets and weights as further inputs. Where samples
/// are ignored, the loss is 0 even for infinite scores. It makes positions and factors on the way.
/// </summary>
internal readonly record struct NllLoss(int Dim, bool IsSpatial, long IgnoreIndex, LossReduction Reduction) : IFused
{
    /// <summary>PyTorch has a second operator for more than two dimensions.</summary>
    public string GradName => IsSpatial ? "NllLoss2DBackward0" : "NllLossBackward0";

    public int Differentiable => 1;

    // Targets and weights themselves are not read again, but the factors are theirs: as in PyTorch they must not change.
    public Reads Reads(Places wanted) => wanted[0] ? new Reads(Places.Of(1, 2), Places.Of(0, 1)) : default;

    public TensorType Infer(TensorType?[] inputs)
    {
        var x = inputs[0]!.Value;
        return x.With(Reduction == LossReduction.None ? [.. x.Layout.Sizes[..Dim], .. x.Layout.Sizes[(Dim + 1)..]] : []);
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var (x, target, weight) = (inputs[0]!, inputs[1]!, inputs[2]?.Detach());
        if (IsFollowed(target, weight))
        {
            return OfEachSample(x, target, weight);
        }

        var shares = Shares(target, weight, x.Layout.Sizes[Dim], x.DType);
        var losses = Op.Indexed(new TakeAlong(Dim, KeepDim: false), x, shares.Positions) * shares.Factors;
        losses = shares.Counted is null ? losses : losses.MaskedFill(target.Eq(IgnoreIndex), 0);
        var loss = Reduction == LossReduction.None ? losses : losses.Sum();
        return shares.IsEmpty ? loss + double.NaN : loss;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        if (!saved.Wanted[0])
        {
            return [null];
        }

        var sizes = saved.Layouts[0]!.Sizes;
        var (positions, factors) = saved.Made.Length > 0
            ? (saved.Made[0]!, saved.Made[1]!)
            : Slopes(saved.Inputs[1]!, saved.Inputs[2], sizes[Dim], g.DType);
        return [Op.Indexed(new PutAlong(Dim, sizes, AlongCall.NllLoss), (g * factors).Unsqueeze(Dim), positions)];
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var x = inputs[0]!;
        var shares = Shares(inputs[1]!, inputs[2], x.Layout.Sizes[Dim], x.DType);
        made = [shares.Positions, shares.Factors];
        var picked = new TakeAlong(Dim, KeepDim: false).Apply(x, shares.Positions);
        var losses = Op.Fresh(picked.Layout, x.DType);
        if (shares.Counted is null)
        {
            Op.Run(default(Map2Body<Mul>), losses, picked, shares.Factors, null, null);
        }
        else
        {
            Op.Run(default(CountedProduct), losses, picked, shares.Factors, shares.Counted, null);
        }

        if (Reduction != LossReduction.None)
        {
            losses = new Sum(Dims.Mask([], losses.Rank), KeepDim: false, Whole: true).Apply(losses);
        }

        if (shares.IsEmpty)
        {
            Numbers.Fill(losses, double.NaN);
        }

        return losses;
    }

    private static bool IsFollowed(Tensor target, Tensor? weight) => target.IsStandIn || weight is { IsStandIn: true };

    /// <summary>Where each sample's score stands and what it is multiplied with, in operators where a transform follows targets.</summary>
    private (Tensor Positions, Tensor Factors) Slopes(Tensor target, Tensor? weight, int classes, DType dtype)
    {
        if (!IsFollowed(target, weight))
        {
            var shares = Shares(target, weight, classes, dtype);
            return (shares.Positions, shares.Factors);
        }

        var (positions, factors, _) = Picked(target, weight, dtype);
        if (Reduction == LossReduction.Mean)
        {
            var total = factors.Sum();
            factors = factors / total.MaskedFill(total.Eq(0), 1);
        }

        return (positions.Unsqueeze(Dim), -factors);
    }

    /// <summary>The loss in operators, where targets are followed by a transform and C# code may not look at them.</summary>
    private Tensor OfEachSample(Tensor x, Tensor target, Tensor? weight)
    {
        var (safe, factors, ignored) = Picked(target, weight, x.DType);
        var losses = (-x.Gather(Dim, safe.Unsqueeze(Dim)).Squeeze(Dim) * factors).MaskedFill(ignored, 0);
        return Reduction switch
        {
            LossReduction.None => losses,
            LossReduction.Sum => losses.Sum(),
            _ => losses.Sum() / factors.Sum(),
        };
    }

    /// <summary>The class of each sample, 0 where it is ignored, and its weight, in operators.</summary>
    private (Tensor Positions, Tensor Factors, Tensor Ignored) Picked(Tensor target, Tensor? weight, DType dtype)
    {
        var ignored = target.Eq(IgnoreIndex);
        var safe = target.To(DType.Int64).MaskedFill(ignored, 0);
        var factors = weight is null ? Tensor.Ones(target.Layout.Sizes, dtype) : weight.Gather(0, safe.Reshape(-1)).Reshape(safe.Layout.Sizes);
        return (safe, factors.MaskedFill(ignored, 0), ignored);
    }

    /// <summary>What each sample's score is multiplied with, and where it stands.</summary>
    private (Tensor Positions, Tensor Factors, Tensor? Counted, bool IsEmpty) Shares(Tensor target, Tensor? weight, int classes, DType dtype)
    {
        var weights = weight?.Detach().ToArray<double>();
        var positions = target.ToArray<long>();
        var factors = new double[positions.Length];
        double[]? counted = null;
        double total = 0;
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] == IgnoreIndex)
            {
                if (counted is null)
                {
                    counted = new double[positions.Length];
                    counted.AsSpan(0, i).Fill(1);
                }

                positions[i] = 0;
                continue;
            }

            if (positions[i] < 0 || positions[i] >= classes)
            {
                throw new TensorIndexException($"Target {positions[i]} is out of bounds. There are {classes} classes.");
            }

            var share = weights?[positions[i]] ?? 1;
            factors[i] = -share;
            total += share;
            counted?[i] = 1;
        }

        // The mean of no samples is not a number; its gradient is 0, as PyTorch has it.
        var isEmpty = Reduction == LossReduction.Mean && Array.TrueForAll(factors, factor => factor == 0);
        for (var i = 0; Reduction == LossReduction.Mean && !isEmpty && i < factors.Length; i++)
        {
            factors[i] /= total;
        }

        var sizes = target.Layout.Sizes;
        Tensor Of(double[] values) => Op.Convert(Tensor.FromArray(values, sizes), dtype);
        return (Tensor.FromArray(positions, [.. sizes[..Dim], 1, .. sizes[Dim..]]), Of(factors), counted is null ? null : Of(counted), isEmpty);
    }
}

/// <content>Losses of classifiers.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The negative log-likelihood of the right classes (<c>torch.nn.functional.nll_loss</c>). This tensor holds log-probabilities: classes
    /// in dimension 1, or 0 for a single sample.
    /// </summary>
    /// <param name="target">int64 class numbers, this shape without the class dimension.</param>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="ignoreIndex">A class number whose samples do not count.</param>
    /// <param name="reduction">How samples are combined; the mean divides by the sum of their weights.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="TensorIndexException">A class number is out of range.</exception>
    /// <exception cref="DTypeException">The weights have another dtype than the scores, or class numbers are real.</exception>
    public Tensor NllLoss(
        Tensor target, Tensor? weight = null, long ignoreIndex = -100, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        var dim = LossTargets.Classes(this, target);
        var classes = Layout.Sizes[dim];
        if (weight is not null && (weight.Rank != 1 || weight.Layout.Count != classes))
        {
            throw new ShapeException(
                $"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: " +
                $"{Shape.Text(weight.Layout.Sizes)}");
        }

        if (weight is not null && weight.DType != DType)
        {
            throw new DTypeException(
                $"expected scalar type {DType.ScalarName} but found {weight.DType.ScalarName}. The weights of classes need the dtype of the " +
                $"scores: " +
                $"weight.To(DType.{DType}).");
        }

        LossArguments.Check(reduction);
        return Op.Fused(new NllLoss(dim, Rank > 2, ignoreIndex, reduction), this, target, weight);
    }
}

/// <summary>What a loss reads of its target.</summary>
internal static class LossTargets
{
    public static int Classes(Tensor x, Tensor target)
    {
        var (scores, classes) = (x.Layout.Sizes, target.Layout.Sizes);
        var rank = x.Rank;
        if (rank == 0)
        {
            throw new ShapeException("Expected 1 or more dimensions (got 0). Scores have the classes in dimension 1, or 0 for a single sample.");
        }

        if (rank > 1 && classes.Length > 0 && scores[0] != classes[0])
        {
            throw Misfit($"Expected input batch_size ({scores[0]}) to match target batch_size ({classes[0]}).", x, target);
        }

        if (classes.Length != rank - 1 || (rank > 2 && !classes.AsSpan(1).SequenceEqual(scores.AsSpan(2))))
        {
            throw Misfit(
                rank switch
                {
                    1 or 2 => "0D or 1D target tensor expected, multi-target not supported.",
                    4 when classes.Length != 3 =>
                        $"only batches of spatial targets supported (3D tensors) but got targets of dimension: {classes.Length}.",
                    4 => $"size mismatch (got input: {Shape.Text(scores)} , target: {Shape.Text(classes)}.",
                    _ => $"Expected target size {Shape.Text([scores[0], .. scores[2..]])}, got {Shape.Text(classes)}.",
                },
                x,
                target);
        }

        return target.DType.IsFloatingPoint
            ? throw new DTypeException(
                $"expected scalar type Long but found {target.DType.ScalarName}. Class numbers are int64: target.To(DType.Int64).")
            : rank == 1 ? 0 : 1;
    }

    /// <summary>How many rows and classes scores have that are a matrix, a vector, or one number.</summary>
    public static (int Rows, int Classes) Rows(Tensor x, string kernel)
    {
        if (x.Rank > 2 || (x.Rank > 0 && x.Layout.Sizes[^1] == 0))
        {
            throw new ShapeException(
                $"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {Shape.Text(x.Layout.Sizes)}. Scores have one row " +
                $"for each " +
                "sample.");
        }

        _ = NearOne.Real(x, kernel);
        return (x.Rank == 2 ? x.Layout.Sizes[0] : 1, x.Rank == 0 ? 1 : x.Layout.Sizes[^1]);
    }

    /// <summary>Class numbers in int64, all of them from the first one to before the last, where no transform hides them.</summary>
    public static Tensor Numbers(Tensor target, long first, long end, string sentence)
    {
        if (target.DType.IsFloatingPoint || target.DType == DType.Bool)
        {
            throw new DTypeException(
                $"expected scalar type Long but found {target.DType.ScalarName}. Class numbers are int64: target.To(DType.Int64).");
        }

        var numbers = target.To(DType.Int64);
        if (!numbers.IsStandIn)
        {
            foreach (var number in numbers.ToArray<long>())
            {
                if (number < first || number >= end)
                {
                    throw new TensorIndexException($"{sentence}: {number}. There are {end} classes, from 0 on.");
                }
            }
        }

        return numbers;
    }

    public static ShapeException Misfit(string sentence, Tensor x, Tensor target) => new(
        $"{sentence} Scores have shape {Shape.Text(x.Layout.Sizes)} and targets {Shape.Text(target.Layout.Sizes)}; class numbers need the shape of " +
        "the scores without the class dimension.");
}
