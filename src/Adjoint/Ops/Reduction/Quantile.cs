using Adjoint.Families;

namespace Adjoint;

/// <summary>What a quantile is that lies between two elements.</summary>
public enum QuantileInterpolation
{
    /// <summary>The point between both in proportion to the distances.</summary>
    Linear,

    /// <summary>The lower one.</summary>
    Lower,

    /// <summary>The higher one.</summary>
    Higher,

    /// <summary>The point half way between both.</summary>
    Midpoint,

    /// <summary>The nearer one; the one of even rank if both are equally near.</summary>
    Nearest,
}

/// <content>Quantiles.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Quantiles of the elements along a dimension, of all if none is named (<c>torch.quantile</c>): the element at q (n - 1) in order, or a point
    /// between two. NaN if any element is. Gradients flow to the elements, and to q where that is what proportions are made of.
    /// </summary>
    /// <param name="q">Between 0 and 1: a number, or a vector in the dtype of this tensor, which makes a new first dimension.</param>
    /// <param name="dim">The dimension; negative counts from the end; null for all elements.</param>
    /// <param name="keepDim">Keep the dimension, or all, with size 1.</param>
    /// <param name="interpolation">What lies between two elements.</param>
    /// <exception cref="TensorException">The tensor is empty, or a q is not between 0 and 1.</exception>
    /// <exception cref="DTypeException">The elements are neither float32 nor float64, or q has another dtype.</exception>
    /// <exception cref="ShapeException">q has several dimensions.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Quantile(
        Tensor q, int? dim = null, bool keepDim = false, QuantileInterpolation interpolation = QuantileInterpolation.Linear) =>
        QuantileOf(this, q, dim, keepDim, interpolation, ignoresNaN: false);

    /// <summary>The same of the elements that are not NaN (<c>torch.nanquantile</c>); NaN if there is none.</summary>
    /// <inheritdoc cref="Quantile"/>
    public Tensor NanQuantile(
        Tensor q, int? dim = null, bool keepDim = false, QuantileInterpolation interpolation = QuantileInterpolation.Linear) =>
        QuantileOf(this, q, dim, keepDim, interpolation, ignoresNaN: true);

    private static Tensor QuantileOf(Tensor x, Tensor q, int? dim, bool keepDim, QuantileInterpolation interpolation, bool ignoresNaN)
    {
        ArgumentNullException.ThrowIfNull(q);
        CheckQuantile(x, q);
        if (!Enum.IsDefined(interpolation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(interpolation), "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest");
        }

        var axis = dim is { } named ? x.Layout.Dim(named) : 0;
        var rows = dim is null ? x.Reshape(-1) : x.Rank == 0 ? x.Reshape(1) : x.Movedim(axis, -1);
        var sorted = rows.Sort().Values;
        var own = sorted.Detach();
        var last = sorted.Layout.Sizes[^1] - 1;
        var share = (q.IsNumber ? q.To(x.DType) : q).Reshape(-1);

        // The ranks of each row, in a last dimension; a row with NaN gives its last element, which is one.
        var ranks = ignoresNaN
            ? (share * (own.Eq(own).Sum(-1, keepDim: true) - 1)).Clamp(min: 0)
            : Where(own.Ne(own).Any(-1, keepDim: true), (double)last, share * last);
        ranks = interpolation switch
        {
            QuantileInterpolation.Lower => ranks.Floor(),
            QuantileInterpolation.Higher => -(-ranks).Floor(),
            QuantileInterpolation.Nearest => Rounded(ranks.Detach()),
            _ => ranks,
        };
        var below = ranks.Detach().Floor();
        var values = sorted.Gather(-1, below.To(DType.Int64));
        if (interpolation is QuantileInterpolation.Linear or QuantileInterpolation.Midpoint)
        {
            var above = sorted.Gather(-1, (-(-ranks.Detach()).Floor()).To(DType.Int64));
            var weights = interpolation == QuantileInterpolation.Midpoint ? FullLike(below, 0.5) : ranks - below;
            values = PointBetween(values, above, weights);
        }

        return Placed(values, x.Rank, axis, dim is null, keepDim, q.Rank == 0);
    }

    /// <summary>The point between two, from the nearer end, so that an infinite one does not cancel.</summary>
    private static Tensor PointBetween(Tensor a, Tensor b, Tensor weights)
    {
        var distance = b - a;
        return Where(weights.Lt(0.5), a + (distance * weights), b - (distance * (1 - weights)));
    }

    /// <summary>The nearest whole number, ties to even.</summary>
    private static Tensor Rounded(Tensor x)
    {
        var down = x.Floor();
        var rest = x - down;
        var isEven = (down / 2).Floor().Mul(2).Eq(down);
        return Where(rest.Gt(0.5).LogicalOr(rest.Eq(0.5).LogicalAnd(isEven.LogicalNot())), down + 1, down);
    }

    /// <summary>Quantiles, which lie in the last dimension, in the shape that PyTorch gives them.</summary>
    private static Tensor Placed(Tensor values, int rank, int axis, bool isOfAll, bool keepDim, bool isOne)
    {
        if (keepDim && isOfAll)
        {
            values = values.Reshape([.. Enumerable.Repeat(1, rank), values.Layout.Sizes[^1]]);
        }
        else if (keepDim && rank > 0)
        {
            values = values.Unsqueeze(axis);
        }
        else if (rank == 0)
        {
            values = values.Reshape(values.Layout.Sizes[^1]);
        }

        return isOne ? values.Squeeze(-1) : values.Movedim(-1, 0);
    }

    private static void CheckQuantile(Tensor x, Tensor q)
    {
        if (x.Layout.Count == 0)
        {
            throw new TensorException($"quantile() input tensor must be non-empty. Its shape is {Shape.Text(x.Layout.Sizes)}.");
        }

        if (q.Rank > 1)
        {
            throw new ShapeException($"quantile() q must be a scalar or 1D tensor. Its shape is {Shape.Text(q.Layout.Sizes)}.");
        }

        if (!x.DType.IsFloatingPoint || x.DType.IsNarrow)
        {
            throw new DTypeException(
                $"quantile() input tensor must be either float or double dtype. It is {x.DType.ScalarName}: convert it with To(DType.Float32).");
        }

        if (!q.IsNumber && q.DType != x.DType)
        {
            throw new DTypeException(
                $"quantile() q tensor must be same dtype as the input tensor. It is {q.DType.ScalarName}: convert it with To(DType.{x.DType}).");
        }

        if (!q.IsStandIn && q.Layout.Count > 0 && !(q.Detach().Min().Item() >= 0 && q.Detach().Max().Item() <= 1))
        {
            throw new TensorException("quantile() q values must be in the range [0, 1]");
        }
    }
}
