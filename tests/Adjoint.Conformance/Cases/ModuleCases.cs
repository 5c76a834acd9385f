using System.Text.Json;
using System.Text.RegularExpressions;
using Adjoint.Conformance.Modules;
using Adjoint.Conformance.Values;
using Adjoint.NN;

namespace Adjoint.Conformance.Cases;

/// <summary>
/// Modules: text, names of parameters, first draws, outputs, the gradients of sum(cotangent * output) for inputs and parameters, and buffers
/// afterwards.
/// </summary>
internal sealed partial class ModuleCases(ModuleTable table) : ICaseKind
{
    public string Name => "modules";

    public IReadOnlyList<string> Properties { get; } =
        ["module", "args", "kwargs", "seed", "train", "text", "parameters", "state", "inputs", "differentiable", "outputs", "gradients"];

    public string Describe(JsonElement line) => $"{line.GetProperty("module").GetString()} {line.GetProperty("args")} {line.GetProperty("kwargs")}";

    public string? Difference(JsonElement line)
    {
        var seed = line.GetProperty("seed").GetUInt64();
        var generator = new Generator(seed);
        var module = Make(line, generator);
        if (Described(module, line) is { } description)
        {
            return description;
        }

        if (Values("first value of", line.GetProperty("state"), State(module)) is { } draw)
        {
            return draw;
        }

        _ = module.Train(line.GetProperty("train").GetBoolean());
        var leaves = new List<Tensor>();
        var inputs = Inputs(line, leaves);
        _ = generator.ManualSeed(seed + 1);
        var outputs = table.Forward(module, inputs);
        return Outputs(outputs, line, leaves)
            ?? Values("gradient of", line.GetProperty("gradients"), module.NamedParameters().ToDictionary(p => p.Name, p => p.Value.Grad))
            ?? Values("buffer", line.GetProperty("buffers_after"), module.NamedBuffers().ToDictionary(b => b.Name, b => (Tensor?)b.Value));
    }

    private Module Make(JsonElement line, Generator generator)
    {
        List<Tensor> none = [];
        var places = (object?[])CaseValue.Read(line.GetProperty("args"), none)!;
        var names = line.GetProperty("kwargs").EnumerateObject().ToDictionary(named => named.Name, named => CaseValue.Read(named.Value, none));
        var call = new Call(null, places, names);
        var module = table.Make(line.GetProperty("module").GetString()!, call, generator);
        return call.Unread.ToArray() is { Length: > 0 } unread
            ? throw new ArgumentException($"{string.Join(", ", unread)}: the runner knows no such option of this module")
            : module;
    }

    private static string? Described(Module module, JsonElement line)
    {
        var text = Pointed().Replace(line.GetProperty("text").GetString()!, "$1.0");
        text = Listed().Replace(
            text, size => size.Value.Contains(',', StringComparison.Ordinal) ? $"(size=({size.Groups[1]})" : $"(size={size.Groups[1]}");
        if (Pointed().Replace(module.ToString(), "$1.0") != text)
        {
            return $"has the text\n{module}\nexpected\n{text}";
        }

        var names = module.NamedParameters().Select(parameter => parameter.Name).ToArray();
        var expected = line.GetProperty("parameters").EnumerateArray().Select(name => name.GetString()!).ToArray();
        return names.SequenceEqual(expected) ? null : $"has parameters {string.Join(", ", names)}; expected {string.Join(", ", expected)}";
    }

    private static Dictionary<string, Tensor?> State(Module module) =>
        module.NamedParameters().Concat(module.NamedBuffers()).ToDictionary(item => item.Name, item => (Tensor?)item.Value);

    /// <summary>The inputs; a leaf for each differentiable tensor, also inside of a tuple.</summary>
    private static object?[] Inputs(JsonElement line, List<Tensor> leaves)
    {
        var inputs = (object?[])CaseValue.Read(line.GetProperty("inputs"), [])!;
        foreach (var place in line.GetProperty("differentiable").EnumerateArray().Select(place => place.GetInt32()))
        {
            foreach (var tensor in (Call.Several(inputs[place]) ?? [inputs[place]]).OfType<Tensor>().Where(tensor => tensor.DType.IsFloatingPoint))
            {
                tensor.RequiresGrad = true;
                leaves.Add(tensor);
            }
        }

        return inputs;
    }

    private static string? Outputs(Tensor[] outputs, JsonElement line, List<Tensor> leaves)
    {
        var (expected, cotangents) = (line.GetProperty("outputs"), line.GetProperty("cotangents"));
        if (outputs.Length != expected.GetArrayLength())
        {
            return $"{outputs.Length} outputs, expected {expected.GetArrayLength()}";
        }

        List<Tensor> roots = [];
        List<Tensor> seeds = [];
        for (var i = 0; i < outputs.Length; i++)
        {
            if (Comparison.Difference(outputs[i], expected[i]) is { } difference)
            {
                return $"output {i} {difference}";
            }

            if (outputs[i].RequiresGrad && cotangents[i].ValueKind != JsonValueKind.Null)
            {
                roots.Add(outputs[i]);
                seeds.Add(CaseValue.Tensor(cotangents[i]));
            }
        }

        if (roots.Count > 0)
        {
            Autograd.Backward(roots, seeds);
        }

        var gradients = line.GetProperty("input_gradients");
        if (leaves.Count != gradients.GetArrayLength())
        {
            return $"{leaves.Count} inputs require grad, but {gradients.GetArrayLength()} gradients are given";
        }

        for (var i = 0; i < leaves.Count; i++)
        {
            if (Value($"gradient of input {i}", leaves[i].Grad, gradients[i]) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>Compares tensors by name; those that are expected have to be all.</summary>
    private static string? Values(string what, JsonElement expected, Dictionary<string, Tensor?> actual)
    {
        if (expected.GetArrayLength() != actual.Count)
        {
            return $"{what} {string.Join(", ", actual.Keys)} are there, but {expected.GetArrayLength()} are expected";
        }

        foreach (var pair in expected.EnumerateArray())
        {
            var name = pair[0].GetString()!;
            if (!actual.TryGetValue(name, out var value))
            {
                return $"{what} {name} is missing";
            }

            if (Value($"{what} {name}", value, pair[1]) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? Value(string what, Tensor? actual, JsonElement expected)
    {
        var difference = (actual, expected.ValueKind) switch
        {
            (null, JsonValueKind.Null) => null,
            (null, _) => "is null",
            (_, JsonValueKind.Null) => "is not null",
            ({ } value, _) => Comparison.Difference(value, expected),
        };
        return difference is null ? null : $"{what} {difference}";
    }

    /// <summary>Settings that are numbers with a point in PyTorch 2, where its text of 1.13 repeats what was given.</summary>
    [GeneratedRegex(@"((?:beta|threshold)=-?\d+)(?![\d.])")]
    private static partial Regex Pointed();

    /// <summary>A size that was given as a list, which C# does not tell from a tuple or from one number.</summary>
    [GeneratedRegex(@"\(size=\[([\d, ]+)\]")]
    private static partial Regex Listed();
}
