using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The rows of a matrix at positions of any shape. Its transpose is <see cref="EmbeddingAdd"/>; but as in PyTorch gradients, and only they, may pass
/// over the row of the padding, and be divided by how often their row was taken.
/// </summary>
/// <param name="Padding">A row that gets no gradient; null for none.</param>
/// <param name="IsScaled">Whether to divide by how often.</param>
/// <param name="Period">The rows of each table where several lie below each other, so that each has a padding; 0 for one table.</param>
internal readonly record struct EmbeddingRows(int? Padding, bool IsScaled, int Period) : IIndexed
{
    public string GradName => "EmbeddingBackward0";

    public TensorType Infer(TensorType x, TensorType positions) => x.With([.. positions.Layout.Sizes, x.Layout.Sizes[1]]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var length = x.Layout.Sizes[1];
        var picked = Op.Contiguous(Op.Convert(positions, DType.Int64));
        var result = Op.Fresh(Layout.Dense([.. positions.Layout.Sizes, length]), x.DType);
        Rows.Take(Op.Contiguous(x), picked, result, length);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input)
    {
        var rows = input.Sizes[0];
        if (Padding is { } row)
        {
            g = g.MaskedFill(IsPadding(positions, row).Unsqueeze(-1), 0);
        }

        if (IsScaled)
        {
            var counts = Op.Indexed(new EmbeddingAdd(rows), Tensor.Ones([.. positions.Layout.Sizes, 1], g.DType), positions);
            g = g / Op.Indexed(default(EmbeddingRows), counts, positions);
        }

        return Op.Indexed(new EmbeddingAdd(rows), g, positions);
    }

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var (size, rows) = (x.Layout.Sizes[0], x.Layout.Sizes[1]);
        var joined = new EmbeddingRows(Padding, IsScaled, Period == 0 ? rows : Period);
        return Op.Indexed(joined, x.Reshape(size * rows, x.Layout.Sizes[2]), Behind(positions, size, rows));
    }

    /// <summary>Positions in tables one below the other.</summary>
    public static Tensor Behind(Tensor positions, int size, int rows)
    {
        return positions + (Tensor.Arange(size) * rows).Reshape([size, .. Enumerable.Repeat(1, positions.Rank - 1)]);
    }

    private Tensor IsPadding(Tensor positions, int row)
    {
        if (Period == 0)
        {
            return positions.Eq(row);
        }

        // Which table it is, as a real number: whole where the position is that table's padding.
        var table = (positions - row).To(DType.Float64) / Period;
        return table.Eq(table.Floor());
    }
}

/// <summary>Adds rows at positions to a matrix of zeros: the transpose of <see cref="EmbeddingRows"/>.</summary>
internal readonly record struct EmbeddingAdd(int Height) : IIndexed
{
    public string GradName => "EmbeddingDenseBackwardBackward0";

    public TensorType Infer(TensorType x, TensorType positions) => x.With(Height, x.Layout.Sizes[^1]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var length = x.Layout.Sizes[^1];
        var result = Op.Zeroed(Layout.Dense([Height, length]), x.DType);
        Rows.Add(result, Op.Contiguous(Op.Convert(positions, DType.Int64)), Op.Contiguous(x), length);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(default(EmbeddingRows), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var size = x.Layout.Sizes[0];
        var all = Op.Indexed(new EmbeddingAdd(Height * size), x, EmbeddingRows.Behind(positions, size, Height));
        return all.Reshape(size, Height, x.Layout.Sizes[^1]);
    }
}
