namespace Adjoint.NN;

/// <summary>A table whose rows stand for numbers (<c>torch.nn.Embedding</c>); see <c>Tensor.Embedding</c>.</summary>
public sealed class Embedding : Layer
{
    private readonly int? _padding;

    /// <summary>Makes the table with PyTorch's first values: normal numbers, and zeros in the row of the padding.</summary>
    /// <param name="numEmbeddings">The number of rows.</param>
    /// <param name="embeddingDim">The length of a row.</param>
    /// <param name="paddingIdx">A row that is zeros at first and gets no gradient; negative counts from the end.</param>
    /// <param name="dtype">The dtype of the table.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row of the padding is out of range.</exception>
    public Embedding(int numEmbeddings, int embeddingDim, int? paddingIdx = null, DType dtype = DType.Float32, Generator? generator = null)
    {
        if (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings)
        {
            throw new ArgumentOutOfRangeException(nameof(paddingIdx), "Padding_idx must be within num_embeddings");
        }

        _padding = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
        var weight = Tensor.Empty([numEmbeddings, embeddingDim], dtype).Normal_(generator: generator);
        if (_padding is { } row)
        {
            weight.Select(0, row).Zero_();
        }

        Weight = Parameter("weight", weight);
    }

    /// <summary>The table, of shape [rows, length].</summary>
    public Tensor Weight { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{Weight.Shape[0]}, {Weight.Shape[1]}{(_padding is { } row ? $", padding_idx={row}" : string.Empty)}";

    /// <summary>The rows of numbers.</summary>
    /// <param name="x">int64 row numbers, of any shape; the result has one more dimension.</param>
    /// <exception cref="TensorIndexException">A number is out of range.</exception>
    public override Tensor Forward(Tensor x) => x.Embedding(Weight, _padding);
}
