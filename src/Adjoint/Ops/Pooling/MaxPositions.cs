using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Where the largest element of each window of an image is; nothing flows through positions.</summary>
internal readonly record struct MaxPositions(int Axes, ValueArray<PoolAxis> Windows) : IWhole, IParameters
{
    public IEnumerable<KeyValuePair<string, object?>> List(string name) => PoolArguments.List(Axes, Windows);

    /// <summary>The largest elements of windows, and their positions.</summary>
    public static (Tensor Output, Tensor Indices) Run(Tensor x, int axes, PoolAxis[] windows, bool isAdaptive)
    {
        var positions = Op.Whole(new MaxPositions(axes, windows), x.Detach());
        return (Op.Indexed(new PlanePick(axes, isAdaptive), x, positions), positions);
    }

    public TensorType Infer(TensorType x) => x.To(DType.Int64).With(PoolArguments.OutputSizes(x.Layout, Axes, Windows));

    public unsafe Tensor Apply(Tensor x)
    {
        x = Op.Contiguous(x);
        var result = Op.Fresh(Layout.Dense(PoolArguments.OutputSizes(x.Layout, Axes, Windows)), DType.Int64);
        var channels = (nint)Shape.Product(x.Layout.Sizes.AsSpan(0, x.Rank - Axes));
        Guard.Dense(x, x.DType, channels * Pool.Inputs(Windows), "input");
        fixed (byte* a = &x.Storage.Origin, b = &result.Storage.Origin)
        {
            var job = new Loops { Windows = Windows, Channels = channels, From = a + (x.Layout.Offset * x.DType.ItemSize), To = (long*)b };
            x.DType.VisitReal(ref job, "max_pool");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    public Tensor? Batch(Tensor x) => Op.Whole(new MaxPositions(Axes, Windows), x);

    private unsafe struct Loops : IRealJob
    {
        public PoolAxis[] Windows;
        public nint Channels;
        public byte* From;
        public long* To;

        readonly void IRealJob.Run<T>() => Pool.Positions(Windows, Channels, (T*)From, To);
    }
}
