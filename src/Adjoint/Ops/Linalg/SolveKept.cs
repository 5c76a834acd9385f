using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What a kept factorisation is.</summary>
internal enum FactorKind
{
    /// <summary>P L U, packed, with pivots.</summary>
    Lu,

    /// <summary>L L', without pivots: the matrix is symmetric, and only its lower triangle was read.</summary>
    Cholesky,

    /// <summary>L D L', packed, with pivots: the same.</summary>
    Ldl,

    /// <summary>P L U with few diagonals, as <see cref="BandKept"/> has it.</summary>
    Banded,
}

/// <summary>
/// The solution of A X = B, or of A' X = B, from kept factors of A. Inputs are A, its factors and pivots, and B; the factors are no inputs of the
/// derivative, which is a solution with the same factors. Where diagonals are given (not -1), nothing beyond them is part of A.
/// </summary>
internal readonly record struct SolveKept(bool Transposed, FactorKind Kind, int Below = -1, int Above = -1) : IMultiOutput
{
    internal FactorKind Kind { get; init; } = Kind;

    public string GradName => "LinalgSolveExBackward0";

    public int[] ShownInputs => [0, 3];

    public static bool ReadsInput(int input) => input < 3;

    public static bool ReadsResult(int result) => true;

    /// <summary>The solution; A and B have the same batch.</summary>
    public static Tensor Of(
        Tensor a, Tensor lu, Tensor pivots, Tensor b, bool transposed = false, FactorKind kind = FactorKind.Lu, int below = -1, int above = -1) =>
        Op.MultiOutput(new SolveKept(transposed, kind, below, above), a, lu, pivots, b)[0];

    public TensorType[] Infer(TensorType[] inputs) => [inputs[3]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (lu, pivots, x) = (Op.Contiguous(inputs[1]), Op.Contiguous(inputs[2]), Op.Copy(inputs[3]));
        var (n, columns) = (x.Layout.Sizes[^2], x.Layout.Sizes[^1]);
        var reach = Below < 0 ? n : (2 * Below) + Above + 1;
        MatrixBatch.Run(
            new Job(this, n, columns), x.DType, MatrixBatch.Count(x.Layout.Sizes), (double)n * reach * columns, lu, pivots, x);
        return [x];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var isTurned = Kind is FactorKind.Lu or FactorKind.Banded && !Transposed;
        var ofB = Of(inputs[0]!, inputs[1]!, inputs[2]!, gradients[0]!, isTurned, Kind, Below, Above);
        var x = results[0]!;
        var ofA = Transposed ? x.MatMul(ofB.Transpose(-2, -1)) : ofB.MatMul(x.Transpose(-2, -1));
        return [-Seen(ofA), null, null, ofB];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var right = tangents[3];
        if (tangents[0] is { } t)
        {
            var seen = Seen(t);
            var moved = (Transposed ? seen.Transpose(-2, -1) : seen).MatMul(results[0]);
            right = right is null ? -moved : right - moved;
        }

        return [Of(inputs[0], inputs[1], inputs[2], right!, Transposed, Kind, Below, Above)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>What the derivative sees of a matrix: its other triangle may be taken to be the same, or only diagonals are read.</summary>
    private Tensor Seen(Tensor x) => Kind switch
    {
        FactorKind.Lu => x,
        FactorKind.Banded => Below < 0 ? x : Op.Linear(new Band(-Below, Above), x),
        _ => (x + x.Transpose(-2, -1)) * 0.5,
    };

    private readonly record struct Job(SolveKept Of, int Order, int Columns) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (Of.Kind == FactorKind.Lu && Order <= LaneMatrices.MostOrder && count >= LaneMatrices.FewestMembers)
            {
                LaneMatrices.LuSolve<T>(Of.Transposed, Order, Columns, operands, first, count);
                return;
            }

            for (var member = first; member < first + count; member++)
            {
                var (factor, x) = (operands.Matrix<T>(0, member, Order, Order), operands.Matrix<T>(2, member, Order, Columns));
                switch (Of.Kind)
                {
                    case FactorKind.Lu:
                        LuFactor.Solve(factor, operands.At<int>(1, member), Of.Transposed, x);
                        break;
                    case FactorKind.Banded:
                        var pivots = operands.At<int>(1, member);
                        BandFactor.Solve(
                            BandKept.Factors(factor.Data, Order, Of.Below, Of.Above), pivots[Order], pivots[Order + 1], pivots, Of.Transposed, x);
                        break;
                    case FactorKind.Ldl:
                        LdlFactor.Solve(factor, operands.At<int>(1, member), x);
                        break;
                    default:
                        Triangular.Solve(upper: false, unit: false, factor, x);
                        Triangular.Solve(upper: true, unit: false, factor.Transposed, x);
                        break;
                }
            }
        }
    }
}
