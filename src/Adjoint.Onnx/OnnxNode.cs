namespace Adjoint.Onnx;

/// <summary>An operator of a model on values that have names.</summary>
/// <param name="OpType">The operator's name in ONNX, such as <c>Gemm</c>.</param>
/// <param name="Inputs">The names of what it reads; empty for an input that is left out.</param>
/// <param name="Outputs">The names of what it gives; empty for a result that nobody wants.</param>
/// <param name="Attributes">
/// Its parameters by name: <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, <see cref="Tensor"/>, or an array of <see cref="long"/>,
/// <see cref="float"/> or <see cref="string"/>.
/// </param>
public sealed record OnnxNode(
    string OpType, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object> Attributes)
{
    /// <summary>How the name of an Identity begins through which no gradient flows.</summary>
    internal const string DetachName = "Detach_";

    /// <summary>The node's own name; empty for most.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The node in words, such as <c>y = Relu(x)</c>.</summary>
    public override string ToString() => $"{string.Join(", ", Outputs)} = {OpType}({string.Join(", ", Inputs)})";
}
