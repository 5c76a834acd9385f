using Adjoint.Conformance.Values;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Conformance.Modules;

/// <summary>Attention, transformers and recurrent networks.</summary>
internal static class Sequences
{
    public static void Add(Dictionary<string, Func<Call, Generator, L.Module>> table)
    {
        table["TransformerEncoderLayer"] = (c, g) => new L.TransformerEncoderLayer(
            c.Int(0, "d_model"), c.Int(1, "nhead"), c.Int(2, "dim_feedforward", 2048), c.Number(3, "dropout", 0.1),
            batchFirst: c.Flag(6, "batch_first"), normFirst: c.Flag(7, "norm_first"), dtype: DType.Float64, generator: g);
    }

    /// <summary>What a module of this file gives; null if the module is none.</summary>
    public static Tensor[]? Forward(L.Module module, object?[] inputs) => null;
}
