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
        table["take_along_dim"] = c => c.X.TakeAlongDim(c.Tensor(0, "indices"), c.IntOrNull(1, "dim"));
        table["take"] = c => c.X.Take(c.Tensor(0, "index"));
        table["put"] = c => c.X.Put(c.Tensor(0, "index"), c.Tensor(1, "source"), c.Flag(2, "accumulate"));
        table["index_select"] = c => c.X.IndexSelect(c.Int(0, "dim"), c.Tensor(1, "index"));
        table["index_add"] = c => c.X.IndexAdd(c.Int(0, "dim"), c.Tensor(1, "index"), c.Tensor(2, "source"), c.Number(3, "alpha", 1));
        table["index_copy"] = c => c.X.IndexCopy(c.Int(0, "dim"), c.Tensor(1, "index"), c.Tensor(2, "source"));
        table["index_fill"] = c => c.X.IndexFill(c.Int(0, "dim"), c.Tensor(1, "index"), c.Tensor(2, "value"));
        table["index_put"] = c => c.X.IndexPut(Tensors(c.Get(0, "indices")), c.Tensor(1, "values"), c.Flag(2, "accumulate"));
        table["index_reduce"] = c => c.X.IndexReduce(
            c.Int(0, "dim"), c.Tensor(1, "index"), c.Tensor(2, "source"), Reduction(c.Text(3, "reduce")), c.Flag(4, "include_self", true));
        table["scatter"] = c => c.Text(3, "reduce") is { } reduce
            ? c.X.Scatter(c.Int(0, "dim"), c.Tensor(1, "index"), Source(c), Reduction(reduce))
            : c.X.Scatter(c.Int(0, "dim"), c.Tensor(1, "index"), Source(c));
        table["scatter_add"] = c => c.X.ScatterAdd(c.Int(0, "dim"), c.Tensor(1, "index"), c.Tensor(2, "src"));
        foreach (var variant in new[] { "", ":sum", ":prod", ":mean", ":amax", ":amin" })
        {
            table["scatter_reduce" + variant] = c => c.X.ScatterReduce(
                c.Int(0, "dim"), c.Tensor(1, "index"), c.Tensor(2, "src"), Reduction(c.Text(3, "reduce")), c.Flag(4, "include_self", true));
        }

        table["masked_scatter"] = c => c.X.MaskedScatter(c.Tensor(0, "mask"), c.Tensor(1, "source"));
        table["masked_select"] = c => c.X.MaskedSelect(c.Tensor(0, "mask"));
        table["nonzero"] = c => c.Flag(0, "as_tuple") ? c.X.NonZeroAsTuple() : c.X.NonZero();
        table["argwhere"] = c => c.X.ArgWhere();
        table["nn.functional.one_hot"] = c => c.X.OneHot(c.Int(0, "num_classes", -1));
        table["nn.functional.embedding_bag"] = c => c.Tensor(0, "input").EmbeddingBag(
            c.X,
            c.TensorOrNull(1, "offsets"),
            c.Has(2, "max_norm") ? c.Number(2, "max_norm", 0) : null,
            c.Number(3, "norm_type", 2),
            c.Flag(4, "scale_grad_by_freq"),
            Enum.Parse<EmbeddingBagMode>(c.Text(5, "mode") ?? "mean", ignoreCase: true),
            c.TensorOrNull(7, "per_sample_weights"),
            c.Flag(8, "include_last_offset"),
            c.IntOrNull(9, "padding_idx"));
    }

    private static ScatterReduction Reduction(string? name) => name switch
    {
        "add" or "sum" => ScatterReduction.Sum,
        "multiply" or "prod" => ScatterReduction.Prod,
        "mean" => ScatterReduction.Mean,
        "amax" => ScatterReduction.Amax,
        "amin" => ScatterReduction.Amin,
        _ => throw new ArgumentException($"{name ?? "None"} is no reduction"),
    };

    /// <summary>The values of a scatter, which are called by one of two names.</summary>
    private static Tensor Source(Call c) => c.Has(2, "src") ? c.Tensor(2, "src") : c.Tensor(2, "value");

    private static Tensor?[] Tensors(object? indices) =>
        Array.ConvertAll(Call.Several(indices)!, index => index is null ? null : Call.AsTensor(index));

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
