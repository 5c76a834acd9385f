using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The rows of a matrix at positions of any shape. Its transpose is <see cref="EmbeddingAdd"/>.</summary>
internal readonly struct EmbeddingRows : IIndexed
{
    public string GradName => "EmbeddingBackward0";

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var (rows, length) = (x.Layout.Sizes[0], x.Layout.Sizes[1]);
        var picked = positions.ToArray<long>();
        foreach (var position in picked)
        {
            if (position < 0 || position >= rows)
            {
                throw new TensorIndexException(
                    $"index out of range in self. Row {position} was asked of a table of {rows} rows.");
            }
        }

        var result = Op.Fresh(Layout.Dense([.. positions.Layout.Sizes, length]), x.DType);
        Rows.Move(Op.Contiguous(x), picked, result, length, add: false);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Layout input) => Op.Indexed(new EmbeddingAdd(input.Sizes[0]), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var (size, rows) = (x.Layout.Sizes[0], x.Layout.Sizes[1]);
        return Op.Indexed(default(EmbeddingRows), x.Reshape(size * rows, x.Layout.Sizes[2]), Behind(positions, size, rows));
    }

    /// <summary>Positions in tables one below the other.</summary>
    public static Tensor Behind(Tensor positions, int size, int rows)
    {
        Span<int> ones = stackalloc int[positions.Rank - 1];
        ones.Fill(1);
        return positions + (Tensor.Arange(size) * rows).Reshape([size, .. ones]);
    }
}

/// <summary>Adds rows at positions to a matrix of zeros: the transpose of <see cref="EmbeddingRows"/>.</summary>
internal readonly struct EmbeddingAdd(int rows) : IIndexed
{
    public string GradName => "EmbeddingDenseBackwardBackward0";

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var length = x.Layout.Sizes[^1];
        var result = Op.Zeroed(Layout.Dense([rows, length]), x.DType);
        Rows.Move(result, positions.ToArray<long>(), Op.Contiguous(x), length, add: true);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Layout input) => Op.Indexed(default(EmbeddingRows), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var size = x.Layout.Sizes[0];
        var all = Op.Indexed(new EmbeddingAdd(rows * size), x, EmbeddingRows.Behind(positions, size, rows));
        return all.Reshape(size, rows, x.Layout.Sizes[^1]);
    }
}
