namespace Adjoint.Conformance.Operators;

/// <summary>Norms.</summary>
internal static class Norms
{
    public static void Add(OperatorTable table)
    {
        table["nn.functional.layer_norm"] = c => c.X.LayerNorm(
            c.Ints(0, "normalized_shape"), c.TensorOrNull(1, "weight"), c.TensorOrNull(2, "bias"), c.Number(3, "eps", 1e-5));
        table["nn.functional.group_norm"] = c => c.X.GroupNorm(
            c.Int(0, "num_groups"), c.TensorOrNull(1, "weight"), c.TensorOrNull(2, "bias"), c.Number(3, "eps", 1e-5));
        table["nn.functional.batch_norm"] = c => c.X.BatchNorm(
            c.TensorOrNull(0, "running_mean"), c.TensorOrNull(1, "running_var"), c.TensorOrNull(2, "weight"), c.TensorOrNull(3, "bias"),
            c.Flag(4, "training"), c.Number(5, "momentum", 0.1), c.Number(6, "eps", 1e-5));
        table["nn.functional.instance_norm"] = c => c.X.InstanceNorm(
            c.TensorOrNull(0, "running_mean"), c.TensorOrNull(1, "running_var"), c.TensorOrNull(2, "weight"), c.TensorOrNull(3, "bias"),
            c.Flag(4, "use_input_stats", true), c.Number(5, "momentum", 0.1), c.Number(6, "eps", 1e-5));
        table["nn.functional.local_response_norm"] = c => c.X.LocalResponseNorm(
            c.Int(0, "size"), c.Number(1, "alpha", 1e-4), c.Number(2, "beta", 0.75), c.Number(3, "k", 1));
        table["native_layer_norm"] = c => c.X.NativeLayerNorm(
            c.Ints(0, "normalized_shape"), c.TensorOrNull(1, "weight"), c.TensorOrNull(2, "bias"), c.Number(3, "eps", 1e-5));
        table["native_batch_norm"] = c => c.X.NativeBatchNorm(
            c.TensorOrNull(0, "weight"), c.TensorOrNull(1, "bias"), c.TensorOrNull(2, "running_mean"), c.TensorOrNull(3, "running_var"),
            c.Flag(4, "training"), c.Number(5, "momentum", 0.1), c.Number(6, "eps", 1e-5));
    }
}
