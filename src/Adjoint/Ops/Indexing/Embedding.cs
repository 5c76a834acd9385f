using Adjoint.Families;

namespace Adjoint;

/// <content>Embedding: rows of a table by number.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The rows of a table at positions (<c>torch.nn.functional.embedding</c>, whose first argument this tensor is).
    /// The result has this shape and one more dimension.
    /// </summary>
    /// <param name="weight">The table, of shape [rows, length].</param>
    /// <param name="paddingIdx">A row to which no gradient flows; negative counts from the end.</param>
    /// <param name="maxNorm">
    /// First shortens the rows that are taken and whose norm is larger, in the table itself and without record (<c>embedding_renorm_</c>);
    /// null for no.
    /// </param>
    /// <param name="normType">The p of that norm.</param>
    /// <param name="scaleGradByFreq">Whether gradients of rows are divided by how often they are taken here.</param>
    /// <exception cref="ShapeException">The table is not a matrix.</exception>
    /// <exception cref="DTypeException">The positions are neither int64 nor int32.</exception>
    /// <exception cref="TensorIndexException">A position or the row of the padding is out of range.</exception>
    /// <exception cref="TensorException">A largest norm is given inside a transform, which could not see the table change.</exception>
    public Tensor Embedding(
        Tensor weight, int? paddingIdx = null, double? maxNorm = null, double normType = 2, bool scaleGradByFreq = false)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Rank != 2)
        {
            throw new ShapeException($"'weight' must be 2-D. It has shape {Shape.Text(weight.Layout.Sizes)}.");
        }

        if (DType != DType.Int64 && DType != DType.Int32)
        {
            throw new DTypeException(
                "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got " +
                $"CPU{DType.ScalarName}Type instead (while checking arguments for embedding). Convert it with To(DType.Int64).");
        }

        var rows = weight.Layout.Sizes[0];
        if (paddingIdx < -rows || paddingIdx >= rows)
        {
            throw new TensorIndexException($"Padding_idx must be within num_embeddings. It is {paddingIdx}, and the table has {rows} rows.");
        }

        var positions = To(DType.Int64);
        if (maxNorm is { } most)
        {
            EmbeddingRenorm.Run(weight, positions, most, normType);
        }

        var padding = paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
        return Op.Indexed(new EmbeddingRows(padding, scaleGradByFreq, 0), weight, positions);
    }
}
