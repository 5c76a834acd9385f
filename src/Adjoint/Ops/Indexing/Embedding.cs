using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Embedding: rows of a table by number.</summary>
public static class EmbeddingMethod
{
    extension(Tensor indices)
    {
        /// <summary>
        /// The rows of a table at positions (<c>torch.nn.functional.embedding</c>, whose first argument this tensor is). The result has this shape and one
        /// more dimension.
        /// </summary>
        /// <param name="weight">The table, of shape [rows, length].</param>
        /// <param name="paddingIdx">A row to which no gradient flows; negative counts from the end.</param>
        /// <exception cref="ShapeException">The table is not a matrix.</exception>
        /// <exception cref="DTypeException">The positions are not int64.</exception>
        /// <exception cref="TensorIndexException">A position or the row of the padding is out of range.</exception>
        public Tensor Embedding(Tensor weight, int? paddingIdx = null)
        {
            ArgumentNullException.ThrowIfNull(indices);
            ArgumentNullException.ThrowIfNull(weight);
            if (weight.Rank != 2)
            {
                throw new ShapeException($"'weight' must be 2-D. It has shape {Shape.Text(weight.Layout.Sizes)}.");
            }

            if (indices.DType is not (DType.Int64 or DType.Int32))
            {
                throw new DTypeException(
                    "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got " +
                    $"torch.{indices.DType.ScalarName}Tensor instead. Convert it with To(DType.Int64).");
            }

            var rows = weight.Layout.Sizes[0];
            var positions = indices.To(DType.Int64);
            var picked = Op.Indexed(default(EmbeddingRows), weight, positions);
            if (paddingIdx is { } padding)
            {
                if (padding < -rows || padding >= rows)
                {
                    throw new TensorIndexException("Padding_idx must be within num_embeddings");
                }

                // The rows of the padding with the table's values, but without its history.
                var isPadding = positions.Eq(padding < 0 ? padding + rows : padding).Unsqueeze(-1);
                picked = Tensor.Where(isPadding, picked.Detach(), picked);
            }

            return picked;
        }
    }
}
