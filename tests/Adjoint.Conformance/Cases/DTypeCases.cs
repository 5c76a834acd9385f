using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>Calls of one operator on tensors and plain numbers of all dtypes: the result with its dtype, or the refusal's first sentence.</summary>
internal sealed class DTypeCases : ICaseKind
{
    /// <summary>What PyTorch 2 says in place of a sentence of PyTorch 1.13's (libtorch 2.10 was asked).</summary>
    private static readonly Dictionary<string, string> SaidNow = new()
    {
        ["\"argmax_cpu\" not implemented for 'Bool'"] = "argmax(): does not support bool input",
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Unary = new()
    {
        ["abs"] = x => x.Abs(),
        ["all"] = x => x.All(),
        ["amax"] = x => x.Amax(),
        ["amin"] = x => x.Amin(),
        ["any"] = x => x.Any(),
        ["argmax"] = x => x.Argmax(),
        ["exp"] = x => x.Exp(),
        ["floor"] = x => x.Floor(),
        ["mean"] = x => x.Mean(),
        ["neg"] = x => -x,
        ["norm"] = x => x.Norm(),
        ["not"] = x => ~x,
        ["reciprocal"] = x => x.Reciprocal(),
        ["relu"] = x => x.Relu(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["sign"] = x => x.Sign(),
        ["sin"] = x => x.Sin(),
        ["sqrt"] = x => x.Sqrt(),
        ["square"] = x => x.Square(),
        ["sum"] = x => x.Sum(),
        ["sumdim"] = x => x.Sum(0),
        ["tanh"] = x => x.Tanh(),
        ["var"] = x => x.Var(),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Binary = new()
    {
        ["add"] = (x, y) => x + y,
        ["add_"] = (x, y) => x.Add_(y),
        ["and"] = (x, y) => x & y,
        ["cat"] = (x, y) => Tensor.Cat([x, y]),
        ["copy_"] = (x, y) => x.Copy_(y),
        ["div"] = (x, y) => x / y,
        ["div_"] = (x, y) => x.Div_(y),
        ["eq"] = (x, y) => x == y,
        ["fill_"] = (x, y) => x.Fill_(y),
        ["ge"] = (x, y) => x >= y,
        ["gt"] = (x, y) => x > y,
        ["le"] = (x, y) => x <= y,
        ["lt"] = (x, y) => x < y,
        ["maximum"] = (x, y) => x.Maximum(y),
        ["minimum"] = (x, y) => x.Minimum(y),
        ["mul"] = (x, y) => x * y,
        ["mul_"] = (x, y) => x.Mul_(y),
        ["ne"] = (x, y) => x != y,
        ["or"] = (x, y) => x | y,
        ["pow"] = (x, y) => x.Pow(y),
        ["sub"] = (x, y) => x - y,
        ["sub_"] = (x, y) => x.Sub_(y),
        ["xor"] = (x, y) => x ^ y,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> Ternary = new()
    {
        ["clamp"] = (x, y, z) => x.Clamp(y, z),
        ["masked_fill"] = (x, y, z) => x.MaskedFill(y, z),
        ["where"] = Tensor.Where,
    };

    public string Name => "dtypes";

    public IReadOnlyList<string> Properties { get; } = ["op", "args"];

    public string Describe(JsonElement line) =>
        $"{line.GetProperty("op")} of {string.Join(" and ", line.GetProperty("args").EnumerateArray().Select(Operand))}";

    public string? Difference(JsonElement line)
    {
        var inputs = line.GetProperty("args").EnumerateArray().Select(Input).ToArray();
        var expected = line.TryGetProperty("error", out var error) ? error.GetString() : null;
        expected = expected is not null && SaidNow.TryGetValue(expected, out var now) ? now : expected;
        Tensor result;
        try
        {
            result = Run(line, inputs);
        }
        catch (Exception e) when (e is TensorException or ArgumentException)
        {
            return expected is null ? $"is refused, expected {line.GetProperty("result")}: {e.Message}"
                : e.Message.StartsWith(Sentence(expected), StringComparison.Ordinal) ? null
                : $"says {e.Message}, expected {expected}";
        }

        return expected is null ? Difference(result, line.GetProperty("result")) : $"is {result}, expected the refusal {expected}";
    }

    private static Tensor Run(JsonElement line, Tensor[] inputs)
    {
        var name = line.GetProperty("op").GetString()!;
        return inputs switch
        {
            [var x] when name == "to" => x.To(CaseValue.DTypeOf(line.GetProperty("dtype").GetString()!)),
            [var x] when Unary.TryGetValue(name, out var run) => run(x),
            [var x, var y] when Binary.TryGetValue(name, out var run) => run(x, y),
            [var x, var y, var z] when Ternary.TryGetValue(name, out var run) => run(x, y, z),
            _ => throw new MissingException($"operator {name} of {inputs.Length}"),
        };
    }

    private static Tensor Input(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Call.AsTensor(CaseValue.Read(json, []));
        }

        var shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        return CaseValue.Tensor(json.GetProperty("data"), shape, CaseValue.DTypeOf(json.GetProperty("dtype").GetString()!));
    }

    private static string Operand(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? $"{json.GetProperty("dtype")}{json.GetProperty("shape")}" : json.GetRawText();

    /// <summary>The first sentence; what follows in ours is about C#.</summary>
    private static string Sentence(string text) => text.Split(". ")[0];

    private static string? Difference(Tensor actual, JsonElement expected)
    {
        var dtype = expected.GetProperty("dtype").GetString();
        int[] shape = [.. expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        if (actual.DType.TorchName != "torch." + dtype)
        {
            return $"has dtype {actual.DType.TorchName}, expected torch.{dtype}";
        }

        return actual.Shape == shape
            ? Comparison.Elements(actual, expected.GetProperty("data"), single: (0, 2e-6), full: (0, 1e-12))
            : $"has shape {actual.Shape}, expected {(Shape)shape}";
    }
}
