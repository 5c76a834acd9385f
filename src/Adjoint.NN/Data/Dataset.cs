using System.Collections;

namespace Adjoint.NN;

/// <summary>Samples by their places (<c>torch.utils.data.Dataset</c>). Several threads may read it at once.</summary>
/// <typeparam name="T">A sample, such as a tensor, a tuple of tensors or a record.</typeparam>
public abstract class Dataset<T> : IReadOnlyList<T>
{
    /// <summary>How many samples there are.</summary>
    public abstract int Count { get; }

    /// <summary>A sample.</summary>
    /// <param name="index">Its place, from 0.</param>
    public abstract T this[int index] { get; }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Samples that are computed from these when they are asked for, such as augmented images.</summary>
    /// <param name="transform">Makes one of the other.</param>
    public Dataset<R> Map<R>(Func<T, R> transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new Computed<R>(() => Count, i => transform(this[i]));
    }

    /// <summary>Some of the samples (<c>Subset</c>).</summary>
    /// <param name="indices">Their places.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Dataset<T> Subset(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int[] places = [.. indices];
        if (Array.Exists(places, place => place < 0 || place >= Count))
        {
            throw new ArgumentOutOfRangeException(nameof(indices), $"A place is not from 0 to {Count - 1}.");
        }

        return new Computed<T>(() => places.Length, i => this[places[i]]);
    }

    /// <summary>These samples and then others (<c>ConcatDataset</c>).</summary>
    /// <param name="other">The others.</param>
    public Dataset<T> Concat(Dataset<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Computed<T>(() => Count + other.Count, i => i < Count ? this[i] : other[i - Count]);
    }

    /// <summary>Divides the samples at random (<c>random_split</c>).</summary>
    /// <param name="lengths">How many go to each part, or, if they sum to 1, which part of all; what is left by rounding goes to the first
    /// parts.</param>
    /// <param name="generator">The source of the order; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The lengths do not sum to all samples.</exception>
    public Dataset<T>[] RandomSplit(ReadOnlySpan<double> lengths, Generator? generator = null)
    {
        var counts = new int[lengths.Length];
        double sum = 0;
        foreach (var length in lengths)
        {
            sum += length;
        }

        var isParts = Math.Abs(sum - 1) < 1e-9 && Count != 1;
        var left = Count;
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (int)Math.Floor(isParts ? lengths[i] * Count : lengths[i]);
            left -= counts[i];
        }

        for (var i = 0; isParts && left > 0; i = (i + 1) % counts.Length, left--)
        {
            counts[i]++;
        }

        if (left != 0 || Array.Exists(counts, count => count < 0))
        {
            throw new ArgumentException("Sum of input lengths does not equal the length of the input dataset!", nameof(lengths));
        }

        var order = Array.ConvertAll(Tensor.Randperm(Count, generator).ToArray<long>(), place => (int)place);
        var parts = new Dataset<T>[counts.Length];
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Subset(order.AsSpan(start, counts[i]).ToArray());
            start += counts[i];
        }

        return parts;
    }

    /// <summary>Pairs of training and validation data, in which each sample is once for validation (scikit-learn's <c>KFold</c>).</summary>
    /// <param name="folds">How many pairs, from 2 to the number of samples; the first parts are larger by one where that leaves a rest.</param>
    /// <param name="shuffle">Whether the samples are divided at random, or in their order.</param>
    /// <param name="generator">The source of the order; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds, or more than samples.</exception>
    public IReadOnlyList<(Dataset<T> Training, Dataset<T> Validation)> KFold(int folds, bool shuffle = false, Generator? generator = null)
    {
        if (folds < 2 || folds > Count)
        {
            throw new ArgumentOutOfRangeException(nameof(folds), $"Cannot have {folds} folds of {Count} samples: from 2 to as many as there are.");
        }

        int[] order = shuffle
            ? Array.ConvertAll(Tensor.Randperm(Count, generator).ToArray<long>(), place => (int)place)
            : [.. Enumerable.Range(0, Count)];
        var pairs = new List<(Dataset<T>, Dataset<T>)>();
        var start = 0;
        for (var fold = 0; fold < folds; fold++)
        {
            var end = start + (Count / folds) + (fold < Count % folds ? 1 : 0);
            pairs.Add((Subset([.. order[..start], .. order[end..]]), Subset(order[start..end])));
            start = end;
        }

        return pairs;
    }

    private sealed class Computed<R>(Func<int> count, Func<int, R> sample) : Dataset<R>
    {
        public override int Count => count();

        public override R this[int index] => index >= 0 && index < Count ? sample(index)
            : throw new ArgumentOutOfRangeException(nameof(index), $"There is no sample {index} among {Count}.");
    }
}

/// <summary>Makes data sets of what is in memory.</summary>
public static class Dataset
{
    /// <summary>The items of a list.</summary>
    /// <param name="samples">The list; it is not copied.</param>
    public static Dataset<T> Of<T>(IReadOnlyList<T> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new Listed<T>(samples);
    }

    /// <summary>The rows of two tensors, such as inputs and targets (<c>TensorDataset</c>).</summary>
    /// <param name="x">The first tensor.</param>
    /// <param name="y">The second, of as many rows.</param>
    /// <exception cref="ShapeException">The counts of rows differ.</exception>
    public static TensorDataset Of(Tensor x, Tensor y) => new(x, y);

    private sealed class Listed<T>(IReadOnlyList<T> samples) : Dataset<T>
    {
        public override int Count => samples.Count;

        public override T this[int index] => samples[index];
    }
}
