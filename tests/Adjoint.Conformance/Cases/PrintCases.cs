using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>Tensors and the text that PyTorch prints for them.</summary>
internal sealed class PrintCases : ICaseKind
{
    public string Name => "print";

    public IReadOnlyList<string> Properties { get; } = ["dtype", "shape", "data", "text"];

    public string Describe(JsonElement line) => $"{line.GetProperty("dtype")} of shape {line.GetProperty("shape")}";

    public string? Difference(JsonElement line)
    {
        var shape = line.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        var tensor = CaseValue.Tensor(line.GetProperty("data"), shape, CaseValue.DTypeOf(line.GetProperty("dtype").GetString()!));
        if (line.TryGetProperty("requires_grad", out var requires) && requires.GetBoolean())
        {
            tensor.RequiresGrad = true;
        }

        var (actual, expected) = (tensor.ToString(), line.GetProperty("text").GetString()!);
        if (actual == expected)
        {
            return null;
        }

        var same = actual.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"the text differs from character {same} on: {Excerpt(actual, same)}, expected {Excerpt(expected, same)}";
    }

    private static string Excerpt(string text, int start) =>
        JsonSerializer.Serialize(text.Substring(start, Math.Min(40, text.Length - start)));
}
