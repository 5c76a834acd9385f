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
        table["reshape_as"] = c => c.X.Reshape(c.Tensor(0).Shape.AsSpan());
        table["view"] = c => c.X.View(c.Rest(0, "size"));
        table["view_as"] = c => c.X.View(c.Tensor(0).Shape.AsSpan());
        table["flatten"] = c => c.X.Flatten(c.Int(0, "start_dim", 0), c.Int(1, "end_dim", -1));
        table["ravel"] = c => c.X.Flatten();
        table["squeeze"] = c => c.Has(0, "dim") ? c.X.Squeeze(c.Int(0, "dim")) : c.X.Squeeze();
        table["unsqueeze"] = c => c.X.Unsqueeze(c.Int(0, "dim"));
        table["expand"] = c => c.X.Expand(c.Rest(0, "size"));
        table["expand_as"] = c => c.X.ExpandAs(c.Tensor(0));
        table["broadcast_to"] = c => c.X.Expand(c.Rest(0, "size"));
    }

    private static void Order(OperatorTable table)
    {
        table["permute"] = c => c.X.Permute(c.Rest(0, "dims"));
        table["transpose"] = c => c.X.Transpose(c.Int(0, "dim0"), c.Int(1, "dim1"));
        table["t"] = c => c.X.Transpose();
        table["T"] = c => c.X.T;

        // A scalar is its own transpose in PyTorch 1.13.
        table["mT"] = c => c.X.Rank == 0 ? c.X : c.X.Transpose(-2, -1);
        table["movedim"] = c => c.X.Movedim(c.Ints(0, "source"), c.Ints(1, "destination"));
    }

    private static void Parts(OperatorTable table)
    {
        table["select"] = c => c.X.Select(c.Int(0, "dim"), c.Int(1, "index"));
        table["slice"] = c => c.X.Slice(
            c.Int(0, "dim", 0), c.IntOrNull(1, "start"), c.IntOrNull(2, "end"), c.Int(3, "step", 1));
        table["narrow"] = c => c.X.Narrow(c.Int(0, "dim"), c.Int(1, "start"), c.Int(2, "length"));
        table["cat"] = c => Tensor.Cat(c.List, c.Int(0, "dim", 0));
        table["stack"] = c => Tensor.Stack(c.List, c.Int(0, "dim", 0));
    }

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
        table["float"] = c => c.X.To(DType.Float32);
        table["double"] = c => c.X.To(DType.Float64);
        table["half"] = c => c.X.To(DType.Float16);
        table["bfloat16"] = c => c.X.To(DType.BFloat16);

        // In place, on a copy because the input is a leaf that requires grad.
        table["zero_"] = c => c.X.Clone().Zero_();
        table["fill"] = c => c.X.Clone().Fill_(c.Tensor(0, "value"));
    }
}
