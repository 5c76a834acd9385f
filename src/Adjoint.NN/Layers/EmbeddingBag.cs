namespace Adjoint.NN;

/// <summary>Sums, means or maxima of the rows of a table (<c>torch.nn.EmbeddingBag</c>); see <c>Tensor.EmbeddingBag</c>.</summary>
public sealed class EmbeddingBag : Layer
{
    private readonly Tensor _weight;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradByFreq;
    private readonly EmbeddingBagMode _mode;
    private readonly bool _includeLastOffset;

    /// <summary>Makes the table with PyTorch's first values: normal numbers, and zeros in the row of the padding.</summary>
    /// <param name="numEmbeddings">The number of rows.</param>
    /// <param name="embeddingDim">The length of a row.</param>
    /// <param name="maxNorm">Rows that are taken are first shortened to this norm, in the table itself; null for no.</param>
    /// <param name="normType">The p of that norm.</param>
    /// <param name="scaleGradByFreq">Whether gradients of rows are divided by how often they are taken at once.</param>
    /// <param name="mode">How the rows of a bag are joined.</param>
    /// <param name="includeLastOffset">Whether the last offset is the end of the last bag, and begins none.</param>
    /// <param name="paddingIdx">A row that is zeros at first, that no bag counts and that gets no gradient; negative counts from the end.</param>
    /// <param name="dtype">The dtype of the table; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row of the padding is out of range.</exception>
    public EmbeddingBag(
        int numEmbeddings,
        int embeddingDim,
        double? maxNorm = null,
        double normType = 2,
        bool scaleGradByFreq = false,
        EmbeddingBagMode mode = EmbeddingBagMode.Mean,
        bool includeLastOffset = false,
        int? paddingIdx = null,
        DType? dtype = null,
        Generator? generator = null)
    {
        if (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings)
        {
            throw new ArgumentOutOfRangeException(
                nameof(paddingIdx), $"padding_idx must be within num_embeddings. It is {paddingIdx}, of {numEmbeddings} rows.");
        }

        (_maxNorm, _normType, _scaleGradByFreq, _mode, _includeLastOffset) = (maxNorm, normType, scaleGradByFreq, mode, includeLastOffset);
        PaddingIdx = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
        _weight = Parametrizable("weight", Tensor.Empty([numEmbeddings, embeddingDim], dtype).Normal_(generator: generator));
        if (PaddingIdx is { } row)
        {
            _weight.Detach()[row].Zero_();
        }
    }

    /// <summary>The table, of shape [rows, length].</summary>
    public Tensor Weight => Current(_weight);

    /// <summary>The row that no bag counts; null for none.</summary>
    public int? PaddingIdx { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{_weight.Shape[0]}, {_weight.Shape[1]}" +
        $"{(_maxNorm is { } most ? $", max_norm={ModuleText.Of(most)}" : string.Empty)}" +
        $"{(_normType == 2 ? string.Empty : $", norm_type={ModuleText.Of(_normType)}")}" +
        $"{(_scaleGradByFreq ? ", scale_grad_by_freq=True" : string.Empty)}, mode={$"{_mode}".ToLowerInvariant()}" +
        $"{(PaddingIdx is { } row ? $", padding_idx={row}" : string.Empty)}";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>The rows of each bag, joined.</summary>
    /// <param name="x">int64 row numbers: a bag in each row of a matrix, or all bags behind each other in a vector.</param>
    /// <param name="offsets">Where each bag of a vector begins.</param>
    /// <param name="perSampleWeights">A factor for each row that is taken; for sums.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="TensorIndexException">A number is out of range.</exception>
    public Tensor Forward(Tensor x, Tensor? offsets, Tensor? perSampleWeights = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.EmbeddingBag(
            Weight, offsets, _maxNorm, _normType, _scaleGradByFreq, _mode, perSampleWeights, _includeLastOffset, PaddingIdx);
    }
}
