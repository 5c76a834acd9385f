using Adjoint.Families;

namespace Adjoint;

/// <summary>How the rows of a bag are joined (the <c>mode</c> of PyTorch's <c>embedding_bag</c>).</summary>
public enum EmbeddingBagMode
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean; zero of an empty bag.</summary>
    Mean,

    /// <summary>The largest of each column; zero of an empty bag. The first of equal ones gets the gradient.</summary>
    Max,
}

/// <content>Bags of rows of a table.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Rows of a table at positions, joined within bags (<c>torch.nn.functional.embedding_bag</c>, whose first argument this tensor is): a row for
    /// each bag. Each row of a matrix of positions is a bag; a vector is cut into bags by offsets.
    /// </summary>
    /// <param name="weight">The table, of shape [rows, length].</param>
    /// <param name="offsets">Where each bag begins in a vector of positions, from 0 on; null for a matrix.</param>
    /// <param name="maxNorm">First shortens the rows that are taken and whose norm is larger, as in <see cref="Embedding"/>; null for no.</param>
    /// <param name="normType">The p of that norm.</param>
    /// <param name="scaleGradByFreq">Whether gradients of rows are divided by how often they are taken here; not for the largest.</param>
    /// <param name="mode">How rows are joined.</param>
    /// <param name="perSampleWeights">A factor for each position, of its shape; for sums.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag, and begins none.</param>
    /// <param name="paddingIdx">A row that no bag counts, and that gets no gradient; negative counts from the end.</param>
    /// <exception cref="ShapeException">The table is no matrix, or positions, offsets and factors do not fit together.</exception>
    /// <exception cref="DTypeException">The positions or offsets are not whole.</exception>
    /// <exception cref="TensorIndexException">A position, an offset or the row of the padding is out of range.</exception>
    /// <exception cref="ArgumentException">There are factors, and the mode is no sum.</exception>
    public Tensor EmbeddingBag(
        Tensor weight,
        Tensor? offsets = null,
        double? maxNorm = null,
        double normType = 2,
        bool scaleGradByFreq = false,
        EmbeddingBagMode mode = EmbeddingBagMode.Mean,
        Tensor? perSampleWeights = null,
        bool includeLastOffset = false,
        int? paddingIdx = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (perSampleWeights is not null && mode != EmbeddingBagMode.Sum)
        {
            throw new ArgumentException(
                $"embedding_bag: if per_sample_weights was passed as an argument, then mode must be 'sum'. It is {mode}.", nameof(perSampleWeights));
        }

        if (perSampleWeights is not null && !perSampleWeights.Layout.SameSizes(Layout))
        {
            throw new ShapeException(
                $"embedding_bag: If per_sample_weights ({Shape.Text(perSampleWeights.Layout.Sizes)}) is not null, then it must have the same shape " +
                $"as the input ({Shape.Text(Layout.Sizes)})");
        }

        if (scaleGradByFreq && mode == EmbeddingBagMode.Max)
        {
            throw new ArgumentException("embedding_bag: max mode does not support scaling the gradient by the frequency", nameof(scaleGradByFreq));
        }

        var (bags, count) = Bags(offsets, includeLastOffset);
        var positions = Reshape(-1);
        var rows = positions.Embedding(weight, paddingIdx, maxNorm, normType, scaleGradByFreq);
        positions = positions.To(DType.Int64);
        var padding = paddingIdx is { } row ? positions.Eq(row < 0 ? row + weight.Layout.Sizes[0] : row) : null;
        var zeros = Zeros([count, weight.Layout.Sizes[1]], weight.DType);
        if (mode == EmbeddingBagMode.Max)
        {
            return MaxOfBags(rows, bags, zeros, padding);
        }

        rows = padding is null ? rows : rows.MaskedFill(padding.Unsqueeze(-1), 0);
        rows = perSampleWeights is null ? rows : rows * perSampleWeights.Reshape(-1, 1);
        var sums = zeros.IndexAdd(0, bags, rows);
        if (mode == EmbeddingBagMode.Sum)
        {
            return sums;
        }

        var counted = padding is null ? Ones([bags.Layout.Sizes[0]], weight.DType) : padding.Eq(0).To(weight.DType);
        return sums / Zeros([count], weight.DType).IndexAdd(0, bags, counted).Maximum(1).Unsqueeze(-1);
    }

    /// <summary>The row of each bag's largest element, the first of them, is found without record; gradients go to that element alone.</summary>
    private static Tensor MaxOfBags(Tensor rows, Tensor bags, Tensor zeros, Tensor? padding)
    {
        var (values, length) = (rows.Detach(), rows.Layout.Sizes[0]);
        values = padding is null ? values : values.MaskedFill(padding.Unsqueeze(-1), double.NegativeInfinity);
        var most = (zeros + double.NegativeInfinity).IndexReduce(0, bags, values, ScatterReduction.Amax);
        var attains = values.Eq(most.IndexSelect(0, bags)) | values.Ne(values);
        attains = padding is null ? attains : attains & padding.Eq(0).Unsqueeze(-1);
        var places = Where(attains, Arange(length).Unsqueeze(-1), length);
        var first = Full(zeros.Layout.Sizes, length, DType.Int64).IndexReduce(0, bags, places, ScatterReduction.Amin);
        if (length == 0)
        {
            return zeros;
        }

        // A bag without rows has no first one.
        return Where(first.Lt(length), rows.Gather(0, first.Clamp(0, length - 1)), 0);
    }

    /// <summary>The bag of each position, and how many there are.</summary>
    private (Tensor Bags, int Count) Bags(Tensor? offsets, bool includeLastOffset)
    {
        if (Rank == 2)
        {
            var (height, width) = (Layout.Sizes[0], Layout.Sizes[1]);
            return offsets is null
                ? (Arange(height).Unsqueeze(-1).Expand(height, width).Reshape(-1), height)
                : throw new ShapeException(
                    "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. Pass null.");
        }

        if (Rank != 1)
        {
            throw new ShapeException($"input has to be 1D or 2D Tensor, but got Tensor of dimension {Rank}");
        }

        if (offsets is null)
        {
            throw new ArgumentNullException(nameof(offsets), "offsets has to be a 1D Tensor but got None. They say where each bag begins.");
        }

        if (offsets.Rank != 1)
        {
            throw new ShapeException("offsets has to be a 1D Tensor. It says where each bag begins.");
        }

        var starts = ScatterArguments.Whole("embedding_bag", offsets).ToArray<long>();
        var (length, count) = (Layout.Sizes[0], includeLastOffset ? starts.Length - 1 : starts.Length);
        if (count < 0)
        {
            throw new ShapeException("include_last_offset: number of offset should be at least 1");
        }

        if (starts.Length > 0 && starts[0] != 0)
        {
            throw new TensorIndexException(
                $"offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got {starts[0]}");
        }

        for (var i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1] || starts[i] > length)
            {
                throw new TensorIndexException(
                    $"offsets[{i}] can not be less than the one before it or greater than input's length({length}), but got {starts[i]}");
            }
        }

        var end = includeLastOffset && count > 0 ? (int)starts[count] : length;
        if (count == 0 || end != length)
        {
            if (length > 0)
            {
                throw new TensorIndexException(
                    $"offsets[-1] has to be the input's length({length}), so that every position is in a bag, but got {(count == 0 ? 0 : end)}");
            }
        }

        var bags = new long[length];
        for (var bag = 0; bag < count; bag++)
        {
            bags.AsSpan((int)starts[bag], (bag + 1 < starts.Length ? (int)starts[bag + 1] : length) - (int)starts[bag]).Fill(bag);
        }

        return (FromArray(bags), count);
    }
}
