using System.Globalization;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The product of several matrices (<c>torch.linalg.multi_dot</c>), in the order of least work. The first and the last may be vectors, a row and
    /// a
    /// column.
    /// </summary>
    /// <param name="tensors">At least two tensors.</param>
    /// <exception cref="ShapeException">There are fewer than two, or the shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public static Tensor MultiDot(params ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.Length < 2)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture, $"multi_dot(): expected at least 2 tensors but got {tensors.Length}"));
        }

        var factors = tensors.ToArray();
        for (var i = 0; i < factors.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(factors[i], nameof(tensors));
            var isEnd = i == 0 || i == factors.Length - 1;
            if (factors[i].Rank != 2 && !(isEnd && factors[i].Rank == 1))
            {
                throw new ShapeException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"multi_dot(): tensor {i} must be {(isEnd ? "1D or 2D" : "2D")} but got {factors[i].Rank}D"));
            }
        }

        var (isRow, isColumn) = (factors[0].Rank == 1, factors[^1].Rank == 1);
        factors[0] = isRow ? factors[0].Unsqueeze(0) : factors[0];
        factors[^1] = isColumn ? factors[^1].Unsqueeze(1) : factors[^1];
        for (var i = 1; i < factors.Length; i++)
        {
            if (factors[i - 1].Layout.Sizes[1] != factors[i].Layout.Sizes[0])
            {
                throw new ShapeException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"multi_dot(): tensors {i - 1} and {i} with shapes {Shape.Text(factors[i - 1].Layout.Sizes)} and " +
                    $"{Shape.Text(factors[i].Layout.Sizes)} cannot be multiplied"));
            }
        }

        var product = Chain(factors, Splits(factors), 0, factors.Length - 1);
        product = isRow ? product.Squeeze(0) : product;
        return isColumn ? product.Squeeze(-1) : product;
    }

    private static Tensor Chain(Tensor[] factors, int[,] splits, int first, int last) => first == last
        ? factors[first]
        : Chain(factors, splits, first, splits[first, last]).Mm(Chain(factors, splits, splits[first, last] + 1, last));

    /// <summary>Where each chain of factors is divided for the least work (Cormen et al., Introduction to Algorithms, section 15.2).</summary>
    private static int[,] Splits(Tensor[] factors)
    {
        var n = factors.Length;
        var (work, splits) = (new double[n, n], new int[n, n]);
        for (var length = 1; length < n; length++)
        {
            for (var first = 0; first + length < n; first++)
            {
                var last = first + length;
                work[first, last] = double.PositiveInfinity;
                for (var split = first; split < last; split++)
                {
                    var here = work[first, split] + work[split + 1, last]
                        + ((double)factors[first].Layout.Sizes[0] * factors[split].Layout.Sizes[1] * factors[last].Layout.Sizes[1]);
                    if (here < work[first, last])
                    {
                        (work[first, last], splits[first, last]) = (here, split);
                    }
                }
            }
        }

        return splits;
    }
}
