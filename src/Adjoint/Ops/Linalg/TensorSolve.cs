using System.Globalization;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// The X for which the sum of A X over all dimensions of X is B (<c>torch.linalg.tensorsolve</c>): A is a square matrix whose rows have the shape
    /// of B and whose columns have the shape of X.
    /// </summary>
    /// <param name="a">A, the shape of B followed by the shape of X, after <paramref name="dims"/> have been moved to its end.</param>
    /// <param name="b">B.</param>
    /// <param name="dims">Dimensions of A that are moved to its end first; none if empty.</param>
    /// <exception cref="LinalgException">The matrix is singular.</exception>
    /// <exception cref="ShapeException">The matrix is not square.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public static Tensor TensorSolve(Tensor a, Tensor b, ReadOnlySpan<int> dims = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        LinalgArguments.SameDType(a, b, "linalg.tensorsolve");
        if (!dims.IsEmpty)
        {
            List<int> order = [.. Enumerable.Range(0, a.Rank)];
            foreach (var dim in dims)
            {
                var axis = Layout.Dim(dim, a.Rank);
                order.Remove(axis);
                order.Add(axis);
            }

            a = a.Permute([.. order]);
        }

        var rank = Math.Min(b.Rank, a.Rank);
        var shape = a.Layout.Sizes[rank..];
        var (rows, columns) = (Product(a.Layout.Sizes.AsSpan()[..rank]), Product(shape));
        if (rows != columns || b.Rank > a.Rank)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got {columns} != " +
                $"{rows}"));
        }

        var n = Shape.Dimension(rows, "the matrix of TensorSolve");
        return Solve(a.Reshape(n, n), b.Reshape(b.Layout.Count == n ? n : -1)).Reshape(shape);
    }

    /// <summary>
    /// The inverse of a tensor that is taken for a matrix (<c>torch.linalg.tensorinv</c>), whose rows are its first dimensions.
    /// </summary>
    /// <param name="a">The tensor; the product of its first sizes is that of the others.</param>
    /// <param name="ind">How many are first.</param>
    /// <returns>A tensor whose first dimensions are the last of A.</returns>
    /// <exception cref="LinalgException">The matrix is singular.</exception>
    /// <exception cref="ShapeException">The matrix is not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static Tensor TensorInv(Tensor a, int ind = 2)
    {
        ArgumentNullException.ThrowIfNull(a);
        LinalgArguments.Real(a, "linalg.tensorinv");
        if (ind <= 0)
        {
            throw new ShapeException("Expected a strictly positive integer for 'ind'");
        }

        var first = Math.Min(ind, a.Rank);
        var (rows, columns) = (Product(a.Layout.Sizes.AsSpan()[..first]), Product(a.Layout.Sizes.AsSpan()[first..]));
        if (rows != columns)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got {columns} != {rows}"));
        }

        var n = Shape.Dimension(rows, "the matrix of TensorInv");
        return Inv(a.Reshape(n, n)).Reshape([.. a.Layout.Sizes[first..], .. a.Layout.Sizes[..first]]);
    }

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (var size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
