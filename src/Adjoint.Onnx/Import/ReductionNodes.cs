namespace Adjoint.Onnx.Import;

/// <summary>Reductions, scans, products, orders.</summary>
internal static class ReductionNodes
{
    /// <summary>Adds the operators.</summary>
    public static void Add(NodeTable table)
    {
        Reduce(table, "ReduceSum", (x, dims, keep) => x.Sum(dims, keep));
        Reduce(table, "ReduceMean", (x, dims, keep) => x.Mean(dims, keep));
        Reduce(table, "ReduceMax", (x, dims, keep) => x.Amax(dims, keep));
        Reduce(table, "ReduceMin", (x, dims, keep) => x.Amin(dims, keep));
        Reduce(table, "ReduceProd", (x, dims, keep) => x.Prod(dims, keep));
        Reduce(table, "ReduceL1", (x, dims, keep) => x.Norm(1, dims, keep));
        Reduce(table, "ReduceL2", (x, dims, keep) => x.Norm(2, dims, keep));
        Reduce(table, "ReduceLogSumExp", (x, dims, keep) => x.LogSumExp(dims, keep));
        Reduce(table, "ReduceSumSquare", (x, dims, keep) => x.Square().Sum(dims, keep));
        table.Add("ArgMax", call => Extreme(call, call.X));
        table.Add("ArgMin", call => Extreme(call, call.X, smallest: true));
        table.Add("Softmax", call => call.X.Softmax(call.Int("axis", -1)));
        table.Add("LogSoftmax", call => call.X.LogSoftmax(call.Int("axis", -1)));
        table.Add("CumSum", call => call.Bool("exclusive") || call.Bool("reverse")
            ? throw call.Wrong("exclusive or reverse")
            : call.X.CumSum(call.Sizes(1)![0]));
        table.Add("MatMul", call => call.X.MatMul(call.Y));
        table.Add("Gemm", Gemm);
        table.Add("Einsum", call => Tensor.Einsum(call.Text("equation", string.Empty), call.All()));
        table.AddMany("TopK", call =>
        {
            var (values, positions) = call.X.TopK(call.Sizes(1)![0], call.Int("axis", -1), call.Bool("largest", true));
            return [values, positions];
        });
        table.Add("BatchNormalization", call => call.Bool("training_mode")
            ? throw call.Wrong("training_mode")
            : call.X.BatchNorm(call[3], call[4], call.Y, call[2], training: false, eps: call.Double("epsilon", 1e-5)));
        table.Add("InstanceNormalization", call => call.X.InstanceNorm(weight: call.Y, bias: call[2], eps: call.Double("epsilon", 1e-5)));
        table.Add("LayerNormalization", call =>
        {
            var axis = call.Int("axis", -1);
            var first = axis < 0 ? axis + call.X.Rank : axis;
            return first < 0 || first >= call.X.Rank
                ? throw call.Wrong("axis")
                : call.X.LayerNorm([.. call.X.Shape.AsSpan()[first..]], call.Y, call.At(2), call.Double("epsilon", 1e-5));
        });
    }

    private static void Reduce(NodeTable table, string type, Func<Tensor, int[], bool, Tensor> run) => table.Add(type, call =>
    {
        var dims = call.Dims(1);
        return dims is null or [] && call.Bool("noop_with_empty_axes") ? call.X
            : run(call.X, dims is null or [] ? [.. Enumerable.Range(0, call.X.Rank)] : dims, call.Bool("keepdims", true));
    });

    private static Tensor Extreme(NodeCall call, Tensor x, bool smallest = false)
    {
        if (call.Bool("select_last_index"))
        {
            throw call.Wrong("select_last_index");
        }

        var (axis, keep) = (call.Int("axis"), call.Bool("keepdims", true));
        return smallest ? x.Argmin(axis, keep) : x.Argmax(axis, keep);
    }

    private static Tensor Gemm(NodeCall call)
    {
        var a = call.Bool("transA") ? call.X.Transpose(0, 1) : call.X;
        var (alpha, beta) = (call.Double("alpha", 1), call.Double("beta", 1));
        if (call.Bool("transB") && alpha == 1 && beta == 1 && call.At(2) is null or { Rank: 1 })
        {
            return a.Linear(call.Y, call.At(2));
        }

        var product = a.MatMul(call.Bool("transB") ? call.Y.Transpose(0, 1) : call.Y);
        product = alpha == 1 ? product : product * alpha;
        return call.At(2) is { } c ? product + (beta == 1 ? c : c * beta) : product;
    }
}
