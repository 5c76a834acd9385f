using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What is done where a factorisation of a matrix fails.</summary>
internal enum LinalgCheck
{
    /// <summary>Nothing; infos say so.</summary>
    None,

    /// <summary>The sentence of <c>linalg.solve</c>.</summary>
    Solve,

    /// <summary>The sentence of <c>linalg.inv</c>.</summary>
    Inverse,

    /// <summary>The sentence of <c>linalg.lu_factor</c>.</summary>
    LuFactor,
}

/// <summary>
/// The factors of square matrices as a thing that is kept beside them: packed factors, pivots and infos. Nothing flows through it; the operators that
/// use it (<see cref="SolveKept"/> and others) have the matrix as an input as well, and all of their derivatives reuse the factors.
/// </summary>
internal readonly record struct LuKept(LinalgCheck Check) : IMultiOutput
{
    public static bool HasGradient(int result) => false;

    /// <summary>Factors matrices that are square.</summary>
    /// <returns>Packed factors, pivots, infos.</returns>
    public static Tensor[] Of(Tensor a, LinalgCheck check = LinalgCheck.None) => Op.MultiOutput(new LuKept(check), a.Detach());

    public TensorType[] Infer(TensorType[] inputs) => LuFactorEx.Types(inputs[0]);

    public Tensor[] Apply(Tensor[] inputs) => LuFactorEx.Factor(inputs[0], isPivoted: true, Check);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) => [null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null, null, null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}

/// <summary>
/// The solution of A X = B, or of A' X = B, from kept factors of A. Inputs are A, its factors and pivots, and B; the factors are no inputs of the
/// derivative, which is a solution with the same factors.
/// </summary>
internal readonly record struct SolveKept(bool Transposed) : IMultiOutput
{
    public string GradName => "LinalgSolveExBackward0";

    public int[] ShownInputs => [0, 3];

    public static bool ReadsInput(int input) => input < 3;

    public static bool ReadsResult(int result) => true;

    /// <summary>The solution; A and B have the same batch.</summary>
    public static Tensor Of(Tensor a, Tensor lu, Tensor pivots, Tensor b, bool transposed = false) =>
        Op.MultiOutput(new SolveKept(transposed), a, lu, pivots, b)[0];

    public TensorType[] Infer(TensorType[] inputs) => [inputs[3]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (lu, pivots, x) = (Op.Contiguous(inputs[1]), Op.Contiguous(inputs[2]), Op.Copy(inputs[3]));
        var (n, columns) = (x.Layout.Sizes[^2], x.Layout.Sizes[^1]);
        MatrixBatch.Run(
            new Job(Transposed, n, columns), x.DType, MatrixBatch.Count(x.Layout.Sizes), (double)n * n * columns, lu, pivots, x);
        return [x];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var ofB = Of(inputs[0]!, inputs[1]!, inputs[2]!, gradients[0]!, !Transposed);
        var x = results[0]!;
        var ofA = Transposed ? x.MatMul(ofB.Transpose(-2, -1)) : ofB.MatMul(x.Transpose(-2, -1));
        return [-ofA, null, null, ofB];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var right = tangents[3];
        if (tangents[0] is { } t)
        {
            var moved = (Transposed ? t.Transpose(-2, -1) : t).MatMul(results[0]);
            right = right is null ? -moved : right - moved;
        }

        return [Of(inputs[0], inputs[1], inputs[2], right!, Transposed)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(bool Transposed, int Order, int Columns) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Order <= LaneMatrices.MostOrder && count >= LaneMatrices.FewestMembers)
            {
                LaneMatrices.LuSolve<T>(Transposed, Order, Columns, operands, first, count);
                return;
            }

            for (var member = first; member < first + count; member++)
            {
                LuFactor.Solve(
                    operands.Matrix<T>(0, member, Order, Order), operands.At<int>(1, member), Transposed,
                    operands.Matrix<T>(2, member, Order, Columns));
            }
        }
    }
}
