using System.Text.Json;
using Adjoint.Conformance.Operators;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>The dtypes of results: which one an operator gives for each pair of dtypes, 0-d tensors and plain numbers included.</summary>
internal sealed class PromotionCases(OperatorTable table) : ICaseKind
{
    /// <summary>What PyTorch 1.13 refuses of halves on a CPU and PyTorch 2 computes: in float32, rounded.</summary>
    private static readonly HashSet<string> ComputedNow = ["atan2", "cumsum", "exp", "floor", "prod", "relu", "sigmoid", "sin", "sqrt"];

    public string Name => "promotion";

    public IReadOnlyList<string> Properties { get; } = ["op", "left", "kind", "result"];

    public string Describe(JsonElement line) =>
        $"{line.GetProperty("op")} of {line.GetProperty("left")}"
        + (line.TryGetProperty("right", out var right) ? $" and {right} ({line.GetProperty("kind")})" : string.Empty);

    public string? Difference(JsonElement line)
    {
        var name = line.GetProperty("op").GetString()!;
        var expected = line.GetProperty("result").GetString()!;
        if (expected == "error" && ComputedNow.Contains(name))
        {
            expected = IsOfHalves(line) ? "float16" : line.GetProperty("left").GetString() == "bfloat16" ? "bfloat16" : expected;
        }

        var run = table.Find(name);
        object left = Ones(line.GetProperty("left").GetString()!, [2]);
        object?[] right = line.TryGetProperty("right", out var dtype) ? [Right(line, dtype.GetString()!)] : [];
        object?[] places = name switch
        {
            "where" => [Tensor.Ones([2], DType.Bool), .. right],
            "cumsum" or "cumprod" => [0L],
            _ => right,
        };

        try
        {
            var result = ((Tensor)run(new Call(left, places, new Dictionary<string, object?>())).Items[0]).DType.TorchName;
            return result == "torch." + expected ? null : $"gives {result}, expected {expected}";
        }
        catch (TensorException e)
        {
            return expected == "error" ? null : $"is refused, expected {expected}: {e.Message}";
        }
    }

    private static bool IsOfHalves(JsonElement line) => line.GetProperty("left").GetString() == "float16"
        || (line.TryGetProperty("right", out var right) && right.GetString() == "float16");

    private static object Right(JsonElement line, string right) => line.GetProperty("kind").GetString() switch
    {
        "tensors" => Ones(right, [2]),
        "right is 0-d" => Ones(right, []),
        "right is a number" => right switch
        {
            "bool" => true,
            "int" => 1L,
            "float" or "double" => 1.0,
            _ => throw new MissingException($"dtype {right}"),
        },
        var kind => throw new FormatException($"'{kind}' is no kind of promotion"),
    };

    private static Tensor Ones(string dtype, int[] shape) => Tensor.Ones(shape, CaseValue.DTypeOf(dtype));
}
