namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// How many singular values exceed max(atol, rtol s1), where s1 is the largest, (*), int64 (<c>torch.linalg.matrix_rank</c>).
    /// </summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="atol">The absolute tolerance, of a shape that broadcasts over the batch; 0 if null.</param>
    /// <param name="rtol">
    /// The relative one; the rounding of the dtype times the larger of m and n if both are null, and 0 if only <paramref name="atol"/> is given.
    /// </param>
    /// <param name="hermitian">Whether the matrices are symmetric; then the lower triangle is read, and it is quicker.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions, or the shapes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are not float32 or float64.</exception>
    /// <exception cref="LinalgException">An element is not finite.</exception>
    public static Tensor MatrixRank(Tensor a, Tensor? atol = null, Tensor? rtol = null, bool hermitian = false)
    {
        if (hermitian)
        {
            LinalgArguments.Square(a, "linalg.matrix_rank");
        }
        else
        {
            LinalgArguments.Matrix(a, "linalg.matrix_rank");
        }

        var sizes = hermitian ? Eigvalsh(a.Detach()).Abs() : Svdvals(a.Detach());
        var (absolute, relative) = SpectralArguments.Tolerances(a, atol, rtol);
        var largest = sizes.Layout.Sizes[^1] == 0 ? sizes.Sum([-1], keepDim: true) : sizes.Amax([-1], keepDim: true);
        return (sizes > absolute.Maximum(relative * largest)).Sum(-1, dtype: DType.Int64);
    }
}
