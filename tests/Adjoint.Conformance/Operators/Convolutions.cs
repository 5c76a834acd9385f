using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Convolutions and their transposes.</summary>
internal static class Convolutions
{
    public static void Add(OperatorTable table)
    {
        table["nn.functional.conv1d"] = c => c.X.Conv1d(
            c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"), c.Ints(2, "stride"), Padding(c), c.Ints(4, "dilation"), c.Int(5, "groups", 1));
        table["nn.functional.conv2d"] = c => c.X.Conv2d(
            c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"), c.Ints(2, "stride"), Padding(c), c.Ints(4, "dilation"), c.Int(5, "groups", 1));
        table["nn.functional.conv3d"] = c => c.X.Conv3d(
            c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"), c.Ints(2, "stride"), Padding(c), c.Ints(4, "dilation"), c.Int(5, "groups", 1));
        table["nn.functional.conv_transpose1d"] = c => c.X.ConvTranspose1d(
            c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"), c.Ints(2, "stride"), c.Ints(3, "padding"), c.Ints(4, "output_padding"),
            c.Int(5, "groups", 1), c.Ints(6, "dilation"));
        table["nn.functional.conv_transpose2d"] = c => c.X.ConvTranspose2d(
            c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"), c.Ints(2, "stride"), c.Ints(3, "padding"), c.Ints(4, "output_padding"),
            c.Int(5, "groups", 1), c.Ints(6, "dilation"));
        table["nn.functional.conv_transpose3d"] = c => c.X.ConvTranspose3d(
            c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"), c.Ints(2, "stride"), c.Ints(3, "padding"), c.Ints(4, "output_padding"),
            c.Int(5, "groups", 1), c.Ints(6, "dilation"));
    }

    private static ConvPadding Padding(Call c) => c.Get(3, "padding") is string word ? word : c.Ints(3, "padding");
}
