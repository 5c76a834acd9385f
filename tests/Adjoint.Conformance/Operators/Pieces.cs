using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Tensors cut into several, joined, and combined with each other.</summary>
internal static class Pieces
{
    public static void Add(OperatorTable table)
    {
        Cuts(table);
        table["hstack"] = c => Tensor.Hstack(c.List);
        table["vstack"] = c => Tensor.Vstack(c.List);
        table["row_stack"] = c => Tensor.Vstack(c.List);
        table["dstack"] = c => Tensor.Dstack(c.List);
        table["column_stack"] = c => Tensor.ColumnStack(c.List);
        table["meshgrid:list_of_tensors"] = c => Tensor.Meshgrid(c.List, Indexing(c));
        table["meshgrid:variadic_tensors"] = c => Tensor.Meshgrid(c.All(), Indexing(c));
        table["cartesian_prod"] = c => Tensor.CartesianProd(c.All());
        table["combinations"] = c => c.X.Combinations(c.Int(0, "r", 2), c.Flag(1, "with_replacement"));
    }

    private static void Cuts(OperatorTable table)
    {
        table["unbind"] = c => c.X.Unbind(c.Int(0, "dim", 0));
        table["chunk"] = c => c.X.Chunk(c.Int(0, "chunks"), c.Int(1, "dim", 0));
        table["split"] = c => c.X.Split(c.Int(0, "split_size_or_sections"), c.Int(1, "dim", 0));
        table["split:list_args"] = c => c.X.Split(c.Ints(0, "split_size_or_sections"), c.Int(1, "dim", 0));
        table["split_with_sizes"] = c => c.X.Split(c.Ints(0, "split_sizes"), c.Int(1, "dim", 0));
        table["tensor_split"] = c => At(c, 0) is { } indices
            ? c.X.TensorSplit(indices, c.Int(1, "dim", 0))
            : c.X.TensorSplit(c.Int(0, "indices_or_sections"), c.Int(1, "dim", 0));
        table["hsplit"] = c => At(c, 0) is { } indices ? c.X.Hsplit(indices) : c.X.Hsplit(c.Int(0, "indices_or_sections"));
        table["vsplit"] = c => At(c, 0) is { } indices ? c.X.Vsplit(indices) : c.X.Vsplit(c.Int(0, "indices_or_sections"));
        table["dsplit"] = c => At(c, 0) is { } indices ? c.X.Dsplit(indices) : c.X.Dsplit(c.Int(0, "indices_or_sections"));
    }

    /// <summary>The places to cut at, from a list or a vector; null for a number of sections.</summary>
    private static int[]? At(Call c, int place) => c.Get(place, "indices_or_sections") switch
    {
        Tensor { Rank: 1 } vector => Array.ConvertAll(vector.ToArray<long>(), position => (int)position),
        { } value when Call.Several(value) is not null => c.Ints(place, "indices_or_sections"),
        _ => null,
    };

    private static GridIndexing Indexing(Call c) => c.Text(-1, "indexing") == "xy" ? GridIndexing.Xy : GridIndexing.Ij;
}
