using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// A complete orthogonal factorisation that is kept: packed QR with its factors and the order of columns, the rank, and what reduces the rows that
/// count from the right. Nothing flows through it.
/// </summary>
internal readonly record struct RankKept(double Rcond) : IKept
{
    public TensorType[] Infer(TensorType[] inputs)
    {
        var (a, sizes) = (inputs[0], inputs[0].Layout.Sizes);
        var (batch, m, n) = (sizes[..^2], sizes[^2], sizes[^1]);
        return
        [
            a, a.With([.. batch, Math.Min(m, n)]), a.To(DType.Int32).With([.. batch, n]), a.To(DType.Int32).With(batch), a.With([.. batch, n, n]),
            a.With([.. batch, n]),
        ];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var types = Infer([TensorType.Of(inputs[0])]);
        Tensor[] results = [Op.Copy(inputs[0]), .. types.Skip(1).Select(type => Op.Fresh(type.Layout, type.DType))];
        var (m, n) = (inputs[0].Layout.Sizes[^2], inputs[0].Layout.Sizes[^1]);
        MatrixBatch.Run(new Job(this, m, n), inputs[0].DType, MatrixBatch.Count(inputs[0].Layout.Sizes), 2.0 * m * n * n, results);
        return results;
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(RankKept Of, int Rows, int Columns) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                var a = operands.Matrix<T>(0, member, Rows, Columns);
                var rank = PivotedQr.Factor(a, operands.At<T>(1, member), operands.At<int>(2, member), T.CreateTruncating(Of.Rcond));
                *operands.At<int>(3, member) = rank;
                PivotedQr.Reduce(a, rank, operands.Matrix<T>(4, member, Columns, Columns), operands.At<T>(5, member));
            }
        }
    }
}

/// <summary>
/// The shortest of the best solutions of A X = B, A^+ B, or A^+' B, from a kept factorisation. Inputs are A, the six parts of the factorisation, and
/// B. Where the rank does not change, derivatives are made of such solutions with the same factors.
/// </summary>
internal readonly record struct BestSolution(bool Transposed) : IMultiOutput
{
    public string GradName => "LinalgLstsqBackward0";

    public int[] ShownInputs => [0, 7];

    public static bool ReadsInput(int input) => true;

    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[7].WithSize(-2, inputs[0].Layout.Sizes[Transposed ? ^2 : ^1])];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (m, n, k) = (inputs[0].Layout.Sizes[^2], inputs[0].Layout.Sizes[^1], inputs[7].Layout.Sizes[^1]);
        var x = MatrixBatch.Fresh(inputs[7], 2, inputs[7].DType, Transposed ? m : n, k);
        Tensor[] operands = [.. inputs[1..7].Select(Op.Contiguous), Op.Copy(inputs[7]), x];
        MatrixBatch.Run(new Job(Transposed, m, n, k), x.DType, MatrixBatch.Count(x.Layout.Sizes), 2.0 * m * n * k, operands);
        return [x];
    }

    // With P = A^+ and X = P B, where the rank is constant (Golub and Pereyra, 1973):
    // dX = P dB - P dA X + P P' dA' (B - A X) + (I - P A) dA' P' X.
    // Transposed, the same holds with A' in the place of A.
    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (g, x, a) = (gradients[0]!, results[0]!, Transposed ? inputs[0]!.Transpose(-2, -1) : inputs[0]!);
        var w = Again(inputs!, g, !Transposed);
        var ofA = -w.MatMul(x.Transpose(-2, -1))
            + (inputs[7]! - a.MatMul(x)).MatMul(Again(inputs!, w, Transposed).Transpose(-2, -1))
            + Again(inputs!, x, !Transposed).MatMul((g - a.Transpose(-2, -1).MatMul(w)).Transpose(-2, -1));
        return [Transposed ? ofA.Transpose(-2, -1) : ofA, null, null, null, null, null, null, w];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var x = results[0];
        var moved = tangents[7] is { } b ? Again(inputs, b, Transposed) : null;
        if (tangents[0] is { } given)
        {
            var (a, t) = Transposed ? (inputs[0].Transpose(-2, -1), given.Transpose(-2, -1)) : (inputs[0], given);
            var back = t.Transpose(-2, -1);
            var residual = back.MatMul(inputs[7] - a.MatMul(x));
            var rotated = back.MatMul(Again(inputs, x, !Transposed));
            var all = Again(inputs, Again(inputs, residual, !Transposed) - t.MatMul(x) - a.MatMul(rotated), Transposed) + rotated;
            moved = Formulas.Sum(moved, all);
        }

        return [moved];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private static Tensor Again(Tensor[] inputs, Tensor b, bool transposed) =>
        Op.MultiOutput(new BestSolution(transposed), [.. inputs[..7], b])[0];

    private readonly record struct Job(bool Transposed, int Rows, int Columns, int Count) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var (given, made) = Transposed ? (Columns, Rows) : (Rows, Columns);
            for (var member = first; member < first + count; member++)
            {
                PivotedQr.Solve(
                    operands.Matrix<T>(0, member, Rows, Columns), operands.At<T>(1, member), operands.At<int>(2, member),
                    *operands.At<int>(3, member), operands.Matrix<T>(4, member, Columns, Columns), operands.At<T>(5, member), Transposed,
                    operands.Matrix<T>(6, member, given, Count), operands.Matrix<T>(7, member, made, Count));
            }
        }
    }
}

