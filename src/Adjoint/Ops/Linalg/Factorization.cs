using Adjoint.Families;

namespace Adjoint;

/// <summary>What is known of a matrix beforehand; it is not checked, but where a factorisation fails.</summary>
public enum Assume
{
    /// <summary>Nothing: factors with exchanges of rows.</summary>
    General,

    /// <summary>It is symmetric; the lower triangle is read.</summary>
    Symmetric,

    /// <summary>It is symmetric and positive definite; the lower triangle is read.</summary>
    PositiveDefinite,

    /// <summary>It is zero above the diagonal, where nothing is read.</summary>
    LowerTriangular,

    /// <summary>It is zero below the diagonal, where nothing is read.</summary>
    UpperTriangular,

    /// <summary>It is zero but on the diagonal, where alone it is read.</summary>
    Diagonal,

    /// <summary>
    /// It is zero but on some diagonals, which are found unless their numbers are given; its factors cost the order times the square of those
    /// numbers.
    /// </summary>
    Banded,
}

/// <summary>
/// The factors of matrices, kept to solve several systems with: made by <see cref="Linalg.Factor(Tensor, Assume)"/>. Everything that it gives is
/// differentiable in the matrix and in right-hand sides, to any order and in both directions, and derivatives reuse the factors.
/// </summary>
public sealed class Factorization
{
    private readonly Tensor _matrix;
    private readonly Tensor? _factor;
    private readonly Tensor? _pivots;
    private readonly int _below;
    private readonly int _above;

    internal Factorization(Tensor matrix, Assume assume, int below = -1, int above = -1)
    {
        _matrix = matrix;
        (_below, _above) = (below, above);
        Assumed = assume;
        switch (assume)
        {
            case Assume.General:
                var lu = LuKept.Of(matrix, LinalgCheck.Solve);
                (_factor, _pivots) = (lu[0], lu[1]);
                break;
            case Assume.Symmetric:
                var ldl = LdlKept.Of(matrix, checks: true);
                (_factor, _pivots) = (ldl[0], ldl[1]);
                break;
            case Assume.PositiveDefinite:
                _factor = Op.MultiOutput(new CholeskyEx(Checks: true), matrix.Detach())[0];
                _pivots = Tensor.Zeros(matrix.Layout.Sizes.AsSpan()[..^1], DType.Int32);
                break;
            case Assume.Banded:
                var band = BandKept.Of(matrix, below, above);
                (_factor, _pivots) = (band[0], band[1]);
                break;
        }
    }

    /// <summary>What was assumed.</summary>
    public Assume Assumed { get; }

    private FactorKind Kind => Assumed switch
    {
        Assume.Symmetric => FactorKind.Ldl,
        Assume.PositiveDefinite => FactorKind.Cholesky,
        Assume.Banded => FactorKind.Banded,
        _ => FactorKind.Lu,
    };

    /// <summary>The solution X of A X = B.</summary>
    /// <param name="b">Right-hand sides, as of <see cref="Linalg.Solve"/>.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Solve(Tensor b) => Solve(b, transposed: false);

    /// <summary>The solution X of A' X = B.</summary>
    /// <param name="b">Right-hand sides, as of <see cref="Linalg.Solve"/>.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor SolveTransposed(Tensor b) => Solve(b, transposed: true);

    /// <summary>The logarithm of the size of the determinant.</summary>
    public Tensor LogAbsDet() => SlogDet().LogAbsDet;

    /// <summary>The logarithm of the determinant, NaN where that is negative.</summary>
    public Tensor LogDet()
    {
        var (sign, log) = SlogDet();
        return Tensor.Where(sign.Lt(0), double.NaN, log);
    }

    /// <summary>The sign of the determinant, and the logarithm of its size.</summary>
    public (Tensor Sign, Tensor LogAbsDet) SlogDet()
    {
        if (_factor is not null)
        {
            var results = DetKept.Of(_matrix, _factor, _pivots!, log: true, Kind, _below, _above);
            return (results[0], results[1]);
        }

        var diagonal = Band.Diagonal(_matrix);
        var negative = diagonal.Lt(0).To(_matrix.DType).Sum(-1);
        return (1 - (2 * (negative - (2 * (negative * 0.5).Floor()))), diagonal.Abs().Log().Sum(-1));
    }

    private Tensor Solve(Tensor b, bool transposed)
    {
        const string call = "linalg.solve";
        ArgumentNullException.ThrowIfNull(b);
        LinalgArguments.SameDType(_matrix, b, call);
        var isVector = Linalg.IsVector(_matrix, b);
        var (a, right) = LinalgArguments.System(_matrix, isVector ? b.Unsqueeze(-1) : b, left: true, call);
        var batch = a.Layout.Sizes.AsSpan()[..^2];
        var x = Assumed switch
        {
            Assume.LowerTriangular or Assume.UpperTriangular => SolveTriangular.Of(
                transposed ? a.Transpose(-2, -1) : a, right, upper: Assumed == Assume.UpperTriangular != transposed),
            Assume.Diagonal => right / Band.Diagonal(a).Unsqueeze(-1),
            _ => SolveKept.Of(
                a, LinalgArguments.Expand(_factor!, batch, 2), LinalgArguments.Expand(_pivots!, batch, 1), right,
                transposed && Kind is FactorKind.Lu or FactorKind.Banded, Kind, _below, _above),
        };
        return isVector ? x.Squeeze(-1) : x;
    }
}

public static partial class Linalg
{
    /// <summary>
    /// The factors of matrices as a thing to keep, for several right-hand sides: <c>Linalg.Factor(a).Solve(b)</c>. JAX and SciPy have
    /// <c>lu_factor</c> and <c>cho_factor</c> for it.
    /// </summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="assume">What is known of them.</param>
    /// <exception cref="LinalgException">A matrix is singular, or not positive definite where that was assumed.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public static Factorization Factor(Tensor a, Assume assume = Assume.General)
    {
        LinalgArguments.Square(a, "linalg.solve");
        return new(a, Enum.IsDefined(assume) ? assume : throw new ArgumentOutOfRangeException(nameof(assume)));
    }

    /// <summary>
    /// The factors of banded matrices whose diagonals are known: <see cref="Assume.Banded"/> without looking for them, and with factors that take
    /// as little memory. Nothing else of the matrices is read, and their gradients are zero there. SciPy has <c>solve_banded</c> for it.
    /// </summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="below">The diagonals below the main one that may have elements other than zero.</param>
    /// <param name="above">Those above.</param>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">Matrices are not square.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static Factorization Factor(Tensor a, int below, int above)
    {
        LinalgArguments.Square(a, "linalg.solve");
        Limits.ThrowIfNegative(below);
        Limits.ThrowIfNegative(above);
        var most = Math.Max(0, a.Layout.Sizes[^1] - 1);
        return new(a, Assume.Banded, Math.Min(below, most), Math.Min(above, most));
    }
}
