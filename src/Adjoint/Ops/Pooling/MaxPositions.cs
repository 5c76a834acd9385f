using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Where the largest element of each window of an image is; nothing flows through positions.</summary>
internal readonly struct MaxPositions(int axes, PoolAxis[] windows) : IPrimitive
{
    public static bool ReadsX => false;

    public static bool ReadsY => false;

    public static bool HasNoGradient => true;

    /// <summary>The largest elements of windows, and their positions.</summary>
    public static (Tensor Output, Tensor Indices) Run(Tensor x, int axes, PoolAxis[] windows, string gradName)
    {
        var positions = Op.Primitive(new MaxPositions(axes, windows), x.Detach());
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
            switch (x.DType)
            {
                case DType.Float32:
                    Pool.Positions(windows, channels, (float*)a + x.Layout.Offset, (long*)b);
                    break;
                case DType.Float64:
                    Pool.Positions(windows, channels, (double*)a + x.Layout.Offset, (long*)b);
                    break;
                default:
                    throw x.DType.NotImplemented("max_pool");
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y) => throw new NotSupportedException("Nothing flows through positions.");

    public Tensor? Batch(Tensor x) => Op.Primitive(new MaxPositions(axes, windows), x);
}
