using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The packed factors of matrices of any sizes, pivots, and the places of the first pivots that are zero.</summary>
internal readonly record struct LuFactorEx(bool Pivot, LinalgCheck Check) : IMultiOutput
{
    internal LinalgCheck Check { get; init; } = Check;

    public string GradName => "LinalgLuFactorExBackward0";

    public static bool ReadsResult(int result) => result < 2;

    public static bool HasGradient(int result) => result == 0;

    /// <summary>The types of packed factors, pivots and infos.</summary>
    public static TensorType[] Types(TensorType a)
    {
        var batch = a.Layout.Sizes[..^2];
        return [a, a.To(DType.Int32).With([.. batch, Math.Min(a.Layout.Sizes[^2], a.Layout.Sizes[^1])]), a.To(DType.Int32).With(batch)];
    }

    /// <summary>Factors copies of matrices.</summary>
    public static Tensor[] Factor(Tensor a, bool isPivoted, LinalgCheck check)
    {
        var lu = Op.Copy(a);
        var (m, n) = (a.Layout.Sizes[^2], a.Layout.Sizes[^1]);
        var most = Math.Min(m, n);
        var (pivots, infos) = (MatrixBatch.Fresh(lu, 2, DType.Int32, most), MatrixBatch.Fresh(lu, 2, DType.Int32));
        MatrixBatch.Run(
            new Job(m, n, isPivoted), a.DType, MatrixBatch.Count(a.Layout.Sizes), (double)m * n * most / 3, lu, pivots, infos);
        switch (check)
        {
            case LinalgCheck.Solve:
                MatrixBatch.ThrowIfFailed(infos, "linalg.solve", Singular);
                break;
            case LinalgCheck.Inverse:
                MatrixBatch.ThrowIfFailed(infos, "linalg.inv", info => string.Create(
                    CultureInfo.InvariantCulture,
                    $"The diagonal element {info} is zero, the inversion could not be completed because the input matrix is singular. " +
                    $"Linalg.Pinv gives the pseudo-inverse."));
                break;
            case LinalgCheck.LuFactor:
                MatrixBatch.ThrowIfFailed(infos, "torch.linalg.lu_factor", info => string.Create(
                    CultureInfo.InvariantCulture,
                    $"U[{info},{info}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the " +
                    $"factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot): Linalg.Lu, Linalg.LuFactorEx."));
                break;
        }

        return [lu, pivots, infos];
    }

    /// <summary>What a solver says of a matrix with a pivot that is zero.</summary>
    public static string Singular(int info) =>
        "The solver failed because the input matrix is singular. Linalg.LstSq gives the shortest of the best solutions.";

    public TensorType[] Infer(TensorType[] inputs) => Types(inputs[0]);

    public Tensor[] Apply(Tensor[] inputs) => Factor(inputs[0], Pivot, Check);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (g, lu) = (gradients[0]!, results[0]!);
        var (m, n) = (lu.Layout.Sizes[^2], lu.Layout.Sizes[^1]);
        var most = Math.Min(m, n);

        // Pivots are fixed near A. With P' A = L U, where L has ones on its diagonal: dA = P (dL U + L dU). The square parts L1 and U1 are solved
        // with; what is below L1 or to the right of U1 moves freely.
        var (lu1, g1) = (Corner(lu, most, most), Corner(g, most, most));
        var (lower, upper) = (Band.Lower(lu1, -1), Band.Upper(lu1));
        var ofL = TimesUnit(lower, Band.Lower(g1, -1));
        var ofU = Band.Upper(g1).MatMul(upper.Transpose(-2, -1));
        Tensor inner;
        Tensor? beyond = null;
        if (m < n)
        {
            var (right, gRight) = (lu.Narrow(-1, most, n - most), g.Narrow(-1, most, n - most));
            inner = Band.Lower(ofL - gRight.MatMul(right.Transpose(-2, -1)), -1) + Band.Upper(ofU);
            beyond = gRight;
        }
        else if (m > n)
        {
            var (below, gBelow) = (lu.Narrow(-2, most, m - most), g.Narrow(-2, most, m - most));
            inner = Band.Lower(ofL, -1) + Band.Upper(ofU - below.Transpose(-2, -1).MatMul(gBelow));
            beyond = gBelow;
        }
        else
        {
            inner = Band.Lower(ofL, -1) + Band.Upper(ofU);
        }

        var lTransposed = lu1.Transpose(-2, -1);
        var uTransposed = lTransposed;
        Tensor made;
        if (m < n)
        {
            var square = SolveTriangular.Of(uTransposed, inner, upper: false, left: false);
            made = SolveTriangular.Of(lTransposed, Tensor.Cat([square, beyond!], -1), upper: true, left: true, unit: true);
        }
        else
        {
            var square = SolveTriangular.Of(lTransposed, inner, upper: true, left: true, unit: true);
            made = SolveTriangular.Of(
                uTransposed, beyond is null ? square : Tensor.Cat([square, beyond], -2), upper: false, left: false);
        }

        return [Pivot ? Permutation.Rows(made, results[1]!, inverse: true) : made];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>L' x for L with ones on its diagonal, of which what is below is given.</summary>
    private static Tensor TimesUnit(Tensor lower, Tensor x) => lower.Transpose(-2, -1).MatMul(x) + x;

    private static Tensor Corner(Tensor x, int rows, int columns)
    {
        x = x.Layout.Sizes[^2] == rows ? x : x.Narrow(-2, 0, rows);
        return x.Layout.Sizes[^1] == columns ? x : x.Narrow(-1, 0, columns);
    }

    private readonly record struct Job(int Rows, int Columns, bool IsPivoted) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (IsPivoted && Rows == Columns && Rows <= LaneMatrices.MostOrder && count >= LaneMatrices.FewestMembers)
            {
                LaneMatrices.Lu<T>(Rows, operands, first, count);
                return;
            }

            for (var member = first; member < first + count; member++)
            {
                *operands.At<int>(2, member) = LuFactor.Run(
                    operands.Matrix<T>(0, member, Rows, Columns), operands.At<int>(1, member), IsPivoted);
            }
        }
    }
}
