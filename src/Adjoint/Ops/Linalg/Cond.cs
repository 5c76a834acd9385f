namespace Adjoint;

/// <summary>The condition number of matrices, by the norm it is taken in.</summary>
internal static class ConditionNumber
{
    /// <summary>The product of the norms of a matrix and of its inverse; infinite where there is none.</summary>
    public static Tensor Of(Tensor a, Func<Tensor, Tensor> norm)
    {
        LinalgArguments.Square(a, "linalg.cond");
        if (a.Layout.Count == 0)
        {
            return a.Sum([-2, -1]);
        }

        var (inverse, info) = Linalg.InvEx(a);
        return Tensor.Where(info > 0, double.PositiveInfinity, norm(a) * norm(inverse));
    }
}

public static partial class Linalg
{
    /// <summary>
    /// The condition number of matrices (<c>torch.linalg.cond</c>): by what factor errors of B may grow in the solution of A X = B. For 2, the usual
    /// one, it is the ratio of the largest and the smallest singular value, and the matrices may have any sizes; for others it is the product of the
    /// norms of A and its inverse, and infinite where A is singular.
    /// </summary>
    /// <param name="a">Matrices, (*, m, n).</param>
    /// <param name="p">The order of the norm: 2 (also if null), -2 for the inverse ratio, 1, -1, infinity, minus infinity.</param>
    /// <exception cref="ShapeException">The matrices are not square, and the order is not 2 or -2.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="ArgumentException">There is no norm of this order.</exception>
    public static Tensor Cond(Tensor a, double? p = null)
    {
        LinalgArguments.Matrix(a, "linalg.cond");
        if (p is not (null or 2 or -2))
        {
            return ConditionNumber.Of(a, x => MatrixNorm(x, p.Value));
        }

        var values = Svdvals(a);
        if (values.Layout.Sizes[^1] == 0)
        {
            return values.Sum(-1);
        }

        Tensor largest = values.Select(-1, 0), smallest = values.Select(-1, -1);
        return p == -2 ? smallest / largest : largest / smallest;
    }

    /// <summary>The condition number of square matrices by the name of a norm (<c>torch.linalg.cond</c>); infinite where A is singular.</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="p"><c>fro</c> or <c>nuc</c>.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="ArgumentException">There is no norm of this name.</exception>
    public static Tensor Cond(Tensor a, string p) => ConditionNumber.Of(a, x => MatrixNorm(x, p));
}