/// <summary>What <see cref="Linalg.LstSq"/> gives.</summary>
/// <param name="Solution">The best solutions, the shortest where there are several.</param>
/// <param name="Residuals">The squared lengths of B - A X, (*, k), for m greater than n and full rank; else empty. The driver gelsy does not give
/// them.</param>
/// <param name="Rank">The ranks, int64; empty for the driver gels.</param>
/// <param name="SingularValues">The singular values of A for the drivers gelsd and gelss; else empty.</param>
public readonly record struct LstSqResult(Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues);

public static partial class Linalg
{
    /// <summary>
    /// The X for which B - A X is shortest (<c>torch.linalg.lstsq</c>), the shortest X where there are several. The rank of A is found by a QR
    /// factorisation with exchanges of columns, whatever the driver. Derivatives are those at constant rank.
    /// </summary>
    /// <param name="a">Matrices of any sizes, (*, m, n).</param>
    /// <param name="b">Right-hand sides: vectors, (*, m), where that is the shape of A without its last dimension; else matrices, (*, m, k).</param>
    /// <param name="rcond">What is smaller than the largest by this factor counts as zero; the rounding of the dtype times the larger of m and n if
    /// null.</param>
    /// <param name="driver">LAPACK's name, <c>gelsy</c> (null is the same), <c>gels</c>, <c>gelsd</c> or <c>gelss</c>: which of the results are
    /// given.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not float32 or float64.</exception>
    /// <exception cref="ArgumentException">The driver is not one of these.</exception>
    public static LstSqResult LstSq(Tensor a, Tensor b, double? rcond = null, string? driver = null)
    {
        const string call = "torch.linalg.lstsq";
        LinalgArguments.Matrix(a, call, "input");
        LinalgArguments.SameDType(a, b, call, "input", "other");
        driver ??= "gelsy";
        if (driver is not ("gels" or "gelsd" or "gelss" or "gelsy"))
        {
            throw new ArgumentException(
                $"{call}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss). It is {driver}.", nameof(driver));
        }

        var isVector = IsVector(a, b);
        var right = isVector ? b.Unsqueeze(-1) : b;
        LinalgArguments.Matrix(right, call, "other");
        var (m, n) = (a.Layout.Sizes[^2], a.Layout.Sizes[^1]);
        if (right.Layout.Sizes[^2] != m)
        {
            throw new ShapeException(
                $"{call}: input.size(-2) should match other.size({(isVector ? -1 : -2)}). The shapes are {Shape.Text(a.Layout.Sizes)} and " +
                $"{Shape.Text(b.Layout.Sizes)}.");
        }

        var values = driver is "gelsd" or "gelss" ? Linalg.Svdvals(a.Detach()) : Tensor.Zeros([0], a.DType);
        var kept = Op.MultiOutput(new RankKept(Math.Max(rcond ?? a.DType.Epsilon * Math.Max(m, n), 0)), a.Detach());
        (a, right) = LinalgArguments.Broadcast(a, right);
        var batch = a.Layout.Sizes[..^2];
        Tensor[] inputs = [a, .. kept.Select((part, i) => LinalgArguments.Expand(part, batch, i is 0 or 4 ? 2 : i == 3 ? 0 : 1)), right];
        var x = Op.MultiOutput(default(BestSolution), inputs)[0];
        var empty = Tensor.Zeros([0], a.DType);
        var residuals = m > n && driver != "gelsy" && HasFullRank(kept[3], n) ? (right - a.MatMul(x)).Square().Sum(-2) : empty;
        return new(
            isVector ? x.Squeeze(-1) : x,
            residuals,
            driver == "gels" ? Tensor.Zeros([0], DType.Int64) : kept[3].To(DType.Int64),
            values);
    }

    /// <summary>Whether all ranks are full. Inside of a transform that has no values, they are taken to be.</summary>
    private static bool HasFullRank(Tensor ranks, int full) => ranks.IsStandIn || Array.TrueForAll(ranks.ToArray<int>(), rank => rank == full);
}
