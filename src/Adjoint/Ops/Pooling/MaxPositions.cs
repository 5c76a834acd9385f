using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Where the largest element of each window of an image is; nothing flows through positions.</summary>
internal readonly struct MaxPositions(int axes, PoolAxis[] windows) : IWhole
{
    /// <summary>The largest elements of windows, and their positions.</summary>
    public static (Tensor Output, Tensor Indices) Run(Tensor x, int axes, PoolAxis[] windows, string gradName)
    {
        var positions = Op.Whole(new MaxPositions(axes, windows), x.Detach());
        return (Op.Indexed(new PlanePick(axes, gradName), x, positions), positions);
    }

    public TensorType Infer(TensorType x) => x.To(DType.Int64).With(PoolArguments.OutputSizes(x.Layout, axes, windows));

    public unsafe Tensor Apply(Tensor x)
    {
        x = Op.Contiguous(x);
        var result = Op.Fresh(Layout.Dense(PoolArguments.OutputSizes(x.Layout, axes, windows)), DType.Int64);
        var channels = (nint)Shape.Product(x.Layout.Sizes.AsSpan(0, x.Rank - axes));
        Guard.Dense(x, x.DType, channels * Pool.Inputs(windows), "input");
        fixed (byte* a = &x.Storage.Origin, b = &result.Storage.Origin)
        {
            var job = new Loops { Windows = windows, Channels = channels, From = a + (x.Layout.Offset * x.DType.ItemSize), To = (long*)b };
            x.DType.VisitReal(ref job, "max_pool");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    public Tensor? Batch(Tensor x) => Op.Whole(new MaxPositions(axes, windows), x);

    private unsafe struct Loops : IRealJob
    {
        public PoolAxis[] Windows;
        public nint Channels;
        public byte* From;
        public long* To;

        readonly void IRealJob.Run<T>() => Pool.Positions(Windows, Channels, (T*)From, To);
    }
}
