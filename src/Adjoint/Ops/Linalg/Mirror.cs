using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Half of the symmetric matrices that have the lower triangle of others.</summary>
internal readonly record struct Mirror : ILinear
{
    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x)
    {
        var result = Op.Copy(x);
        var n = x.Layout.Sizes[^1];
        MatrixBatch.Run(new Job(n), x.DType, MatrixBatch.Count(x.Layout.Sizes), (double)n * n, result);
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => (Band.Lower(g + g.Transpose(-2, -1)) - Op.Linear(new Band(0, 0), g)) * 0.5;

    public Tensor? Batch(Tensor x) => Op.Linear(this, x);

    private readonly record struct Job(int Order) : IMatrixJob
    {
        public void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var half = T.CreateTruncating(0.5);
            for (var member = first; member < first + count; member++)
            {
                var x = operands.Matrix<T>(0, member, Order, Order);
                for (var i = 0; i < Order; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        x[i, j] *= half;
                        x[j, i] = x[i, j];
                    }

                    x[i, i] *= half;
                }
            }
        }
    }
}
