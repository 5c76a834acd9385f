namespace Adjoint.Onnx;

/// <summary>How a function is written as a model.</summary>
public sealed class OnnxOptions
{
    /// <summary>The names of the inputs; <c>x</c>, or <c>x0</c>, <c>x1</c> and so on, where null.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>The names of the results; <c>y</c>, or <c>y0</c>, <c>y1</c> and so on, where null.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>
    /// The dimension whose size may be another one when the model runs: 0 for the samples of most layers, 1 for those of recurrent layers that are
    /// not batch first; null for none. Inputs whose size there is not that of the first input keep all their sizes.
    /// </summary>
    public int? DynamicDim { get; init; } = 0;

    /// <summary>The name of that size in the model.</summary>
    public string DynamicName { get; init; } = "batch";

    /// <summary>The name of the model.</summary>
    public string Name { get; init; } = "adjoint";
}
