namespace Adjoint.Onnx.Export;

/// <summary>A value of the function while it is written down as a model.</summary>
/// <param name="Name">Its name in the model; null for a constant that nothing has read yet.</param>
/// <param name="DType">Its dtype.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Constant">The tensor that it is in every run; null if there is none.</param>
internal sealed record Value(string? Name, DType DType, Extent[] Sizes, Tensor? Constant = null)
{
    /// <summary>How many dimensions it has.</summary>
    public int Rank => Sizes.Length;
}
