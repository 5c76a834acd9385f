namespace Adjoint.NN;

/// <summary>The rows of two tensors, inputs and targets (<c>torch.utils.data.TensorDataset</c>).</summary>
public sealed class TensorDataset : Dataset<(Tensor X, Tensor Y)>
{
    /// <summary>Takes the tensors; they are not copied.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The targets, of as many rows.</param>
    /// <exception cref="ShapeException">The counts of rows differ.</exception>
    public TensorDataset(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank == 0 || y.Rank == 0 || x.Shape[0] != y.Shape[0])
        {
            throw new ShapeException($"Size mismatch between tensors: {x.Shape} and {y.Shape} have other counts of rows.");
        }

        (X, Y) = (x, y);
    }

    /// <summary>The inputs.</summary>
    public Tensor X { get; }

    /// <summary>The targets.</summary>
    public Tensor Y { get; }

    /// <inheritdoc/>
    public override int Count => X.Shape[0];

    /// <inheritdoc/>
    public override (Tensor X, Tensor Y) this[int index] => (X[index], Y[index]);

    /// <summary>Several rows at once.</summary>
    /// <param name="indices">Their places.</param>
    public (Tensor X, Tensor Y) Rows(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var places = new long[indices.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = indices[i];
        }

        var index = Tensor.FromArray(places);
        return (X.IndexSelect(0, index), Y.IndexSelect(0, index));
    }

    /// <summary>Some of the rows, copied.</summary>
    /// <param name="indices">Their places.</param>
    /// <exception cref="TensorIndexException">There is no such place.</exception>
    public new TensorDataset Subset(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var (x, y) = Rows([.. indices]);
        return new TensorDataset(x, y);
    }

    /// <summary>
    /// Divides the rows at random with each class in every part as often as in all, but for rounding (scikit-learn's <c>train_test_split</c> with
    /// <c>stratify</c>).
    /// </summary>
    /// <param name="parts">How much of all goes to each part; they sum to 1.</param>
    /// <param name="generator">The source of the order; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentException">The parts do not sum to 1, or one is negative.</exception>
    /// <exception cref="ShapeException">The targets are not one class for each row.</exception>
    public TensorDataset[] StratifiedSplit(ReadOnlySpan<double> parts, Generator? generator = null)
    {
        if (Y.Rank != 1)
        {
            throw new ShapeException($"StratifiedSplit takes a class for each row as targets, and these have shape {Y.Shape}.");
        }

        // Ends of parts of 1: rounded ends leave no row out and count none twice.
        var ends = new double[parts.Length];
        double sum = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            sum += parts[i] >= 0 ? parts[i] : throw new ArgumentException("A part is negative.", nameof(parts));
            ends[i] = sum;
        }

        if (!(Math.Abs(sum - 1) < 1e-9))
        {
            throw new ArgumentException(FormattableString.Invariant($"The parts sum to {sum}, not to 1."), nameof(parts));
        }

        var order = Array.ConvertAll(Tensor.Randperm(Count, generator).ToArray<long>(), place => (int)place);
        var classes = Y.To(DType.Int64).ToArray<long>();
        var places = Array.ConvertAll(ends, _ => new List<int>());
        foreach (var alike in order.GroupBy(place => classes[place]).Select(group => group.ToArray()))
        {
            var start = 0;
            for (var i = 0; i < ends.Length; i++)
            {
                var end = i == ends.Length - 1 ? alike.Length : (int)Math.Round(ends[i] * alike.Length, MidpointRounding.AwayFromZero);
                places[i].AddRange(alike.AsSpan(start, end - start));
                start = end;
            }
        }

        // In the drawn order again, in which classes are mixed.
        var rank = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }

        return Array.ConvertAll(places, part => Subset(part.OrderBy(place => rank[place])));
    }
}
