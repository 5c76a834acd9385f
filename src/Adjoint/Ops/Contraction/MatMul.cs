using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>A matrix times a vector.</summary>
internal readonly record struct Mv : IBilinear
{
    public TensorType Infer(TensorType x, TensorType y) => x.With(x.Layout.Sizes[0]);

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (rows, columns) = (x.Layout.Sizes[0], x.Layout.Sizes[1]);
        return Product.Run(1, rows, 1, columns, Product.Matrices.Matrix(x), Product.Matrices.ColumnVector(y), [rows], addend);
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => g.Unsqueeze(1) * y.Unsqueeze(0);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => x.Transpose().Mv(g);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => (batchedX, batchedY) switch
    {
        (true, true) => x.Bmm(y.Unsqueeze(2)).Squeeze(2),
        (true, false) => x.MatMul(y),
        _ => y.Linear(x),
    };
}

/// <summary>A matrix times a matrix.</summary>
internal readonly record struct Mm : IBilinear
{
    public TensorType Infer(TensorType x, TensorType y) => x.With(x.Layout.Sizes[0], y.Layout.Sizes[1]);

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (m, k, n) = (x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[1]);
        return Product.Run(1, m, n, k, Product.Matrices.Matrix(x), Product.Matrices.Matrix(y), [m, n], addend);
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => g.Mm(y.Transpose());

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => x.Transpose().Mm(g);

    public Tensor PullX(Tensor g, Tensor y, Shape x) => Product.Of(Product.Matrices.Matrix(g), Product.Matrices.Transpose(y), Layout.Dense(x.Sizes));

    public Tensor PullY(Tensor g, Tensor x, Shape y) => Product.Of(Product.Matrices.Transpose(x), Product.Matrices.Matrix(g), Layout.Dense(y.Sizes));

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => x.MatMul(y);
}

/// <summary>Matrices times matrices, one by one along a first dimension.</summary>
internal readonly record struct Bmm : IBilinear
{
    public TensorType Infer(TensorType x, TensorType y) => x.With(x.Layout.Sizes[0], x.Layout.Sizes[1], y.Layout.Sizes[2]);

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (batch, m, k, n) = (x.Layout.Sizes[0], x.Layout.Sizes[1], x.Layout.Sizes[2], y.Layout.Sizes[2]);
        return Product.Run(batch, m, n, k, Product.Matrices.Batch(x), Product.Matrices.Batch(y), [batch, m, n], addend);
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => g.Bmm(y.Transpose(1, 2));

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => x.Transpose(1, 2).Bmm(g);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => x.MatMul(y);
}

/// <content>Matrix products.</content>
public sealed partial class Tensor
{
    /// <summary>A matrix times a vector.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor Mv(Tensor y)
    {
        ContractionArguments.CheckMv(this, y);
        return Op.Bilinear(default(Mv), this, y);
    }

    /// <summary>A matrix times a matrix.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor Mm(Tensor y)
    {
        ContractionArguments.CheckMm(this, y);
        return Op.Bilinear(default(Mm), this, y);
    }

    /// <summary>Matrices times matrices, one by one along the first dimension.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor Bmm(Tensor y)
    {
        ContractionArguments.CheckBmm(this, y);
        return Op.Bilinear(default(Bmm), this, y);
    }

    /// <summary>
    /// The product of vectors, matrices, or batches of matrices that broadcast, by PyTorch's rules: two vectors give their inner product; a vector on
    /// the left is a row, on the right a column; leading dimensions are a batch.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor MatMul(Tensor y)
    {
        Operands.ThrowIfNull(y, nameof(MatMul));
        return (Rank, y.Rank) switch
        {
            (0, _) or (_, 0) => throw new ShapeException(
                $"both arguments to matmul need to be at least 1D, but they are {Rank}D and {y.Rank}D. Use * for scalars."),
            (1, 1) => Tensor.Dot(this, y),
            (2, 1) => Mv(y),
            (1, 2) => UnsafeView.Of(Unsqueeze(0).Mm(y), [y.Layout.Sizes[1]], isSqueeze: true),
            (2, 2) => Mm(y),
            ( >= 3, 1 or 2) => FoldedProduct(this, y),
            (1, _) => BatchedProduct(Unsqueeze(0), y, [.. y.Layout.Sizes[..^2], y.Layout.Sizes[^1]]),
            _ => BatchedProduct(this, y, null),
        };
    }

    private static Tensor FoldedProduct(Tensor x, Tensor y)
    {
        var sizes = x.Layout.Sizes;
        var rows = Merged(x, 0, sizes.Length - 2, "MatMul");
        var matrix = x.Reshape(rows, sizes[^1]);
        return y.Rank == 1
            ? UnsafeView.Of(matrix.Mv(y), sizes.AsSpan(0, sizes.Length - 1))
            : UnsafeView.Of(matrix.Mm(y), [.. sizes[..^1], y.Layout.Sizes[1]]);
    }

    /// <summary>Batches that broadcast; the result has the given sizes, or its own.</summary>
    private static Tensor BatchedProduct(Tensor x, Tensor y, int[]? sizes)
    {
        var (sizesX, sizesY) = (x.Layout.Sizes, y.Layout.Sizes);
        var batch = Layout.Broadcast(Layout.Dense(sizesX.AsSpan()[..^2]), Layout.Dense(sizesY.AsSpan()[..^2]));
        ContractionArguments.CheckBatched(x, y, batch);
        var count = Shape.Dimension(batch.Count, $"the batch {Shape.Text(batch.Sizes)} of MatMul");
        var left = x.Expand([.. batch.Sizes, .. sizesX[^2..]]).Reshape(count, sizesX[^2], sizesX[^1]);
        var right = y.Expand([.. batch.Sizes, .. sizesY[^2..]]).Reshape(count, sizesY[^2], sizesY[^1]);
        return UnsafeView.Of(left.Bmm(right), sizes ?? [.. batch.Sizes, sizesX[^2], sizesY[^1]]);
    }
}
