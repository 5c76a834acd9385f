using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>R with the vectors of reflectors below it, and their factors, where no derivative is wanted.</summary>
internal readonly record struct Geqrf : IKept
{
    public TensorType[] Infer(TensorType[] inputs)
    {
        var sizes = inputs[0].Layout.Sizes;
        return [inputs[0], inputs[0].With([.. sizes[..^2], Math.Min(sizes[^2], sizes[^1])])];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var packed = Op.Copy(inputs[0]);
        var (m, n) = (packed.Layout.Sizes[^2], packed.Layout.Sizes[^1]);
        var most = Math.Min(m, n);
        var tau = MatrixBatch.Fresh(packed, 2, packed.DType, most);
        MatrixBatch.Run(new Job(m, n), packed.DType, MatrixBatch.Count(packed.Layout.Sizes), 2.0 * m * n * most, packed, tau);
        return [packed, tau];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(int Rows, int Columns) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                Householder.Factor(operands.Matrix<T>(0, member, Rows, Columns), operands.At<T>(1, member));
            }
        }
    }
}

/// <content>Packed QR factors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The factors of A = Q R as LAPACK keeps them (<c>torch.geqrf</c>): R on and above the diagonal, the vectors of reflectors below it, and their
    /// factors. <see cref="Linalg.HouseholderProduct"/> and <see cref="Ormqr"/> take them. Where a derivative is wanted, which PyTorch does not
    /// have, the
    /// reflectors are made one after the other in operators; <see cref="Linalg.Qr"/> is quicker.
    /// </summary>
    /// <exception cref="ShapeException">It is no matrix.</exception>
    /// <exception cref="DTypeException">Elements are not float32 or float64.</exception>
    public (Tensor A, Tensor Tau) Geqrf()
    {
        LinalgArguments.Matrix(this, "torch.geqrf", "input");
        if (IsStandIn || (RequiresGrad && Recording.IsOn))
        {
            return ReflectedOneByOne(this);
        }

        var results = Op.MultiOutput(default(Geqrf), Detach());
        return (results[0], results[1]);
    }

    /// <summary>The same in operators, a column after the other. A column that is zero below the diagonal has no reflector.</summary>
    private static (Tensor A, Tensor Tau) ReflectedOneByOne(Tensor a)
    {
        var (m, n) = (a.Layout.Sizes[^2], a.Layout.Sizes[^1]);
        var most = Math.Min(m, n);
        var (columns, factors) = (new List<Tensor>(), new List<Tensor>());
        var rest = a;
        for (var k = 0; k < most; k++)
        {
            // The last row of a square matrix stays as it is, as in LAPACK.
            var column = rest.Narrow(-1, k, 1);
            var (alpha, below) = (column.Narrow(-2, k, 1), column.Narrow(-2, k + 1, m - k - 1));
            var squares = below.Square().Sum(-2, keepDim: true);
            var isZero = squares.Eq(0);
            var norm = (alpha.Square() + Where(isZero, 1, squares)).Sqrt();
            var beta = Where(alpha.Ge(0), -norm, norm);
            var tau = Where(isZero, 0, (beta - alpha) / beta);
            var tail = Where(isZero, below, below / (alpha - beta));
            var vector = Cat([ZerosLike(column.Narrow(-2, 0, k)), OnesLike(alpha), tail], -2);
            columns.Add(Cat([column.Narrow(-2, 0, k), Where(isZero, alpha, beta), tail], -2));
            factors.Add(tau.Squeeze(-1));
            rest = rest - (tau * vector).MatMul(vector.Transpose(-2, -1).MatMul(rest));
        }

        if (n > most)
        {
            columns.Add(rest.Narrow(-1, most, n - most));
        }

        var sizes = a.Layout.Sizes[..^1];
        sizes[^1] = 0;
        return (columns.Count == 0 ? a.Clone() : Cat([.. columns], -1), factors.Count == 0 ? Zeros(sizes, a.DType) : Cat([.. factors], -1));
    }
}
