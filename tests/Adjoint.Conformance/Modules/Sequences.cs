using Adjoint.Conformance.Values;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Conformance.Modules;

/// <summary>Attention, transformers and recurrent networks.</summary>
internal static class Sequences
{
    public static void Add(Dictionary<string, Func<Call, Generator, L.Module>> table)
    {
        table["MultiheadAttention"] = (c, g) => new L.MultiheadAttention(
            c.Int(0, "embed_dim"), c.Int(1, "num_heads"), c.Number(2, "dropout", 0), c.Flag(3, "bias", true), c.Flag(8, "batch_first"), DType.Float64,
            g, c.Flag(4, "add_bias_kv"), c.Flag(5, "add_zero_attn"), c.IntOrNull(6, "kdim"), c.IntOrNull(7, "vdim"));
        table["TransformerEncoderLayer"] = (c, g) => new L.TransformerEncoderLayer(
            c.Int(0, "d_model"), c.Int(1, "nhead"), c.Int(2, "dim_feedforward", 2048), c.Number(3, "dropout", 0.1),
            c.Number(5, "layer_norm_eps", 1e-5), c.Flag(6, "batch_first"), c.Flag(7, "norm_first"), DType.Float64, g, Activation(c, 4));
        table["TransformerDecoderLayer"] = (c, g) => new L.TransformerDecoderLayer(
            c.Int(0, "d_model"), c.Int(1, "nhead"), c.Int(2, "dim_feedforward", 2048), c.Number(3, "dropout", 0.1),
            c.Number(5, "layer_norm_eps", 1e-5), c.Flag(6, "batch_first"), c.Flag(7, "norm_first"), DType.Float64, g, Activation(c, 4));
        table["Transformer"] = (c, g) => new L.Transformer(
            c.Int(0, "d_model", 512), c.Int(1, "nhead", 8), c.Int(2, "num_encoder_layers", 6), c.Int(3, "num_decoder_layers", 6),
            c.Int(4, "dim_feedforward", 2048), c.Number(5, "dropout", 0.1), c.Number(9, "layer_norm_eps", 1e-5), c.Flag(10, "batch_first"),
            c.Flag(11, "norm_first"), DType.Float64, g, Activation(c, 6));
        table["RNN"] = (c, g) => new L.RNN(
            c.Int(0, "input_size"), c.Int(1, "hidden_size"), c.Int(2, "num_layers", 1), c.Text(-1, "nonlinearity") ?? "tanh",
            c.Flag(-1, "bias", true), c.Flag(-1, "batch_first"), c.Number(-1, "dropout", 0), c.Flag(-1, "bidirectional"), DType.Float64, g);
        table["GRU"] = (c, g) => new L.GRU(
            c.Int(0, "input_size"), c.Int(1, "hidden_size"), c.Int(2, "num_layers", 1), c.Flag(3, "bias", true), c.Flag(4, "batch_first"),
            c.Number(5, "dropout", 0), c.Flag(6, "bidirectional"), DType.Float64, g);
        table["LSTM"] = (c, g) => new L.LSTM(
            c.Int(0, "input_size"), c.Int(1, "hidden_size"), c.Int(2, "num_layers", 1), c.Flag(3, "bias", true), c.Flag(4, "batch_first"),
            c.Number(5, "dropout", 0), c.Flag(6, "bidirectional"), c.Int(7, "proj_size", 0), DType.Float64, g);
        table["RNNCell"] = (c, g) => new L.RNNCell(
            c.Int(0, "input_size"), c.Int(1, "hidden_size"), c.Flag(2, "bias", true), c.Text(3, "nonlinearity") ?? "tanh", DType.Float64, g);
        table["GRUCell"] = (c, g) => new L.GRUCell(c.Int(0, "input_size"), c.Int(1, "hidden_size"), c.Flag(2, "bias", true), DType.Float64, g);
        table["LSTMCell"] = (c, g) => new L.LSTMCell(c.Int(0, "input_size"), c.Int(1, "hidden_size"), c.Flag(2, "bias", true), DType.Float64, g);
    }

    /// <summary>What a module of this file gives, flat; null if the module is none.</summary>
    public static Tensor[]? Forward(L.Module module, object?[] inputs)
    {
        Tensor At(int place) => Call.AsTensor(inputs[place]);
        Tensor? Maybe(int place) => place < inputs.Length && inputs[place] is { } value ? Call.AsTensor(value) : null;
        (Tensor H, Tensor C)? Pair() => inputs.Length > 1 && Call.Several(inputs[1]) is [var h, var c] ? (Call.AsTensor(h), Call.AsTensor(c)) : null;
        return module switch
        {
            L.MultiheadAttention attention => Flat(attention.ForwardWithWeights(At(0), At(1), At(2), Maybe(3), Maybe(5))),
            L.TransformerDecoderLayer layer => [layer.Forward(At(0), At(1), Maybe(2), Maybe(3), Maybe(4), Maybe(5))],
            L.Transformer transformer => [transformer.Forward(At(0), At(1), Maybe(2), Maybe(3), Maybe(4), Maybe(5), Maybe(6), Maybe(7))],
            L.RNN rnn => Flat(rnn.Forward(At(0), Maybe(1))),
            L.GRU gru => Flat(gru.Forward(At(0), Maybe(1))),
            L.LSTM lstm => lstm.Forward(At(0), Pair()) is var (output, (h, c)) ? [output, h, c] : null,
            L.RNNCell cell => [cell.Forward(At(0), Maybe(1))],
            L.GRUCell cell => [cell.Forward(At(0), Maybe(1))],
            L.LSTMCell cell => Flat(cell.Forward(At(0), Pair())),
            _ => null,
        };
    }

    private static Tensor[] Flat((Tensor First, Tensor Second) pair) => [pair.First, pair.Second];

    private static Func<Tensor, Tensor>? Activation(Call c, int place) => c.Text(place, "activation") switch
    {
        null or "relu" => null,
        "gelu" => x => x.Gelu(),
        var other => throw new Cases.MissingException($"activation {other}"),
    };
}
