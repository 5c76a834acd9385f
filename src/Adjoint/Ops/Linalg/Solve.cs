namespace Adjoint;

public static partial class Linalg
{
    /// <summary>The solution X of A X = B (<c>torch.linalg.solve</c>). The factors of A are kept for its derivatives of every order.</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="b">Right-hand sides: vectors, (*, n), where that is the shape of A without its last dimension, or (n); else matrices, (*, n,
    /// k).</param>
    /// <param name="left">Whether A stands on the left of X; X A = B if not.</param>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public static Tensor Solve(Tensor a, Tensor b, bool left = true) => Solution(a, b, left, checkErrors: true, "linalg.solve").Result;

    /// <summary>The same as <see cref="Solve"/>, and where a pivot is zero (<c>torch.linalg.solve_ex</c>).</summary>
    /// <param name="a">Square matrices, (*, n, n).</param>
    /// <param name="b">Right-hand sides, as of <see cref="Solve"/>.</param>
    /// <param name="left">Whether A stands on the left of X.</param>
    /// <param name="checkErrors">Throw where a matrix is singular.</param>
    /// <returns>The solution; 0, or the place of the first pivot that is zero, counted from 1, int32.</returns>
    /// <exception cref="LinalgException">A matrix is singular, and errors are checked.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    public static (Tensor Result, Tensor Info) SolveEx(Tensor a, Tensor b, bool left = true, bool checkErrors = false) =>
        Solution(a, b, left, checkErrors, "linalg.solve_ex");

    /// <summary>Whether right-hand sides are vectors, by PyTorch's rule.</summary>
    internal static bool IsVector(Tensor a, Tensor b) =>
        b.Rank == 1 || (b.Rank == a.Rank - 1 && b.Layout.Sizes.AsSpan().SequenceEqual(a.Layout.Sizes.AsSpan()[..^1]));

    private static (Tensor Result, Tensor Info) Solution(Tensor a, Tensor b, bool left, bool checkErrors, string call)
    {
        LinalgArguments.Square(a, call);
        LinalgArguments.SameDType(a, b, call);
        var isVector = IsVector(a, b);
        if (isVector && !left)
        {
            throw new ShapeException(
                $"{call}: Vector broadcasting of the left hand side is not supported for left=False. In this case linalg.solve is equivalent to " +
                $"B / A.squeeze(-1). Make a matrix of it with Unsqueeze(-2).");
        }

        var (wideA, wideB) = LinalgArguments.System(a, isVector ? b.Unsqueeze(-1) : b, left, call);
        var factors = LuKept.Of(a, checkErrors ? LinalgCheck.Solve : LinalgCheck.None);
        var batch = wideA.Layout.Sizes.AsSpan()[..^2];
        var (lu, pivots) = (LinalgArguments.Expand(factors[0], batch, 2), LinalgArguments.Expand(factors[1], batch, 1));
        var x = SolveKept.Of(wideA, lu, pivots, left ? wideB : wideB.Transpose(-2, -1), transposed: !left);
        return (isVector ? x.Squeeze(-1) : left ? x : x.Transpose(-2, -1), factors[2]);
    }
}
