using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>What norms of vectors and matrices are called by, and how those of matrices are computed.</summary>
internal static class MatrixNorms
{
    /// <summary>The nuclear norm: the sum of singular values.</summary>
    public const string Nuclear = "nuc";

    /// <summary>The norm of Frobenius: the root of the sum of squares.</summary>
    public const string Frobenius = "fro";

    /// <summary>Checks that two different dimensions are named.</summary>
    public static (int Row, int Column) Dims(
        Tensor x, ReadOnlySpan<int> dims, [CallerArgumentExpression(nameof(x))] string argument = "")
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        if (x.Rank < 2)
        {
            throw new ShapeException("linalg.matrix_norm: The input tensor A must have at least 2 dimensions. Linalg.VectorNorm takes any shape.");
        }

        if (dims.Length is not 0 and not 2)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture, $"linalg.matrix_norm: dim must be a 2-tuple. Got {dims.Length} dimensions: name two of them."));
        }

        var (row, column) = dims.Length == 0 ? (x.Rank - 2, x.Rank - 1) : (x.Layout.Dim(dims[0]), x.Layout.Dim(dims[1]));
        return row != column
            ? (row, column)
            : throw new ShapeException(
                string.Create(CultureInfo.InvariantCulture, $"linalg.matrix_norm: dims must be different. Got ({dims[0]}, {dims[1]})."));
    }

    /// <summary>The norms that are made of singular values.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="dims">The dimensions of the matrices.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="fold">Makes one number of singular values, along the last dimension.</param>
    public static Tensor Spectral(Tensor x, (int Row, int Column) dims, bool keepDim, Func<Tensor, Tensor> fold)
    {
        LinalgArguments.Real(x, "linalg.matrix_norm");
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(i => i != dims.Row && i != dims.Column), dims.Row, dims.Column];
        var isInOrder = dims == (x.Rank - 2, x.Rank - 1);
        var y = fold(Svd.Values(isInOrder ? x : x.Permute(order)));
        return keepDim ? y.Unsqueeze(Math.Min(dims.Row, dims.Column)).Unsqueeze(Math.Max(dims.Row, dims.Column)) : y;
    }

    /// <summary>The largest sum of magnitudes along a dimension, or the smallest.</summary>
    public static Tensor Sums(Tensor x, int summed, int compared, bool largest, bool keepDim)
    {
        var sums = x.Norm(1, [summed], keepDim: true);
        var y = largest ? sums.Amax([compared], keepDim: true) : sums.Amin([compared], keepDim: true);
        return keepDim ? y : y.Squeeze(Math.Max(summed, compared)).Squeeze(Math.Min(summed, compared));
    }

    public static string Text(double ord) => ord.ToString(CultureInfo.InvariantCulture);
}

public static partial class Linalg
{
    /// <summary>
    /// The p-norm of vectors (<c>torch.linalg.vector_norm</c>): the same as <see cref="Tensor.Norm(double, ReadOnlySpan{int}, bool, DType)"/>.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="ord">The order, any number; the largest or smallest magnitude for infinite ones, the count of non-zeros for 0.</param>
    /// <param name="dim">The dimensions of the vectors; all if none is named.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">The dtype to convert to first.</param>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="TensorException">A vector is empty and has no smallest or largest element.</exception>
    public static Tensor VectorNorm(Tensor x, double ord = 2, ReadOnlySpan<int> dim = default, bool keepDim = false, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return (dtype is null ? x : x.To(dtype)).Norm(ord, dim, keepDim);
    }

    /// <summary>The norm of matrices by its name (<c>torch.linalg.matrix_norm</c>).</summary>
    /// <param name="a">The tensor.</param>
    /// <param name="ord"><c>fro</c>, the root of the sum of squares, or <c>nuc</c>, the sum of singular values.</param>
    /// <param name="dim">The two dimensions of the matrices; the last ones if none is named.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">The dtype to convert to first.</param>
    /// <exception cref="ShapeException">There are no two different dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not real, or for singular values not float32 or float64.</exception>
    /// <exception cref="ArgumentException">There is no norm of this name.</exception>
    public static Tensor MatrixNorm(
        Tensor a, string ord = MatrixNorms.Frobenius, ReadOnlySpan<int> dim = default, bool keepDim = false, DType? dtype = null)
    {
        var dims = MatrixNorms.Dims(a, dim);
        a = dtype is null ? a : a.To(dtype);
        return ord switch
        {
            MatrixNorms.Frobenius => a.Norm(2, [dims.Row, dims.Column], keepDim),
            MatrixNorms.Nuclear => MatrixNorms.Spectral(a, dims, keepDim, s => s.Sum(-1)),
            _ => throw new ArgumentException(
                $"linalg.matrix_norm: Order {ord} not supported. Names are 'fro' and 'nuc'; numbers are 1, -1, 2, -2 and infinities.", nameof(ord)),
        };
    }

