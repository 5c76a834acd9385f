using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The element at each position along a dimension, and zero for a position that a later one repeats: what reaches the values of a
/// <see cref="Scatter"/>, where the last one stays. Its transpose is <see cref="PutLast"/>.
/// </summary>
internal readonly record struct TakeLast(int Dim, AlongCall Call) : IIndexed
{
    internal AlongCall Call { get; init; } = Call;

    public string GradName => "GatherBackward0";

    public string Called => "Gather";

    public TensorType Infer(TensorType x, TensorType positions) => positions.To(x.DType);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var taken = Op.Fresh(positions.Layout, x.DType);
        Along.Run(AlongMove.Take, x, positions, Dim, taken, Call);

        // Every position writes its own number. Those that find another one there were repeated later, and give zero.
        var dtype = taken.Layout.Count <= int.MaxValue ? DType.Int32 : DType.Int64;
        var (names, found, kept) = (Tensor.Arange(taken.Layout.Count).To(dtype), Op.Fresh(taken.Layout, dtype), Op.Fresh(x.Layout, dtype));
        names = names.View(taken.Layout);
        Along.Run(AlongMove.Put, kept, positions, Dim, names, Call);
        Along.Run(AlongMove.Take, kept, positions, Dim, found, Call);
        return found.Eq(names).All().Item<bool>() ? taken : taken.MaskedFill(found.Ne(names), 0);
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new PutLast(Dim, input.Sizes, Call), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var taken = Op.Indexed(new TakeLast(Dim + 1, Call), EraseAlong.Lined(x), EraseAlong.Lined(positions));
        return EraseAlong.Unlined(positions, taken);
    }
}

/// <summary>Values put at positions along a dimension of zeros, the last one where several meet: the transpose of <see cref="TakeLast"/>.</summary>
internal readonly record struct PutLast(int Dim, ValueArray<int> Sizes, AlongCall Call) : IIndexed
{
    internal AlongCall Call { get; init; } = Call;

    public string GradName => "ScatterBackward0";

    public string Called => "Scatter";

    public TensorType Infer(TensorType x, TensorType positions) => x.With(Sizes);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Zeroed(Layout.Dense(Sizes), x.DType);
        Along.Run(AlongMove.Put, result, positions, Dim, x, Call);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new TakeLast(Dim, Call), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        int[] sizes = Sizes.Length == 0 ? [1] : Sizes.Items;
        var put = Op.Indexed(
            new PutLast(Dim + 1, [x.Layout.Sizes[0], .. sizes], Call), EraseAlong.Lined(x), EraseAlong.Lined(positions));
        return Sizes.Length == 0 ? put.Squeeze(1) : put;
    }
}
