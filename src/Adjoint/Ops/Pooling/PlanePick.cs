using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// One element of a channel for each position in it; positions number the elements of the last axes. What a max pool picks. Its transpose is
/// <see cref="PlanePut"/>.
/// </summary>
internal readonly record struct PlanePick(int Axes, bool IsAdaptive) : IIndexed
{
    public string GradName => Planes.NodeName(Axes, IsAdaptive);

    internal bool IsAdaptive { get; init; } = IsAdaptive;

    public TensorType Infer(TensorType x, TensorType positions) => positions.To(x.DType);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Fresh(positions.Layout, x.DType);
        Planes.Move(x, positions, result, Axes, x.Layout.Sizes, PlaneMove.Pick);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(new PlanePut(Axes, input.Sizes[^Axes..], IsAdaptive), g, positions);

    // Dimensions before the axes are channels, however many there are.
    public Tensor Batch(Tensor x, Tensor positions) => Op.Indexed(new PlanePick(Axes, IsAdaptive), x, positions);
}

/// <summary>Adds each element to a position of its channel of zeros: the transpose of <see cref="PlanePick"/>.</summary>
internal readonly record struct PlanePut(int Axes, ValueArray<int> Sizes, bool IsAdaptive) : IIndexed
{
    public string GradName => Planes.NodeName(Axes, IsAdaptive);

    internal bool IsAdaptive { get; init; } = IsAdaptive;

    public TensorType Infer(TensorType x, TensorType positions) => x.With([.. positions.Layout.Sizes[..^Axes], .. Sizes.Items]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        int[] all = [.. positions.Layout.Sizes[..^Axes], .. Sizes.Items];
        var result = Op.Fresh(Layout.Dense(all), x.DType);
        Planes.Move(x, positions, result, Axes, all, PlaneMove.Add);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new PlanePick(Axes, IsAdaptive), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) => Op.Indexed(new PlanePut(Axes, Sizes, IsAdaptive), x, positions);
}

/// <summary>How elements of channels and positions in them meet.</summary>
internal enum PlaneMove
{
    /// <summary>The elements at positions are taken.</summary>
    Pick,

    /// <summary>Elements are added at positions.</summary>
    Add,

    /// <summary>Elements are written to positions.</summary>
    Set,
}

/// <summary>The way from tensors to the loops of <see cref="Pool"/> that picks and puts share.</summary>
internal static unsafe class Planes
{
    /// <summary>PyTorch's name for the derivative of a max pool.</summary>
    public static string NodeName(int axes, bool isAdaptive) => isAdaptive
        ? axes == 3 ? "AdaptiveMaxPool3DBackward0" : "AdaptiveMaxPool2DBackward0"
        : axes == 3 ? "MaxPool3DWithIndicesBackward0" : "MaxPool2DWithIndicesBackward0";

    public static void Move(Tensor x, Tensor positions, Tensor result, int axes, int[] sizes, PlaneMove move)
    {
        if (x.DType is { IsNarrow: true, IsFloatingPoint: true })
        {
            var wide = Op.Fresh(result.Layout, x.DType.Compute);
            Move(Op.Wide(x), positions, wide, axes, sizes, move);
            Op.CopyInto(wide, result);
            return;
        }

        (x, positions) = (Op.Contiguous(x), Op.Contiguous(positions));
        var put = move != PlaneMove.Pick;
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
                X = a + (x.Layout.Offset * x.DType.ItemSize), Positions = at, Result = c, Channels = channels, From = from, To = to, Moves = move,
            };
            x.DType.VisitReal(ref job, "max_pool");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(positions);
        GC.KeepAlive(result);
    }

    private static void Move<T>(T* x, long* positions, T* result, nint channels, nint from, nint to, PlaneMove move)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        if (move == PlaneMove.Pick)
        {
            Pool.Pick(channels, from, to, x, positions, result);
        }
        else if (move == PlaneMove.Add)
        {
            Pool.Put(channels, from, to, x, positions, result);
        }
        else
        {
            Pool.Set(channels, from, to, x, positions, result);
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
        public PlaneMove Moves;

        readonly void IRealJob.Run<T>() => Move((T*)X, Positions, (T*)Result, Channels, From, To, Moves);
    }
}