    /// <summary>
    /// The norm of matrices by its order (<c>torch.linalg.matrix_norm</c>): 1 and infinity are the largest sums of magnitudes of a column and of a
    /// row, 2 is the largest singular value, and -1, -2 and minus infinity are the smallest of each.
    /// </summary>
    /// <param name="a">The tensor.</param>
    /// <param name="ord">The order.</param>
    /// <param name="dim">The two dimensions of the matrices; the last ones if none is named.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">The dtype to convert to first.</param>
    /// <exception cref="ShapeException">There are no two different dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not real, or for singular values not float32 or float64.</exception>
    /// <exception cref="ArgumentException">There is no norm of this order.</exception>
    /// <exception cref="TensorException">A matrix is empty.</exception>
    public static Tensor MatrixNorm(Tensor a, double ord, ReadOnlySpan<int> dim = default, bool keepDim = false, DType? dtype = null)
    {
        var dims = MatrixNorms.Dims(a, dim);
        a = dtype is null ? a : a.To(dtype);
        return Math.Abs(ord) switch
        {
            1 => MatrixNorms.Sums(a, dims.Row, dims.Column, ord > 0, keepDim),
            2 => MatrixNorms.Spectral(a, dims, keepDim, s => ord > 0 ? s.Amax([-1]) : s.Amin([-1])),
            double.PositiveInfinity => MatrixNorms.Sums(a, dims.Column, dims.Row, ord > 0, keepDim),
            _ => throw new ArgumentException(
                $"linalg.matrix_norm: Order {MatrixNorms.Text(ord)} not supported. Names are 'fro' and 'nuc'; numbers are 1, -1, 2, -2 and " +
                "infinities.",
                nameof(ord)),
        };
    }

    /// <summary>
    /// The norm of a vector or a matrix (<c>torch.linalg.norm</c>): without an order the 2-norm over all named dimensions, or all; with an order
    /// <see cref="VectorNorm"/> over one dimension, or <see cref="MatrixNorm(Tensor, double, ReadOnlySpan{int}, bool, DType?)"/> over two.
    /// </summary>
    /// <param name="a">The tensor.</param>
    /// <param name="ord">The order, or null.</param>
    /// <param name="dim">One or two dimensions; if none is named and an order is given, the tensor has to be a vector or a matrix.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">The dtype to convert to first.</param>
    /// <exception cref="ShapeException">There are more dimensions, or none.</exception>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    /// <exception cref="ArgumentException">There is no norm of this order.</exception>
    public static Tensor Norm(Tensor a, double? ord = null, ReadOnlySpan<int> dim = default, bool keepDim = false, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (ord is not { } order)
        {
            return VectorNorm(a, 2, dim, keepDim, dtype);
        }

        if (dim.Length > 2 || (dim.Length == 0 && a.Rank is not (1 or 2)))
        {
            throw new ShapeException(dim.Length > 2
                ? string.Create(CultureInfo.InvariantCulture, $"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {dim.Length}.")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {a.Rank}D. Name one or two dimensions."));
        }

        return dim.Length == 2 || (dim.Length == 0 && a.Rank == 2)
            ? MatrixNorm(a, order, dim, keepDim, dtype)
            : VectorNorm(a, order, dim, keepDim, dtype);
    }

    /// <summary>The norm of a matrix by its name (<c>torch.linalg.norm</c>).</summary>
    /// <param name="a">The tensor.</param>
    /// <param name="ord"><c>fro</c>, the root of the sum of squares, or <c>nuc</c>, the sum of singular values.</param>
    /// <param name="dim">Two dimensions; if none is named, the tensor has to be a matrix.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">The dtype to convert to first.</param>
    /// <exception cref="ShapeException">There are no two different dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not real, or for singular values not float32 or float64.</exception>
    /// <exception cref="ArgumentException">There is no norm of this name.</exception>
    public static Tensor Norm(Tensor a, string ord, ReadOnlySpan<int> dim = default, bool keepDim = false, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (dim.Length is not (0 or 2) || (dim.Length == 0 && a.Rank != 2))
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"linalg.norm: If ord is a str, dim must be a 2-tuple or the input must be 2D. Got {dim.Length} dimensions of {a.Rank}: name two."));
        }

        return MatrixNorm(a, ord, dim, keepDim, dtype);
    }
}

/// <content>Matrix norms by their names.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A norm by its name (<c>torch.norm</c>); <see cref="Linalg.MatrixNorm(Tensor, string, ReadOnlySpan{int}, bool, DType?)"/> is the newer form.
    /// </summary>
    /// <param name="p"><c>fro</c>, the root of the sum of squares over any dimensions, or <c>nuc</c>, the sum of singular values.</param>
    /// <param name="dims">The dimensions; all if none is named.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <exception cref="ShapeException">The nuclear norm is asked for, and there are not two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are not real, or for singular values not float32 or float64.</exception>
    /// <exception cref="ArgumentException">There is no norm of this name.</exception>
    public Tensor Norm(string p, ReadOnlySpan<int> dims = default, bool keepDim = false) => p switch
    {
        MatrixNorms.Frobenius => Norm(2, dims, keepDim),
        MatrixNorms.Nuclear => Linalg.Norm(this, p, dims, keepDim),
        _ => throw new ArgumentException($"Only valid p string values are 'fro' and 'nuc', got {p}.", nameof(p)),
    };
}
