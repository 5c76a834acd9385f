using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// One element of a channel for each position in it; positions number the elements of the last axes. What a max pool picks. Its transpose is
/// <see cref="PlanePut"/>.
/// </summary>
internal readonly struct PlanePick(int axes, string gradName) : IIndexed
{
    public string GradName => gradName;

    public TensorType Infer(TensorType x, TensorType positions) => positions.To(x.DType);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Fresh(positions.Layout, x.DType);
        Planes.Move(x, positions, result, axes, x.Layout.Sizes, put: false);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(new PlanePut(axes, input.Sizes[^axes..], gradName), g, positions);

    // Dimensions before the axes are channels, however many there are.
    public Tensor Batch(Tensor x, Tensor positions) => Op.Indexed(new PlanePick(axes, gradName), x, positions);
}

/// <summary>Adds each element to a position of its channel of zeros: the transpose of <see cref="PlanePick"/>.</summary>
internal readonly struct PlanePut(int axes, int[] sizes, string gradName) : IIndexed
{
    public string GradName => gradName;

    public TensorType Infer(TensorType x, TensorType positions) => x.With([.. positions.Layout.Sizes[..^axes], .. sizes]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        int[] all = [.. positions.Layout.Sizes[..^axes], .. sizes];
        var result = Op.Fresh(Layout.Dense(all), x.DType);
        Planes.Move(x, positions, result, axes, all, put: true);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new PlanePick(axes, gradName), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) => Op.Indexed(new PlanePut(axes, sizes, gradName), x, positions);
}

/// <summary>The way from tensors to the loops of <see cref="Pool"/> that picks and puts share.</summary>
internal static unsafe class Planes
{
    public static void Move(Tensor x, Tensor positions, Tensor result, int axes, int[] sizes, bool put)
    {
        if (x.DType.IsNarrow)
        {
            var wide = Op.Fresh(result.Layout, x.DType.Compute);
            Move(Op.Wide(x), positions, wide, axes, sizes, put);
            Op.CopyInto(wide, result);
            return;
        }

        (x, positions) = (Op.Contiguous(x), Op.Contiguous(positions));
        var from = (nint)Shape.Product(sizes.AsSpan(sizes.Length - axes));
        var to = (nint)Shape.Product(positions.Layout.Sizes.AsSpan(positions.Rank - axes));
        var channels = (nint)Shape.Product(sizes.AsSpan(0, sizes.Length - axes));
        Guard.Dense(x, x.DType, channels * (put ? to : from), "grad_output");
        Guard.Dense(positions, DType.Int64, channels * to, "indices");
        Guard.Dense(result, x.DType, channels * (put ? from : to));
        fixed (byte* a = &x.Storage.Origin, b = &positions.Storage.Origin, c = &result.Storage.Origin)
        {
            var at = (long*)b + positions.Layout.Offset;
            var job = new Loops
            {
                X = a + (x.Layout.Offset * x.DType.ItemSize), Positions = at, Result = c, Channels = channels, From = from, To = to, Puts = put,
            };
            x.DType.VisitReal(ref job, "max_pool");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(positions);
        GC.KeepAlive(result);
    }

    private static void Move<T>(T* x, long* positions, T* result, nint channels, nint from, nint to, bool put)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        if (put)
        {
            Pool.Put(channels, from, to, x, positions, result);
        }
        else
        {
            Pool.Pick(channels, from, to, x, positions, result);
        }
    }

    private struct Loops : IRealJob
    {
        public byte* X;
        public long* Positions;
        public byte* Result;
        public nint Channels;
        public nint From;
        public nint To;
        public bool Puts;

        readonly void IRealJob.Run<T>() => Move((T*)X, Positions, (T*)Result, Channels, From, To, Puts);
    }
}
