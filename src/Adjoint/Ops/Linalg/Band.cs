using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The elements of matrices on diagonals from one to another, counted from the main one upwards; zero elsewhere.</summary>
internal readonly record struct Band(int First, int Last) : ILinear
{
    /// <summary>What is on and below a diagonal.</summary>
    public static Tensor Lower(Tensor x, int diagonal = 0) => Op.Linear(new Band(-int.MaxValue, diagonal), x);

    /// <summary>What is on and above a diagonal.</summary>
    public static Tensor Upper(Tensor x, int diagonal = 0) => Op.Linear(new Band(diagonal, int.MaxValue), x);

    /// <summary>The main diagonals as vectors.</summary>
    public static Tensor Diagonal(Tensor x) => x.Layout.Sizes[^2] > x.Layout.Sizes[^1]
        ? Op.Linear(new Band(0, 0), x).Sum(-2)
        : Op.Linear(new Band(0, 0), x).Sum(-1);

    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x)
    {
        var result = Op.Copy(x);
        var (rows, columns) = (x.Layout.Sizes[^2], x.Layout.Sizes[^1]);
        MatrixBatch.Run(new Job(this, rows, columns), x.DType, MatrixBatch.Count(x.Layout.Sizes), (double)rows * columns / 4, result);
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(this, g);

    public Tensor? Batch(Tensor x) => Op.Linear(this, x);

    private readonly record struct Job(Band Band, int Rows, int Columns) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                var row = operands.At<T>(0, member);
                for (var i = 0; i < Rows; i++)
                {
                    var from = (int)Math.Clamp((long)i + Band.First, 0, Columns);
                    var to = (int)Math.Clamp((long)i + Band.Last + 1, from, Columns);
                    new Span<T>(row, from).Clear();
                    new Span<T>(row + to, Columns - to).Clear();
                    row += Columns;
                }
            }
        }
    }
}
