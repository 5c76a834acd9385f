using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The factors of banded matrices as they are kept: packed factors, pivots, after which come the numbers of diagonals, and infos. Where these numbers
/// are given, factors lie in strips; where they are -1, each matrix is searched for its own.
/// </summary>
internal readonly record struct BandKept(int Below, int Above) : IKept
{
    /// <summary>Factors matrices that are square.</summary>
    public static Tensor[] Of(Tensor a, int below, int above) => Op.MultiOutput(new BandKept(below, above), a.Detach());

    /// <summary>The factors of one member.</summary>
    public static unsafe MatrixView<T> Factors<T>(T* data, int order, int below, int above)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        below < 0 ? new MatrixView<T>(data, order, order) : BandFactor.View(data, order, below, above);

    public TensorType[] Infer(TensorType[] inputs)
    {
        var (a, batch, n) = (inputs[0], inputs[0].Layout.Sizes[..^2], inputs[0].Layout.Sizes[^1]);
        return
        [
            a.With([.. batch, n, Below < 0 ? n : BandFactor.Columns(Below, Above)]),
            a.To(DType.Int32).With([.. batch, n + 2]),
            a.To(DType.Int32).With(batch),
        ];
    }

    public Tensor[] Apply(Tensor[] inputs)
    {
        var a = Op.Contiguous(inputs[0]);
        Tensor[] results = [.. Infer([TensorType.Of(a)]).Select(type => Op.Fresh(Layout.Dense(type.Layout.Sizes), type.DType))];
        var n = a.Layout.Sizes[^1];
        var work = Below < 0 ? (double)n * n : n * (Below + 1.0) * (Below + Above + 1.0);
        MatrixBatch.Run(new Job(this, n), a.DType, MatrixBatch.Count(a.Layout.Sizes), work, [a, .. results]);
        MatrixBatch.ThrowIfFailed(results[2], "linalg.solve", LuFactorEx.Singular);
        return results;
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(BandKept Of, int Order) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var width = Of.Below < 0 ? Order : BandFactor.Columns(Of.Below, Of.Above);
            for (var member = first; member < first + count; member++)
            {
                var a = operands.Matrix<T>(0, member, Order, Order);
                var data = operands.At<T>(1, member);
                var (below, above) = Of.Below < 0 ? BandFactor.Find(a) : (Of.Below, Of.Above);
                for (var i = 0; i < Order; i++)
                {
                    new Span<T>(data + ((nint)i * width), width).Clear();
                }

                var pivots = operands.At<int>(2, member);
                (pivots[Order], pivots[Order + 1]) = (below, above);
                *operands.At<int>(3, member) = BandFactor.Run(a, below, above, Factors(data, Order, Of.Below, Of.Above), pivots);
            }
        }
    }
}
