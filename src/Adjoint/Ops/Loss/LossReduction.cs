namespace Adjoint;

/// <summary>How the losses of single samples become one number.</summary>
public enum LossReduction
{
    /// <summary>The mean, weighted where the loss has weights.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>No reduction: one loss for each sample.</summary>
    None,

    /// <summary>The sum divided by the first size; only <c>Tensor.KlDiv</c> has it.</summary>
    BatchMean,
}

/// <summary>What the losses share: how they are reduced, and what PyTorch says of arguments that do not fit.</summary>
internal static class LossArguments
{
    /// <summary>Losses in recorded operators, reduced.</summary>
    public static Tensor Reduced(Tensor losses, LossReduction reduction) => reduction switch
    {
        LossReduction.None => losses,
        LossReduction.Sum => losses.Sum(),
        _ => losses.Mean(),
    };

    /// <summary>Refuses a reduction that only one loss has, and what is no reduction.</summary>
    /// <exception cref="ArgumentException">It is one of those.</exception>
    public static void Check(LossReduction reduction)
    {
        if (reduction is not (LossReduction.Mean or LossReduction.Sum or LossReduction.None))
        {
            var name = reduction == LossReduction.BatchMean ? "batchmean" : $"{(int)reduction}";
            throw new ArgumentException($"{name} is not a valid value for reduction. Use Mean, Sum or None.", nameof(reduction));
        }
    }

    /// <summary>Both tensors in the shape to which they broadcast, and in one dtype of reals.</summary>
    /// <param name="x">The input.</param>
    /// <param name="target">The target.</param>
    /// <param name="kernel">What PyTorch calls the loop that has no form for whole numbers.</param>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static (Tensor X, Tensor Target) Paired(Tensor x, Tensor target, string kernel)
    {
        ArgumentNullException.ThrowIfNull(target);
        var dtype = Gate.Promotion.ResultType(x, target);
        if (!dtype.IsFloatingPoint)
        {
            throw new DTypeException($"\"{kernel}\" not implemented for '{dtype.ScalarName}'. Convert the tensors first: x.To(DType.Float32).");
        }

        return Broadcast(x.To(dtype), target.To(dtype));
    }

    /// <summary>Both tensors in the shape to which they broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static (Tensor X, Tensor Target) Broadcast(Tensor x, Tensor target)
    {
        if (x.Layout.SameSizes(target.Layout))
        {
            return (x, target);
        }

        var sizes = Layout.Broadcast(x.Layout, target.Layout).Sizes;
        return (x.Expand(sizes), target.Expand(sizes));
    }

    /// <summary>Losses times weights of their shape; the mean divides by the sum of the weights.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Weighted(Tensor losses, Tensor weight, Tensor x, LossReduction reduction)
    {
        if (!weight.Layout.SameSizes(x.Layout))
        {
            throw new ShapeException(
                $"Weights and input must have the same size. The weights have {Shape.Text(weight.Layout.Sizes)}, the input " +
                $"{Shape.Text(x.Layout.Sizes)}.");
        }

        var weighted = losses * weight;
        return reduction switch
        {
            LossReduction.None => weighted,
            LossReduction.Sum => weighted.Sum(),
            _ => weighted.Sum() / weight.Sum(),
        };
    }

    /// <summary>Refuses targets of another shape, where PyTorch does not broadcast them.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static void SameShape(Tensor x, Tensor target, string sentence)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!x.Layout.SameSizes(target.Layout))
        {
            throw new ShapeException($"{sentence} The input has shape {Shape.Text(x.Layout.Sizes)}, the target {Shape.Text(target.Layout.Sizes)}.");
        }
    }
}
