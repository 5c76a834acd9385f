using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// One over singular values, and zero for those that are zero: the turning of vectors out of the space that they span. Inputs are the values, their
/// gradients, what is seen of the turning, (*, k, m), and how further vectors are seen to turn among themselves, which nothing determines.
/// </summary>
internal readonly record struct ValueInverses(EqualKind Kind) : IMultiOutput
{
    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (k, m, free) = (inputs[2].Layout.Sizes[^2], inputs[2].Layout.Sizes[^1], inputs[3].Layout.Sizes[^1]);
        var made = Op.Fresh(Layout.Dense(inputs[0].Layout.Sizes), inputs[0].DType);
        var infos = MatrixBatch.Fresh(inputs[2], 2, DType.Int32);
        MatrixBatch.Run(
            new Job(Kind == EqualKind.SvdForward, k, m, free), made.DType, MatrixBatch.Count(inputs[2].Layout.Sizes), (2.0 * k * m) + (free * free),
            [.. inputs.Select(Op.Contiguous), made, infos]);
        EqualValues.ThrowIfRefused(infos, Kind);
        return [made];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [-gradients[0]! * results[0]!.Square(), null, null, null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) =>
        [tangents[0] is { } t ? -t * results[0].Square() : null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);

    private readonly record struct Job(bool IsForward, int Order, int Size, int Free) : IMatrixJob
    {
        public unsafe void Run<T>(in MatrixOperands operands, int first, int count)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (var member = first; member < first + count; member++)
            {
                T* values = operands.At<T>(0, member), slopes = operands.At<T>(1, member), made = operands.At<T>(4, member);
                var seen = operands.Matrix<T>(2, member, Order, Size);
                var free = operands.Matrix<T>(3, member, Free, Free);
                var equal = EqualValues.Tolerance(values, Order);
                var slack = EqualValues.Slack<T>();
                var steepest = EqualValues.Largest(new MatrixView<T>(slopes, 1, Order)) * slack;
                var most = EqualValues.Largest(new MatrixView<T>(values, 1, Order));
                var seenMost = slack * T.Max(EqualValues.Largest(seen), EqualValues.Largest(free));
                seenMost = T.Max(seenMost, steepest * most);
                var info = 0;
                for (var i = 0; i < Order; i++)
                {
                    var isZero = T.Abs(values[i]) <= equal;
                    made[i] = isZero ? T.Zero : T.One / values[i];
                    if (isZero)
                    {
                        var row = EqualValues.Largest(new MatrixView<T>(seen.At(i, 0), 1, Size));
                        info = Math.Max(info, row > seenMost ? EqualValues.Gauge : 0);
                        info = Math.Max(info, !IsForward && T.Abs(slopes[i]) > steepest ? EqualValues.Undetermined : 0);
                    }
                }

                for (var i = 0; i < Free; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        info = T.Abs(free[i, j] - free[j, i]) > seenMost ? EqualValues.Free : info;
                    }
                }

                *operands.At<int>(5, member) = info;
            }
        }
    }
}
