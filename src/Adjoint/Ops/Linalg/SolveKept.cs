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
}

/// <summary>
/// The solution of A X = B, or of A' X = B, from kept factors of A. Inputs are A, its factors and pivots, and B; the factors are no inputs of the
/// derivative, which is a solution with the same factors.
/// </summary>
internal readonly record struct SolveKept(bool Transposed, FactorKind Kind) : IMultiOutput
{
    internal FactorKind Kind { get; init; } = Kind;

    public string GradName => "LinalgSolveExBackward0";

    public int[] ShownInputs => [0, 3];

    public static bool ReadsInput(int input) => input < 3;

    public static bool ReadsResult(int result) => true;

    /// <summary>The solution; A and B have the same batch.</summary>
    public static Tensor Of(Tensor a, Tensor lu, Tensor pivots, Tensor b, bool transposed = false, FactorKind kind = FactorKind.Lu) =>
        Op.MultiOutput(new SolveKept(transposed, kind), a, lu, pivots, b)[0];

    public TensorType[] Infer(TensorType[] inputs) => [inputs[3]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (lu, pivots, x) = (Op.Contiguous(inputs[1]), Op.Contiguous(inputs[2]), Op.Copy(inputs[3]));
        var (n, columns) = (x.Layout.Sizes[^2], x.Layout.Sizes[^1]);
        MatrixBatch.Run(
            new Job(this, n, columns), x.DType, MatrixBatch.Count(x.Layout.Sizes), (double)n * n * columns, lu, pivots, x);
        return [x];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var ofB = Of(inputs[0]!, inputs[1]!, inputs[2]!, gradients[0]!, !Transposed, Kind);
        var x = results[0]!;
        var ofA = Transposed ? x.MatMul(ofB.Transpose(-2, -1)) : ofB.MatMul(x.Transpose(-2, -1));
        return [-Symmetric(ofA), null, null, ofB];
    }

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var right = tangents[3];
        if (tangents[0] is { } t)
        {
            var moved = Symmetric(Transposed ? t.Transpose(-2, -1) : t).MatMul(results[0]);
            right = right is null ? -moved : right - moved;
        }

        return [Of(inputs[0], inputs[1], inputs[2], right!, Transposed, Kind)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    /// <summary>What the derivative sees of a matrix whose other triangle is taken to be the same.</summary>
    private Tensor Symmetric(Tensor x) => Kind == FactorKind.Lu ? x : (x + x.Transpose(-2, -1)) * 0.5;

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
