using Adjoint.Families;

namespace Adjoint;

/// <summary>A diagonal of matrices as the last dimension: a view. Its transpose is <see cref="DiagEmbed"/>.</summary>
/// <param name="Offset">Above the main diagonal if positive, below if negative.</param>
/// <param name="Dim1">The dimension of rows.</param>
/// <param name="Dim2">The dimension of columns.</param>
internal readonly record struct Diagonal(int Offset, int Dim1, int Dim2) : ILinear
{
    static bool ILinear.IsView => true;

    /// <summary>The operator for a method's arguments.</summary>
    public static Diagonal Of(Tensor x, int offset, int dim1, int dim2)
    {
        var (rows, columns) = (x.Layout.Dim(dim1), x.Layout.Dim(dim2));
        return rows != columns && x.Rank > 1
            ? new(offset, rows, columns)
            : throw new TensorException($"diagonal dimensions cannot be identical {dim1}, {dim2}");
    }

    public TensorType Infer(TensorType x) => x.With(SizesOf(x.Layout));

    public Tensor Apply(Tensor x)
    {
        var (sizes, strides) = (SizesOf(x.Layout), x.Layout.Strides);
        var first = Offset >= 0 ? Offset * strides[Dim2] : -(nint)Offset * strides[Dim1];
        nint[] steps = [.. Without(strides), strides[Dim1] + strides[Dim2]];
        return x.View(new Layout(sizes, steps, x.Layout.Offset + (sizes[^1] > 0 ? first : 0)));
    }

    public Tensor Transpose(Tensor g, Shape input) =>
        Op.Linear(new DiagEmbed(Offset, Dim1, Dim2, input.Sizes[Dim1], input.Sizes[Dim2], DiagEmbedCall.Gradient), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new Diagonal(Offset, Dim1 + 1, Dim2 + 1), x);

    private int[] SizesOf(Layout layout)
    {
        long rows = layout.Sizes[Dim1], columns = layout.Sizes[Dim2];
        var count = Offset >= 0 ? Math.Min(rows, columns - Offset) : Math.Min(rows + Offset, columns);
        return [.. Without(layout.Sizes), (int)Math.Max(count, 0)];
    }

    private IEnumerable<T> Without<T>(T[] all)
    {
        var (first, second) = (Dim1, Dim2);
        return all.Where((_, d) => d != first && d != second);
    }
}

/// <summary>The last dimension as a diagonal of matrices of zeros: the transpose of <see cref="Diagonal"/>.</summary>
/// <param name="Offset">Above the main diagonal if positive, below if negative.</param>
/// <param name="Dim1">The dimension of rows, in the result.</param>
/// <param name="Dim2">The dimension of columns, in the result.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The number of columns.</param>
/// <param name="Call">What it was called for.</param>
internal readonly record struct DiagEmbed(int Offset, int Dim1, int Dim2, int Rows, int Columns, DiagEmbedCall Call) : ILinear
{
    public string GradName => Call == DiagEmbedCall.Gradient ? "DiagonalBackwardBackward0" : "DiagEmbedBackward0";

    internal DiagEmbedCall Call { get; init; } = Call;

    public TensorType Infer(TensorType x) => x.With(SizesOf(x.Layout));

    public Tensor Apply(Tensor x)
    {
        var result = Op.Zeroed(Layout.Dense(SizesOf(x.Layout)), x.DType);
        Op.CopyInto(x, new Diagonal(Offset, Dim1, Dim2).Apply(result));
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Diagonal(Offset, Dim1, Dim2), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this with { Dim1 = Dim1 + 1, Dim2 = Dim2 + 1 }, x);

    private int[] SizesOf(Layout layout)
    {
        var sizes = layout.Sizes[..^1].ToList();
        var (low, high) = Dim1 < Dim2 ? ((Dim1, Rows), (Dim2, Columns)) : ((Dim2, Columns), (Dim1, Rows));
        sizes.Insert(low.Item1, low.Item2);
        sizes.Insert(high.Item1, high.Item2);
        return [.. sizes];
    }
}

/// <summary>What a <see cref="DiagEmbed"/> was called for, which decides its name.</summary>
internal enum DiagEmbedCall
{
    /// <summary>A matrix from a diagonal.</summary>
    Embed,

    /// <summary>The gradient of a diagonal.</summary>
    Gradient,
}

/// <content>Diagonals of matrices, and matrices with a diagonal.</content>
public sealed partial class Tensor
{
    /// <summary>A diagonal of matrices as the last dimension; shares memory (<c>torch.diagonal</c>).</summary>
    /// <param name="offset">Above the main diagonal if positive, below if negative.</param>
    /// <param name="dim1">The dimension of rows; negative counts from the end.</param>
    /// <param name="dim2">The dimension of columns; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="TensorException">The dimensions are one.</exception>
    public Tensor Diagonal(int offset = 0, int dim1 = 0, int dim2 = 1) => Op.Linear(Adjoint.Diagonal.Of(this, offset, dim1, dim2), this);

    /// <summary>
    /// Square matrices of zeros with the last dimension on a diagonal (<c>torch.diag_embed</c>); as large as the diagonal needs.
    /// </summary>
    /// <param name="offset">Above the main diagonal if positive, below if negative.</param>
    /// <param name="dim1">The dimension of rows in the result; negative counts from the end.</param>
    /// <param name="dim2">The dimension of columns in the result; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist, or this is a scalar.</exception>
    /// <exception cref="TensorException">The dimensions are one.</exception>
    public Tensor DiagEmbed(int offset = 0, int dim1 = -2, int dim2 = -1)
    {
        var (rows, columns) = (Layout.Dim(dim1, Rank + 1), Layout.Dim(dim2, Rank + 1));
        if (rows == columns)
        {
            throw new TensorException($"diagonal dimensions cannot be identical {dim1}, {dim2}");
        }

        if (Rank == 0)
        {
            throw new TensorIndexException("diag_embed() needs at least one dimension. Use x.Reshape(1).DiagEmbed().");
        }

        var size = Shape.Dimension(Layout.Sizes[^1] + Math.Abs((long)offset), "a matrix of DiagEmbed");
        return Op.Linear(new DiagEmbed(offset, rows, columns, size, size, DiagEmbedCall.Embed), this);
    }

    /// <summary>A copy of a diagonal of a matrix, or the matrix with a vector on a diagonal (<c>torch.diag</c>).</summary>
    /// <param name="diagonal">Above the main diagonal if positive, below if negative.</param>
    /// <exception cref="ShapeException">It is neither a vector nor a matrix.</exception>
    public Tensor Diag(int diagonal = 0) => Rank switch
    {
        1 => DiagEmbed(diagonal),
        2 => Diagonal(diagonal).Clone(),
        _ => throw new ShapeException($"diag(): Supports 1D or 2D tensors. Got {Rank}D. Use Diagonal or DiagEmbed, which take batches."),
    };

    /// <summary>The matrix of zeros with all elements in row-major order on a diagonal (<c>torch.diagflat</c>).</summary>
    /// <param name="offset">Above the main diagonal if positive, below if negative.</param>
    public Tensor Diagflat(int offset = 0) => Reshape(-1).DiagEmbed(offset);
}
