using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators that move elements or change what a tensor is seen as.</summary>
internal static class Movement
{
    public static void Add(OperatorTable table)
    {
        Sizes(table);
        Order(table);
        Parts(table);
        Copies(table);
    }

    private static void Sizes(OperatorTable table)
    {
        table["reshape"] = c => c.X.Reshape(c.Rest(0, "shape"));
        table["reshape_as"] = c => c.X.ReshapeAs(c.Tensor(0));
        table["view"] = c => c.X.View(c.Rest(0, "size"));
        table["view_as"] = c => c.X.ViewAs(c.Tensor(0));
        table["flatten"] = c => c.X.Flatten(c.Int(0, "start_dim", 0), c.Int(1, "end_dim", -1));
        table["ravel"] = c => c.X.Ravel();
        table["unflatten"] = c => c.X.Unflatten(c.Int(0, "dim"), c.Ints(1, "sizes"));
        table["atleast_1d"] = c => c.X.Atleast1d();
        table["atleast_2d"] = c => c.X.Atleast2d();
        table["atleast_3d"] = c => c.X.Atleast3d();
        table["squeeze"] = c => c.Has(0, "dim") ? c.X.Squeeze(c.Int(0, "dim")) : c.X.Squeeze();
        table["unsqueeze"] = c => c.X.Unsqueeze(c.Int(0, "dim"));
        table["expand"] = c => c.X.Expand(c.Rest(0, "size"));
        table["expand_as"] = c => c.X.ExpandAs(c.Tensor(0));
        table["broadcast_to"] = c => c.X.BroadcastTo(c.Rest(0, "size"));
        table["broadcast_tensors"] = c => Tensor.BroadcastTensors(c.All());
    }

    private static void Order(OperatorTable table)
    {
        table["permute"] = c => c.X.Permute(c.Rest(0, "dims"));
        table["transpose"] = c => c.X.Transpose(c.Int(0, "dim0"), c.Int(1, "dim1"));
        table["t"] = c => c.X.Transpose();
        table["T"] = c => c.X.T;

        // A scalar is its own transpose in PyTorch 1.13.
        table["mT"] = c => c.X.Rank == 0 ? c.X : c.X.MT;
        table["adjoint"] = c => c.X.Rank == 0 ? c.X : c.X.MT;
        table["movedim"] = c => c.X.Movedim(c.Ints(0, "source"), c.Ints(1, "destination"));
        table["moveaxis"] = c => c.X.Moveaxis(c.Ints(0, "source"), c.Ints(1, "destination"));
        table["swapaxes"] = c => c.X.Swapaxes(c.Int(0, "axis0"), c.Int(1, "axis1"));
        table["swapdims"] = c => c.X.Swapdims(c.Int(0, "dim0"), c.Int(1, "dim1"));
        table["flip"] = c => c.X.Flip(c.Rest(0, "dims"));
        table["fliplr"] = c => c.X.Fliplr();
        table["flipud"] = c => c.X.Flipud();
        table["rot90"] = c => c.Ints(1, "dims") is [var first, var second]
            ? c.X.Rot90(c.Int(0, "k", 1), first, second)
            : c.X.Rot90(c.Int(0, "k", 1));
        table["roll"] = c => (c.Ints(0, "shifts"), c.Ints(1, "dims")) is var (shifts, dims) && dims.Length > 0
            ? c.X.Roll(shifts, dims)
            : c.X.Roll(shifts[0]);
        table["repeat"] = c => c.X.Repeat(c.Rest(0, "repeats"));
        table["tile"] = c => c.X.Tile(c.Rest(0, "dims"));
        table["repeat_interleave"] = c => c.Get(0, "repeats") is Tensor repeats
            ? c.X.RepeatInterleave(repeats, c.IntOrNull(1, "dim"))
            : c.X.RepeatInterleave(c.Int(0, "repeats"), c.IntOrNull(1, "dim"));
    }

    private static void Parts(OperatorTable table)
    {
        table["select"] = c => c.X.Select(c.Int(0, "dim"), c.Int(1, "index"));
        table["slice"] = c => c.X.Slice(
            c.Int(0, "dim", 0), c.IntOrNull(1, "start"), c.IntOrNull(2, "end"), c.Int(3, "step", 1));
        table["narrow"] = c => c.X.Narrow(c.Int(0, "dim"), c.Int(1, "start"), c.Int(2, "length"));
        table["narrow_copy"] = c => c.X.NarrowCopy(c.Int(0, "dim"), c.Int(1, "start"), c.Int(2, "length"));
        table["unfold"] = c => c.X.Unfold(c.Int(0, "dimension"), c.Int(1, "size"), c.Int(2, "step"));
        table["as_strided"] = c => c.X.AsStrided(
            c.Ints(0, "size"), Longs(c.Ints(1, "stride")), c.IntOrNull(2, "storage_offset"));

        // Not as_strided_scatter: PyTorch 1.13 gives what is overwritten a gradient, partly from memory that nobody has written.
        table["select_scatter"] = c => c.X.SelectScatter(c.Tensor(0, "src"), c.Int(1, "dim"), c.Int(2, "index"));
        table["slice_scatter"] = c => c.X.SliceScatter(
            c.Tensor(0, "src"), c.Int(1, "dim", 0), c.IntOrNull(2, "start"), c.IntOrNull(3, "end"), c.Int(4, "step", 1));
        table["cat"] = c => Tensor.Cat(c.List, c.Int(0, "dim", 0));
        table["stack"] = c => Tensor.Stack(c.List, c.Int(0, "dim", 0));
    }

    private static long[] Longs(int[] numbers) => Array.ConvertAll(numbers, number => (long)number);

    private static void Copies(OperatorTable table)
    {
        table["clone"] = c => c.X.Clone();
        table["contiguous"] = c => c.X.Contiguous();
        table["char"] = c => c.X.To(DType.Int8);
        table["short"] = c => c.X.To(DType.Int16);
        table["bool"] = c => c.X.To(DType.Bool);
        table["byte"] = c => c.X.To(DType.UInt8);
        table["int"] = c => c.X.To(DType.Int32);
        table["long"] = c => c.X.To(DType.Int64);
        table["type_as"] = c => c.X.TypeAs(c.Tensor(0));
        table["float"] = c => c.X.To(DType.Float32);
        table["double"] = c => c.X.To(DType.Float64);
        table["half"] = c => c.X.To(DType.Float16);
        table["bfloat16"] = c => c.X.To(DType.BFloat16);

        // In place, on a copy because the input is a leaf that requires grad.
        table["zero_"] = c => c.X.Clone().Zero_();
        table["fill"] = c => c.X.Clone().Fill_(c.Tensor(0, "value"));
    }
}
