using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Matrices with zeros above a diagonal, or below it; its own transpose.</summary>
/// <param name="Diagonal">The last diagonal that stays, or the first: 0 is the main one, positive ones lie above.</param>
/// <param name="IsUpper">What lies above stays, not what lies below.</param>
internal readonly record struct Triangle(int Diagonal, bool IsUpper) : ILinear
{
    public string GradName => IsUpper ? "TriuBackward0" : "TrilBackward0";

    public string Called => IsUpper ? "Triu" : "Tril";

    public TensorType Infer(TensorType x) => x;

    public unsafe Tensor Apply(Tensor x)
    {
        x = Op.Contiguous(x);
        var result = Op.Fresh(x.Layout, x.DType);
        using var pins = new Pins(x, result);
        var job = new TriangleRows
        {
            From = pins[0], To = pins[1], Rows = x.Layout.Sizes[^2], Columns = x.Layout.Sizes[^1], ItemSize = x.DType.ItemSize,
            Diagonal = Diagonal, IsUpper = IsUpper,
        };
        job.Run(x.Layout.Count);
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(this, g);

    // Whatever comes before a matrix is a batch.
    public Tensor? Batch(Tensor x) => Op.Linear(this, x);
}

/// <content>Triangles of matrices, and where their elements are.</content>
public sealed partial class Tensor
{
    /// <summary>Matrices with zeros above a diagonal (<c>torch.tril</c>).</summary>
    /// <param name="diagonal">The last diagonal that stays; 0 is the main one, positive ones lie above.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public Tensor Tril(int diagonal = 0) => Op.Linear(TriangleFor(this, diagonal, isUpper: false), this);

    /// <summary><see cref="Tril"/>, in place.</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Tril_(int diagonal = 0) => Op.LinearInPlace(TriangleFor(this, diagonal, isUpper: false), this);

    /// <summary>Matrices with zeros below a diagonal (<c>torch.triu</c>).</summary>
    /// <param name="diagonal">The first diagonal that stays; 0 is the main one, positive ones lie above.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public Tensor Triu(int diagonal = 0) => Op.Linear(TriangleFor(this, diagonal, isUpper: true), this);

    /// <summary><see cref="Triu"/>, in place.</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Triu_(int diagonal = 0) => Op.LinearInPlace(TriangleFor(this, diagonal, isUpper: true), this);

    /// <summary>
    /// The rows and the columns of the elements on and below a diagonal of a matrix, in row-major order: shape [2, count]
    /// (<c>torch.tril_indices</c>).
    /// </summary>
    /// <param name="row">The number of rows.</param>
    /// <param name="col">The number of columns.</param>
    /// <param name="offset">The last diagonal; 0 is the main one, positive ones lie above.</param>
    /// <param name="dtype">int64 if null.</param>
    /// <exception cref="ShapeException">A number is negative.</exception>
    public static Tensor TrilIndices(int row, int col, int offset = 0, DType? dtype = null) =>
        TriangleIndices(row, col, offset, dtype, isUpper: false);

    /// <summary>
    /// The rows and the columns of the elements on and above a diagonal of a matrix, in row-major order: shape [2, count]
    /// (<c>torch.triu_indices</c>).
    /// </summary>
    /// <param name="row">The number of rows.</param>
    /// <param name="col">The number of columns.</param>
    /// <param name="offset">The first diagonal; 0 is the main one, positive ones lie above.</param>
    /// <param name="dtype">int64 if null.</param>
    /// <exception cref="ShapeException">A number is negative.</exception>
    public static Tensor TriuIndices(int row, int col, int offset = 0, DType? dtype = null) =>
        TriangleIndices(row, col, offset, dtype, isUpper: true);

    private static Triangle TriangleFor(Tensor x, int diagonal, bool isUpper) => x.Rank >= 2
        ? new Triangle(diagonal, isUpper)
        : throw new ShapeException($"{(isUpper ? "triu" : "tril")}: input tensor must have at least 2 dimensions");

    private static Tensor TriangleIndices(int row, int col, int offset, DType? dtype, bool isUpper)
    {
        if (row < 0 || col < 0)
        {
            throw new ShapeException(row < 0 ? $"row must be non-negative, got{row}" : $"col must be non-negative, got{col}");
        }

        // Rows below the last diagonal have nothing, however many there are; more elements than fit need not be counted to the end.
        row = col == 0 ? 0 : isUpper ? (int)Math.Clamp((long)col - offset, 0, row) : row;
        long count = 0;
        for (var i = 0; i < row && count <= int.MaxValue; i++)
        {
            var (first, end) = TriangleRows.Kept(i, col, offset, isUpper);
            count += end - first;
        }

        var size = Shape.Dimension(2 * count, "the rows and columns of a triangle's elements") / 2;
        var data = new long[2 * count];
        var next = 0;
        for (var i = 0; i < row; i++)
        {
            var (first, end) = TriangleRows.Kept(i, col, offset, isUpper);
            for (var j = first; j < end; j++)
            {
                (data[next], data[size + next]) = (i, j);
                next++;
            }
        }

        return Op.Convert(FromArray(data).Reshape(2, size), dtype ?? DType.Int64);
    }
}
