namespace Adjoint.Onnx.Import;

/// <summary>Elements at positions.</summary>
internal static class IndexingNodes
{
    /// <summary>Adds the operators.</summary>
    public static void Add(NodeTable table)
    {
        table.Add("Gather", call =>
        {
            var axis = call.Int("axis");
            var dim = axis < 0 ? axis + call.X.Rank : axis;
            if (dim < 0 || dim >= call.X.Rank)
            {
                throw call.Wrong("axis");
            }

            var positions = Counted(call.Y, call.X.Shape[dim]);
            var picked = call.X.IndexSelect(dim, positions.Reshape(-1));
            return picked.Reshape([.. call.X.Shape.AsSpan()[..dim], .. positions.Shape, .. call.X.Shape.AsSpan()[(dim + 1)..]]);
        });
        table.Add("GatherElements", call =>
        {
            var axis = call.Int("axis");
            return call.X.Gather(axis, Counted(call.Y, call.X.Shape[axis]));
        });
        table.Add("GatherND", call =>
        {
            var depth = call.Y.Shape[^1];
            return call.Int("batch_dims") != 0 || depth == 0
                ? throw call.Wrong("batch_dims")
                : call.X[Array.ConvertAll(Parts(call.Y, call.X.Shape), part => (TensorIndex)part)];
        });
        table.Add("ScatterElements", call =>
        {
            var (axis, reduction) = (call.Int("axis"), call.Text("reduction", "none"));
            var positions = Counted(call.Y, call.X.Shape[axis]);
            return reduction switch
            {
                "none" => call.X.Scatter(axis, positions, call[2]),
                "add" => call.X.ScatterAdd(axis, positions, call[2]),
                "mul" => call.X.ScatterReduce(axis, positions, call[2], ScatterReduction.Prod),
                "max" => call.X.ScatterReduce(axis, positions, call[2], ScatterReduction.Amax),
                "min" => call.X.ScatterReduce(axis, positions, call[2], ScatterReduction.Amin),
                _ => throw call.Wrong("reduction"),
            };
        });
        table.Add("ScatterND", call => call.X.IndexPut(
            Parts(call.Y, call.X.Shape),
            call[2],
            call.Text("reduction", "none") switch { "none" => false, "add" => true, _ => throw call.Wrong("reduction") }));
        table.Add("OneHot", call =>
        {
            var (depth, values) = (call.Sizes(1)![0], call[2]);
            var axis = call.Int("axis", -1);
            var classes = Counted(call.X, depth).Unsqueeze(axis);
            var numbers = new int[classes.Rank];
            Array.Fill(numbers, 1);
            numbers[axis < 0 ? axis + numbers.Length : axis] = depth;
            return Tensor.Where(classes.Eq(Tensor.Arange(depth).Reshape(numbers)), values[1], values[0]);
        });
    }

    /// <summary>Positions, which may count from the end, from the start.</summary>
    private static Tensor Counted(Tensor positions, int size)
    {
        var wide = positions.To(DType.Int64);
        return Tensor.Where(wide.Lt(0), wide + size, wide);
    }

    private static Tensor[] Parts(Tensor positions, Shape shape) =>
        [.. Enumerable.Range(0, positions.Shape[^1]).Select(d => Counted(positions.Select(-1, d), shape[d]))];
}
