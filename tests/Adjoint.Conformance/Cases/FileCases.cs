using System.Collections;
using System.Globalization;
using System.Text.Json;
using Adjoint.Conformance.Values;
using Adjoint.NN;

namespace Adjoint.Conformance.Cases;

/// <summary>
/// A folder of files that PyTorch, NumPy and safetensors wrote: <c>expected.json</c> says what is in them, and what begins with <c>refuse-</c> must
/// be
/// refused with one sentence. What is read is written again and read once more.
/// </summary>
internal static partial class FileCases
{
    /// <summary>Prints a line for each file that fails, and the counts last.</summary>
    /// <returns>How many failed.</returns>
    public static int Run(string folder, TextWriter report)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        var (passed, failed) = (0, 0);
        foreach (var path in Directory.GetFiles(folder).Order(StringComparer.Ordinal).Where(path => Extension(path) is not null))
        {
            var name = Path.GetFileName(path);
            var difference = name.StartsWith("refuse-", StringComparison.Ordinal) ? Refusal(path)
                : expected.RootElement.TryGetProperty(name, out var contents) ? Content(path, contents)
                : Reading(path);
            if (difference is null)
            {
                passed++;
            }
            else
            {
                failed++;
                report.WriteLine($"FAILED {name}: {difference}");
            }
        }

        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"files: {passed} passed, {failed} failed"));
        return failed;
    }

    private static string? Extension(string path) =>
        Path.GetExtension(path) is ".pt" or ".npy" or ".npz" or ".safetensors" ? Path.GetExtension(path) : null;

    private static object? Load(string path) => Extension(path) switch
    {
        ".npy" => Npy.Load(path),
        ".npz" => Npz.Load(path),
        ".safetensors" => SafeTensors.Load(path),
        _ => TorchFile.Load(path),
    };

    private static string? Refusal(string path)
    {
        try
        {
            return $"was read as {Load(path)?.GetType().Name ?? "null"}";
        }
        catch (TensorFileException refusal)
        {
            return refusal.Message.Length > 20 ? null : $"says only '{refusal.Message}'";
        }
        catch (Exception other)
        {
            return $"threw {other.GetType().Name}: {other.Message}";
        }
    }

    private static string? Reading(string path)
    {
        try
        {
            _ = Load(path);
            return null;
        }
        catch (Exception fault)
        {
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }

    private static string? Content(string path, JsonElement expected)
    {
        try
        {
            var value = Load(path);
            return Difference(value, expected, string.Empty) ?? Again(path, value, expected);
        }
        catch (Exception fault)
        {
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }

    /// <summary>What was read, written and read.</summary>
    private static string? Again(string path, object? value, JsonElement expected)
    {
        var copy = Path.Combine(Path.GetTempPath(), $"adjoint-{Guid.NewGuid():N}{Extension(path)}");
        try
        {
            switch (value)
            {
                case Tensor x when Extension(path) == ".npy":
                    Npy.Save(copy, x);
                    break;
                case OrderedDictionary<string, Tensor> tensors when Extension(path) == ".npz":
                    Npz.Save(copy, tensors, compressed: true);
                    break;
                case OrderedDictionary<string, Tensor> tensors:
                    SafeTensors.Save(copy, tensors);
                    break;
                default:
                    TorchFile.Save(copy, value);
                    break;
            }

            return Difference(Load(copy), expected, string.Empty) is { } difference ? $"written and read again: {difference}" : null;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string? Difference(object? actual, JsonElement expected, string place)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object when expected.TryGetProperty("dtype", out var dtype) && expected.TryGetProperty("data", out var data):
                return actual is Tensor x ? Difference(x, dtype.GetString()!, expected.GetProperty("shape"), data, place) : $"{place} is no tensor";
            case JsonValueKind.Object when expected.TryGetProperty("exp_avg", out _):
                return OfAdam(actual, expected);
            case JsonValueKind.Object when expected.TryGetProperty("text", out _) && expected.TryGetProperty("model", out var model):
                return TryGet(actual, "model", out var state) && TryGet(actual, "optimizer", out var optimizer)
                    ? Difference(state, model, "model") ?? Difference(optimizer, expected.GetProperty("optimizer"), "optimizer")
                        ?? OfModel(state, expected)
                    : "model or optimizer is missing";
            case JsonValueKind.Object:
                foreach (var pair in expected.EnumerateObject())
                {
                    if (!TryGet(actual, pair.Name, out var inner))
                    {
                        return $"{place}.{pair.Name} is missing: {actual?.GetType().Name ?? "null"}";
                    }

                    if (Difference(inner, pair.Value, $"{place}.{pair.Name}") is { } difference)
                    {
                        return difference;
                    }
                }

                return actual is ICollection all && all.Count != expected.EnumerateObject().Count() ? $"{place} has {all.Count} entries" : null;
            case JsonValueKind.Array when actual is OrderedDictionary<string, Tensor> named:
                return named.Keys.SequenceEqual(expected.EnumerateArray().Select(item => item.GetString())) ? null : $"{place} has other names";
            case JsonValueKind.Array:
                if (actual is not IList list || list.Count != expected.GetArrayLength())
                {
                    return $"{place} is no list of {expected.GetArrayLength()}";
                }

                return expected.EnumerateArray().Select((item, i) => Difference(list[i], item, $"{place}[{i}]")).FirstOrDefault(d => d is not null);
            case JsonValueKind.Number:
                return Convert.ToDouble(actual, CultureInfo.InvariantCulture).Equals(expected.GetDouble()) ? null : $"{place} is {actual}";
            case JsonValueKind.String:
                return expected.GetString() == actual as string ? null : $"{place} is {actual}";
            case JsonValueKind.Null:
                return actual is null ? null : $"{place} is {actual}";
            default:
                return actual is bool truth && truth == expected.GetBoolean() ? null : $"{place} is {actual}";
        }
    }

    /// <summary>What is expected of an optimiser's state is the last step, the rate, and the averages in the order of the parameters.</summary>
    private static string? OfAdam(object? actual, JsonElement expected)
    {
        if (!TryGet(actual, "state", out var state) || !TryGet(actual, "param_groups", out var groups)
            || !TryGet(state, "0", out var first) || !TryGet(first, "step", out var step) || !TryGet(((IList)groups!)[0], "lr", out var lr))
        {
            return "the optimizer has another form";
        }

        if (((Tensor)step!).Item() != expected.GetProperty("step").GetDouble() || !lr!.Equals(expected.GetProperty("lr").GetDouble()))
        {
            return $"optimizer: step is {step}, lr {lr}";
        }

        foreach (var name in new[] { "exp_avg", "exp_avg_sq" })
        {
            var place = 0;
            foreach (var average in expected.GetProperty(name).EnumerateArray())
            {
                if (!TryGet(state, place.ToString(CultureInfo.InvariantCulture), out var own) || !TryGet(own, name, out var value))
                {
                    return $"optimizer: {name} {place} is missing";
                }

                if (Difference(value, average, $"optimizer {name} {place}") is { } difference)
                {
                    return difference;
                }

                place++;
            }
        }

        return null;
    }

    /// <summary>The model that the text describes, with the weights of the file, gives PyTorch's outputs.</summary>
    private static string? OfModel(object? state, JsonElement expected)
    {
        var text = expected.GetProperty("text").GetString()!;
        var model = new Sequential([.. text.Split('\n')[1..^1].Select(Layer)]);
        if (model.ToString() != text)
        {
            return $"the model prints as {model}";
        }

        model.LoadStateDict(((OrderedDictionary<object, object?>)state!).Select(pair =>
            new KeyValuePair<string, Tensor>((string)pair.Key, (Tensor)pair.Value!)));
        var y = model.Eval().Forward(Given("x"));
        return y.AllClose(Given("y"), 1e-5, 1e-6) ? null : "the model gives other outputs";

        Tensor Given(string name)
        {
            var tensor = expected.GetProperty(name);
            return CaseValue.Tensor(
                tensor.GetProperty("data"),
                [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
                CaseValue.DTypeOf(tensor.GetProperty("dtype").GetString()!));
        }
    }

    private static Layer Layer(string line)
    {
        var settings = Setting().Matches(line).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        int Number(string name) => int.Parse(settings[name], CultureInfo.InvariantCulture);
        return line[(line.IndexOf(':') + 2)..line.IndexOf('(', line.IndexOf(':'))] switch
        {
            "Linear" => new NN.Linear(Number("in_features"), Number("out_features"), settings["bias"] == "True"),
            "BatchNorm1d" => new NN.BatchNorm1d(int.Parse(Features().Match(line).Groups[1].Value, CultureInfo.InvariantCulture)),
            "LayerNorm" => new NN.LayerNorm(int.Parse(Features().Match(line).Groups[1].Value, CultureInfo.InvariantCulture)),
            "ReLU" => new ReLU(),
            "Tanh" => new NN.Tanh(),
            "Sigmoid" => new NN.Sigmoid(),
            "GELU" => new NN.GELU(),
            var other => throw new MissingException($"module {other}"),
        };
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"(\w+)=([\w.]+)")]
    private static partial System.Text.RegularExpressions.Regex Setting();

    [System.Text.RegularExpressions.GeneratedRegex(@"Norm\w*\(\(?(\d+)")]
    private static partial System.Text.RegularExpressions.Regex Features();

    private static bool TryGet(object? container, string name, out object? value)
    {
        value = null;
        switch (container)
        {
            case OrderedDictionary<string, Tensor> tensors:
                var found = tensors.TryGetValue(name, out var tensor);
                value = tensor;
                return found;
            case OrderedDictionary<object, object?> objects:
                return objects.TryGetValue(name, out value)
                    || (long.TryParse(name, CultureInfo.InvariantCulture, out var number) && objects.TryGetValue(number, out value));
            default:
                return false;
        }
    }

    private static bool SameBits(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    private static string? Difference(Tensor x, string dtype, JsonElement shape, JsonElement data, string place)
    {
        if (x.DType.TorchName != "torch." + dtype || !x.Shape.Equals(Shape.Create([.. shape.EnumerateArray().Select(size => size.GetInt32())])))
        {
            return $"{place} is {x.DType} {x.Shape}";
        }

        var own = x.Detach();
        if (x.DType.IsFloatingPoint)
        {
            return own.ToArray<double>().Zip(data.EnumerateArray().Select(CaseValue.Real)).All(pair => SameBits(pair.First, pair.Second))
                ? null
                : $"{place} has other numbers";
        }

        return own.ToArray<long>().Zip(data.EnumerateArray(), (a, b) => a == (b.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => b.GetInt64(),
        })).All(same => same) ? null : $"{place} has other numbers";
    }
}
