using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators that pick elements by position or by mask.</summary>
internal static class Indexing
{
    public static void Add(OperatorTable table)
    {
        table["__getitem__"] = c => c.X[Indices(c.Get(0, "index"))];
        table["nn.functional.embedding"] = c => c.Tensor(0, "indices").Embedding(c.X, c.IntOrNull(1, "padding_idx"));
        table["gather"] = c => c.X.Gather(c.Int(0, "dim"), c.Tensor(1, "index"));
    }

    /// <summary>
    /// What stands between Python's brackets: one index, or several. A tuple is several; a list is several where it holds a list, a slice,
    /// None or an ellipsis, by the rule of PyTorch 1.13, and otherwise one index with several positions.
    /// </summary>
    public static TensorIndex[] Indices(object? value) => value switch
    {
        TupleValue tuple => Array.ConvertAll(tuple.Items, Index),
        object?[] items when Array.Exists(items, item => item is null or object?[] or SliceValue or EllipsisValue or Tensor) =>
            Array.ConvertAll(items, Index),
        _ => [Index(value)],
    };

    private static TensorIndex Index(object? value) => value switch
    {
        null => TensorIndex.NewAxis,
        EllipsisValue => TensorIndex.Ellipsis,
        SliceValue slice => TensorIndex.Slice(slice.Start, slice.Stop, slice.Step ?? 1),
        long position => position,
        Tensor tensor => tensor,
        object?[] positions when Array.TrueForAll(positions, position => position is bool) =>
            Tensor.FromArray(Array.ConvertAll(positions, position => (bool)position!)),
        object?[] positions => Tensor.FromArray(Array.ConvertAll(positions, position => (long)position!)),
        _ => throw new InvalidCastException($"{value} is no index"),
    };
}
