namespace Adjoint.NN;

/// <summary>A table whose rows stand for numbers (<c>torch.nn.Embedding</c>); see <c>Tensor.Embedding</c>.</summary>
public sealed class Embedding : Layer
{
    private readonly Tensor _weight;
    /// <summary>Makes the table with PyTorch's first values: normal numbers, and zeros in the row of the padding.</summary>
    /// <param name="numEmbeddings">The number of rows.</param>
    /// <param name="embeddingDim">The length of a row.</param>
    /// <param name="paddingIdx">A row that is zeros at first and gets no gradient; negative counts from the end.</param>
    /// <param name="maxNorm">Rows that are taken are first shortened to this norm, in the table itself; null for no.</param>
    /// <param name="normType">The p of that norm.</param>
    /// <param name="scaleGradByFreq">Whether gradients of rows are divided by how often they are taken at once.</param>
    /// <param name="dtype">The dtype of the table; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row of the padding is out of range.</exception>
    public Embedding(
        int numEmbeddings,
        int embeddingDim,
        int? paddingIdx = null,
        double? maxNorm = null,
        double normType = 2,
        bool scaleGradByFreq = false,
        DType? dtype = null,
        Generator? generator = null)
        : this(
            Tensor.Empty([numEmbeddings, embeddingDim], dtype).Normal_(generator: generator), paddingIdx, maxNorm, normType, scaleGradByFreq)
    {
        if (PaddingIdx is { } row)
        {
            _weight.Detach()[row].Zero_();
        }
    }

    private Embedding(Tensor weight, int? paddingIdx, double? maxNorm, double normType, bool scaleGradByFreq)
    {
        var rows = weight.Shape[0];
        if (paddingIdx < -rows || paddingIdx >= rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(paddingIdx), $"Padding_idx must be within num_embeddings. It is {paddingIdx}, of {rows} rows.");
        }

        (PaddingIdx, MaxNorm) = (paddingIdx < 0 ? paddingIdx + rows : paddingIdx, maxNorm);
        (NormType, ScaleGradByFreq) = (normType, scaleGradByFreq);
        _weight = Parametrizable("weight", weight);
    }

    /// <summary>The table, of shape [rows, length].</summary>
    public Tensor Weight => Current(_weight);

    /// <summary>The row that gets no gradient; null for none.</summary>
    public int? PaddingIdx { get; }

    /// <summary>The norm to which rows are shortened before they are taken; null for no.</summary>
    public double? MaxNorm { get; }

    /// <summary>The p of that norm.</summary>
    public double NormType { get; }

    /// <summary>Whether gradients of rows are divided by how often they are taken at once.</summary>
    public bool ScaleGradByFreq { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{_weight.Shape[0]}, {_weight.Shape[1]}{(PaddingIdx is { } row ? $", padding_idx={row}" : string.Empty)}" +
        $"{(MaxNorm is { } most ? $", max_norm={ModuleText.Of(most)}" : string.Empty)}" +
        $"{(NormType == 2 ? string.Empty : $", norm_type={ModuleText.Of(NormType)}")}" +
        $"{(ScaleGradByFreq ? ", scale_grad_by_freq=True" : string.Empty)}";

    /// <summary>A layer around a table that is there already, whose memory it shares (<c>Embedding.from_pretrained</c>).</summary>
    /// <param name="embeddings">The table, of shape [rows, length].</param>
    /// <param name="freeze">Whether the table is not trained.</param>
    /// <param name="paddingIdx">A row that gets no gradient; its values stay as they are.</param>
    /// <param name="maxNorm">Rows that are taken are first shortened to this norm, in the table itself; null for no.</param>
    /// <param name="normType">The p of that norm.</param>
    /// <param name="scaleGradByFreq">Whether gradients of rows are divided by how often they are taken at once.</param>
    /// <exception cref="ShapeException">The table is not a matrix.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The row of the padding is out of range.</exception>
    public static Embedding FromPretrained(
        Tensor embeddings,
        bool freeze = true,
        int? paddingIdx = null,
        double? maxNorm = null,
        double normType = 2,
        bool scaleGradByFreq = false)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Rank != 2)
        {
            throw new ShapeException($"Embeddings parameter is expected to be 2-dimensional. It has shape {embeddings.Shape}.");
        }

        var layer = new Embedding(embeddings.Detach(), paddingIdx, maxNorm, normType, scaleGradByFreq);
        layer._weight.RequiresGrad = !freeze;
        return layer;
    }

    /// <summary>The rows of numbers.</summary>
    /// <param name="x">int64 row numbers, of any shape; the result has one more dimension.</param>
    /// <exception cref="TensorIndexException">A number is out of range.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Embedding(Weight, PaddingIdx, MaxNorm, NormType, ScaleGradByFreq);
    }
}
