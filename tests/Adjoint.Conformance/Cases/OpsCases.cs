using System.Text.Json;
using Adjoint.Conformance.Operators;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>Calls of operators: their outputs, and the gradients of sum(cotangent * output) for the inputs that require grad.</summary>
internal sealed class OpsCases(OperatorTable table) : ICaseKind
{
    public string Name => "ops";

    public IReadOnlyList<string> Properties { get; } = ["op", "input", "args", "kwargs", "outputs"];

    public string Describe(JsonElement line) => line.GetProperty("op").GetString()!;

    public string? Difference(JsonElement line)
    {
        var run = table.Find(line.GetProperty("op").GetString()!);
        var leaves = new List<Tensor>();
        var input = CaseValue.Read(line.GetProperty("input"), leaves);
        var places = (object?[])CaseValue.Read(line.GetProperty("args"), leaves)!;
        var names = line.GetProperty("kwargs").EnumerateObject()
            .ToDictionary(named => named.Name, named => CaseValue.Read(named.Value, leaves));
        var call = new Call(input, places, names)
        {
            OutputRanks =
            [
                .. line.GetProperty("outputs").EnumerateArray().Select(output =>
                    output.ValueKind == JsonValueKind.Object && output.TryGetProperty("shape", out var shape) ? shape.GetArrayLength() : 0),
            ],
        };
        var outputs = run(call).Items;
        if (call.Unread.ToArray() is { Length: > 0 } unread)
        {
            return $"{string.Join(", ", unread)}: the runner knows no such option of this operator";
        }

        return Outputs(outputs, line.GetProperty("outputs")) ?? (line.TryGetProperty("gradients", out var gradients)
            ? Gradients(outputs, line.GetProperty("cotangents"), leaves, gradients, line.GetProperty("op").GetString() == "linalg.det:singular")
            : null);
    }

    private static string? Outputs(IReadOnlyList<object> outputs, JsonElement expected)
    {
        if (outputs.Count != expected.GetArrayLength())
        {
            return $"{outputs.Count} outputs, expected {expected.GetArrayLength()}";
        }

        for (var i = 0; i < outputs.Count; i++)
        {
            if (Comparison.Difference(outputs[i], expected[i]) is { } difference)
            {
                return $"output {i} {difference}";
            }
        }

        return null;
    }

    private static string? Gradients(
        IReadOnlyList<object> outputs, JsonElement cotangents, List<Tensor> leaves, JsonElement expected, bool isDeterminant)
    {
        List<Tensor> roots = [];
        List<Tensor> seeds = [];
        for (var i = 0; i < outputs.Count; i++)
        {
            // An output that depends on no input gives no gradient; if PyTorch has one, it is missed below.
            if (cotangents[i].ValueKind != JsonValueKind.Null && outputs[i] is Tensor { RequiresGrad: true } root)
            {
                roots.Add(root);
                seeds.Add(CaseValue.Tensor(cotangents[i]));
            }
        }

        if (roots.Count > 0)
        {
            Autograd.Backward(roots, seeds);
        }

        if (leaves.Count != expected.GetArrayLength())
        {
            return $"{leaves.Count} inputs require grad, but {expected.GetArrayLength()} gradients are given";
        }

        for (var i = 0; i < leaves.Count; i++)
        {
            var difference = (leaves[i].Grad, expected[i].ValueKind) switch
            {
                (null, JsonValueKind.Null) => null,
                (null, _) => "is null",
                (_, JsonValueKind.Null) => "is not null, as for an unused input",
                ({ } gradient, _) when isDeterminant => Minors.Difference(leaves[i], CaseValue.Tensor(cotangents[0]), gradient, expected[i]),
                ({ } gradient, _) => Comparison.Difference(gradient, expected[i]),
            };
            if (difference is not null)
            {
                return $"gradient {i} {difference}";
            }
        }

        return null;
    }
}
