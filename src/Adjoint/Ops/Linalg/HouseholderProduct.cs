using System.Globalization;

namespace Adjoint;

/// <summary>
/// Products of reflectors I - tau v v' in the form I - V T V' (Schreiber and Van Loan), whose triangular T comes from a triangular system:
/// T = (I + D U)^-1 D with D = diag(tau) and U the strictly upper part of V' V. It holds for any tau, zero included, and is made of operators.
/// </summary>
internal static class Reflections
{
    /// <summary>The vectors of reflectors, whose ones and zeros are not stored.</summary>
    public static Tensor Vectors(Tensor a, int count)
    {
        var lower = Band.Lower(count == a.Layout.Sizes[^1] ? a : a.Narrow(-1, 0, count), -1);
        return lower + Tensor.Eye(a.Layout.Sizes[^2], count, a.DType);
    }

    /// <summary>Q c, or Q' c.</summary>
    public static Tensor Multiply(Tensor vectors, Tensor tau, Tensor c, bool transposed)
    {
        var adjoint = vectors.Transpose(-2, -1);
        var system = tau.Unsqueeze(-1) * Band.Upper(adjoint.MatMul(vectors), 1);
        var inner = adjoint.MatMul(c);
        var scaled = tau.Unsqueeze(-1);
        var made = transposed
            ? scaled * SolveTriangular.Of(system.Transpose(-2, -1), inner, upper: false, unit: true)
            : SolveTriangular.Of(system, scaled * inner, upper: true, unit: true);
        return c - vectors.MatMul(made);
    }

    /// <summary>Checks factors of reflectors.</summary>
    public static void Check(Tensor a, Tensor tau, string call)
    {
        LinalgArguments.Matrix(a, call, "input");
        LinalgArguments.SameDType(a, tau, call, "input", "tau");
        if (tau.Rank != a.Rank - 1)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"{call}: Expected tau to have one dimension less than input, but got tau.ndim equal to {tau.Rank} and input.ndim is equal to " +
                $"{a.Rank}."));
        }

        if (!tau.Layout.Sizes.AsSpan()[..^1].SequenceEqual(a.Layout.Sizes.AsSpan()[..^2]))
        {
            throw new ShapeException(
                $"{call}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got {Shape.Text(tau.Layout.Sizes.AsSpan()[..^1])}.");
        }

        if (tau.Layout.Sizes[^1] > Math.Min(a.Layout.Sizes[^2], a.Layout.Sizes[^1]))
        {
            throw new ShapeException(
                $"{call}: input.shape[-1] must be greater than or equal to tau.shape[-1]. Reflectors have a column and a row each.");
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// The first columns of the product of reflectors I - tau v v', whose vectors are the columns below a diagonal
    /// (<c>torch.linalg.householder_product</c>); after <see cref="Tensor.Geqrf"/>, Q of A = Q R.
    /// </summary>
    /// <param name="a">The vectors, (*, m, n), m at least n; only what is below the diagonal is read.</param>
    /// <param name="tau">The factors, (*, k), k at most n.</param>
    /// <returns>(*, m, n).</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public static Tensor HouseholderProduct(Tensor a, Tensor tau)
    {
        const string call = "torch.linalg.householder_product";
        Reflections.Check(a, tau, call);
        var (m, n) = (a.Layout.Sizes[^2], a.Layout.Sizes[^1]);
        if (m < n)
        {
            throw new ShapeException($"{call}: input.shape[-2] must be greater than or equal to input.shape[-1]");
        }

        if (a.Layout.Count == 0)
        {
            return Tensor.Zeros(a.Layout.Sizes, a.DType);
        }

        var eye = Tensor.Eye(m, n, a.DType).Expand(a.Layout.Sizes);
        return Reflections.Multiply(Reflections.Vectors(a, tau.Layout.Sizes[^1]), tau, eye, transposed: false);
    }
}

/// <content>Products with reflectors.</content>
public sealed partial class Tensor
{
    /// <summary>The columns of Q (<c>torch.orgqr</c>); see <see cref="Linalg.HouseholderProduct"/>.</summary>
    /// <param name="tau">The factors, (*, k).</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public Tensor Orgqr(Tensor tau) => Linalg.HouseholderProduct(this, tau);

    /// <summary>
    /// The product of Q, which the reflectors of this matrix make, with another matrix (<c>torch.ormqr</c>).
    /// </summary>
    /// <param name="tau">The factors, (*, k).</param>
    /// <param name="other">The other matrix, (*, m, n) on the right of Q, or (*, n, m) on the left.</param>
    /// <param name="left">Whether Q stands on the left.</param>
    /// <param name="transpose">Multiply with the transpose of Q.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public Tensor Ormqr(Tensor tau, Tensor other, bool left = true, bool transpose = false)
    {
        const string call = "torch.ormqr";
        Reflections.Check(this, tau, call);
        LinalgArguments.SameDType(this, other, call, "input", "other");
        LinalgArguments.Matrix(other, call, "other");
        if (other.Layout.Sizes[left ? ^2 : ^1] != Layout.Sizes[^2])
        {
            throw new ShapeException($"{call}: other.shape[{(left ? -2 : -1)}] must be equal to input.shape[-2]");
        }

        if (!other.Layout.Sizes.AsSpan()[..^2].SequenceEqual(Layout.Sizes.AsSpan()[..^2]))
        {
            throw new ShapeException(
                $"{call}: Expected batch dimensions of other to be equal to input.shape[:-2], but got " +
                $"{Shape.Text(other.Layout.Sizes.AsSpan()[..^2])}.");
        }

        var vectors = Reflections.Vectors(this, tau.Layout.Sizes[^1]);
        return left
            ? Reflections.Multiply(vectors, tau, other, transpose)
            : Reflections.Multiply(vectors, tau, other.Transpose(-2, -1), !transpose).Transpose(-2, -1);
    }
}
