using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Adjoint.GradBench.Modules;

namespace Adjoint.GradBench.Checks;

/// <summary>Asks the session, compares what it answers, and counts.</summary>
public sealed class Answers
{
    private readonly HashSet<string> _asked = [];

    /// <summary>How many comparisons held.</summary>
    public int Passed { get; private set; }

    /// <summary>How many did not.</summary>
    public int Failed { get; private set; }

    /// <summary>The output of a function.</summary>
    public JsonElement Output(string module, string function, JsonNode input)
    {
        _asked.Add($"{module} {function}");
        var message = new JsonObject { ["id"] = 7, ["kind"] = "evaluate", ["module"] = module, ["function"] = function };
        message["input"] = input.DeepClone();
        var answer = Answer(message.ToJsonString());
        return answer.TryGetProperty("output", out var output)
            ? output
            : throw new InvalidOperationException($"{module} {function}: {answer.GetRawText()}");
    }

    /// <summary>The answer to a line.</summary>
    public static JsonElement Answer(string line) => JsonDocument.Parse(Encoding.UTF8.GetString(Session.Answer(line))).RootElement;

    /// <summary>Compares all numbers of an answer, GradBench's way: relative to the larger of 1 and the sum of both magnitudes.</summary>
    public void Near(JsonElement actual, double[] expected, double tolerance, string what)
    {
        var wrapped = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["all"] = actual });
        Near(wrapped.Numbers("all"), expected, tolerance, what);
    }

    /// <summary>Compares numbers.</summary>
    public void Near(double[] actual, double[] expected, double tolerance, string what)
    {
        var error = actual.Length == expected.Length ? 0.0 : double.PositiveInfinity;
        foreach (var (a, e) in actual.Zip(expected))
        {
            error = Math.Max(error, Math.Abs(a - e) / Math.Max(1, Math.Abs(a) + Math.Abs(e)));
        }

        That(error <= tolerance, $"{what}: error {error:0.0e+00}, at most {tolerance:0e+00}");
    }

    /// <summary>Prints and counts whether something holds.</summary>
    public void That(bool holds, string what)
    {
        Console.WriteLine($"{(holds ? "ok   " : "WRONG")} {what}");
        Passed += holds ? 1 : 0;
        Failed += holds ? 0 : 1;
    }

    /// <summary>A function that is never asked is a failure.</summary>
    public void AllFunctionsWereAsked()
    {
        var all = Table.Names.SelectMany(name => Table.Find(name).Functions.Keys.Select(function => $"{name} {function}"));
        var missing = all.Except(_asked).ToList();
        That(
            missing.Count == 0,
            $"every function of {Table.Names.Count()} modules was asked{string.Concat(missing.Select(name => ", not " + name))}");
    }

    /// <summary>The gradient of a function of plain numbers by central differences of fourth order.</summary>
    public static double[] Differences(Func<double[], double> function, double[] x, double step = 1e-3)
    {
        double At(int i, double shift)
        {
            var moved = (double[])x.Clone();
            moved[i] += shift;
            return function(moved);
        }

        return [.. x.Select((_, i) =>
            (At(i, -2 * step) - (8 * At(i, -step)) + (8 * At(i, step)) - At(i, 2 * step)) / (12 * step))];
    }

    /// <summary>Numbers from 0 to 1 that are the same everywhere: the fractions of multiples of the golden ratio.</summary>
    public static double[] Uniform(int count, int seed) => [.. Enumerable.Range(1, count).Select(i => ((i + seed) * 0.6180339887498949) % 1)];

    /// <summary>An array of JSON.</summary>
    public static JsonArray Json(IEnumerable<double> numbers) => new([.. numbers.Select(number => (JsonNode)number)]);

    /// <summary>An array of rows.</summary>
    public static JsonArray Json(double[] numbers, int columns) => new([.. numbers.Chunk(columns).Select(row => (JsonNode)Json(row))]);
}
