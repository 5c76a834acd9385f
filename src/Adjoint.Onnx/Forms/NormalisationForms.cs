using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Normalisations that ONNX has an operator for; in training, and of groups, they are written down as what they are made of.</summary>
internal static class NormalisationForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.Add("BatchNorm", call =>
        {
            if (call.Bool("isTraining") || !call.X.Sizes[1].IsFixed)
            {
                return null;
            }

            var channels = call.X.Sizes[1].Fixed;
            return call.Emit(
                "BatchNormalization",
                [
                    call.In(0),
                    call.Place(1) < 0 ? call.To.Filled(1, [channels], call.Y.DType) : call.InAt(1),
                    call.Place(2) < 0 ? call.To.Filled(0, [channels], call.Y.DType) : call.InAt(2),
                    call.InAt(3),
                    call.InAt(4),
                ],
                ("epsilon", (float)call.Double("eps")));
        });
        table.Add("LayerNorm", call =>
        {
            var dims = call.Int("dims");
            int[] sizes = [.. call.X.Sizes[^dims..].Select(size => size.Fixed)];
            return call.Emit(
                "LayerNormalization",
                [call.In(0), call.Place(1) < 0 ? call.To.Filled(1, sizes, call.Y.DType) : call.InAt(1), call.InAt(2)],
                ("axis", (long)-dims),
                ("epsilon", (float)call.Double("eps")));
        });
    }
}
