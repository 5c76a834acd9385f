using Adjoint.Kernels;

namespace Adjoint;

/// <content>Drawing categories by their weights.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Numbers of categories, drawn with the weights in this tensor, for each row (<c>torch.multinomial</c>). The weights need no sum of 1. Without
    /// replacement, and where one is drawn, each category waits an exponential time by its weight and the first ones win.
    /// </summary>
    /// <param name="numSamples">How many are drawn for a row.</param>
    /// <param name="replacement">Whether a category may come more than once.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <returns>int64 numbers, in this shape but for the last dimension.</returns>
    /// <exception cref="ShapeException">There is not one dimension, nor two.</exception>
    /// <exception cref="TensorException">More are asked for than there are, or the weights are negative, not finite or all zero.</exception>
    /// <exception cref="DTypeException">The weights are no reals.</exception>
    public Tensor Multinomial(int numSamples, bool replacement = false, Generator? generator = null)
    {
        if (Rank is not (1 or 2))
        {
            throw new ShapeException("prob_dist must be 1 or 2 dim. A row is one distribution: x.Reshape(-1, x.Shape[-1]).");
        }

        var categories = Layout.Sizes[^1];
        if (!DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"multinomial only supports floating-point dtypes for input, got: {DType.ScalarName}. Convert the weights: x.To(DType.Float32).");
        }

        if (numSamples <= 0)
        {
            throw new TensorException("cannot sample n_sample <= 0 samples. Ask for one at least.");
        }

        if (!replacement && numSamples > categories)
        {
            throw new TensorException("cannot sample n_sample > prob_dist.size(-1) samples without replacement. Pass replacement: true, or fewer.");
        }

        var weights = Detach();
        var isFollowed = Sampled.IsFollowed([weights]);
        if (!isFollowed)
        {
            CheckWeights(weights, categories);
        }

        if (replacement && numSamples > 1)
        {
            return isFollowed ? Races(weights, numSamples, generator) : WithReplacement(weights, numSamples, generator);
        }

        var race = weights / Sampled.Exponential(Layout.Sizes, DType, generator);
        return numSamples == 1 ? race.Max(-1, keepDim: true).Indices : race.TopK(numSamples, -1).Indices;
    }

    private static void CheckWeights(Tensor weights, int categories)
    {
        var values = weights.ToArray<double>();
        if (categories == 0 || Array.Exists(values, value => !(value >= 0) || double.IsInfinity(value)))
        {
            throw new TensorException("probability tensor contains either `inf`, `nan` or element < 0. Weights are finite and not negative.");
        }

        for (var start = 0; start < values.Length; start += categories)
        {
            if (!values.AsSpan(start, categories).ContainsAnyExcept(0))
            {
                throw new TensorException("invalid multinomial distribution (sum of probabilities <= 0). A row needs a positive weight.");
            }
        }
    }

    /// <summary>A race for each draw, made of operators that transforms follow.</summary>
    private static Tensor Races(Tensor weights, int numSamples, Generator? generator)
    {
        int[] sizes = [.. weights.Layout.Sizes[..^1], numSamples, weights.Layout.Sizes[^1]];
        return (weights.Unsqueeze(-2) / Sampled.Exponential(sizes, weights.DType, generator)).Max(-1).Indices;
    }

    private static Tensor WithReplacement(Tensor weights, int numSamples, Generator? generator)
    {
        var categories = weights.Layout.Sizes[^1];
        var sums = weights.ToArray<double>();
        for (var start = 0; start < sums.Length; start += categories)
        {
            var row = sums.AsSpan(start, categories);
            for (var i = 1; i < row.Length; i++)
            {
                row[i] += row[i - 1];
            }

            var total = row[^1];
            foreach (ref var sum in row)
            {
                sum /= total;
            }

            row[^1] = 1;
        }

        var drawn = new double[sums.Length / categories * numSamples];
        Draws.Each(generator ?? Generator.Default, drawn, (source, i) =>
        {
            // The first category up to which the sum is not below the number.
            var row = sums.AsSpan(i / numSamples * categories, categories);
            var (low, high, u) = (0, row.Length, source.Uniform);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = row[middle] < u ? (middle + 1, high) : (low, middle);
            }

            return Math.Min(low, row.Length - 1);
        });
        return Tensor.FromArray(Array.ConvertAll(drawn, value => (long)value), [.. weights.Layout.Sizes[..^1], numSamples]);
    }
}
