using System.Globalization;

namespace Adjoint.Onnx;

/// <summary>A size of an input or a result: a number, or a name for one that is known when the model runs.</summary>
/// <param name="Size">The number; null where it is not known.</param>
/// <param name="Name">The name; null or empty for none.</param>
public readonly record struct OnnxSize(int? Size, string? Name = null)
{
    /// <summary>The number or the name; a question mark for neither.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? (Name is { Length: > 0 } ? Name : "?");
}

/// <summary>An input or a result of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its dtype; null where the model does not say.</param>
/// <param name="Sizes">Its sizes; null where the model does not even say how many.</param>
public sealed record OnnxValue(string Name, DType? DType, IReadOnlyList<OnnxSize>? Sizes)
{
    /// <summary>The value in words, such as <c>x: float32[batch, 3]</c>.</summary>
    public override string ToString() =>
        $"{Name}: {DType?.TorchName["torch.".Length..] ?? "?"}{(Sizes is null ? string.Empty : $"[{string.Join(", ", Sizes)}]")}";
}
