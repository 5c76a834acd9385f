using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>Programs of random draws after <c>manual_seed</c>, in order, so that the state which each draw consumes counts.</summary>
internal sealed class RandomCases : ICaseKind
{
    private static readonly Dictionary<string, Func<JsonElement, Generator, Tensor>> Calls = new()
    {
        ["bernoulli"] = (draw, g) => Empty(draw).Bernoulli_(Number(draw, "p"), g),
        ["exponential"] = (draw, g) => Empty(draw).Exponential_(Number(draw, "rate"), g),
        ["normal"] = (draw, g) => Empty(draw).Normal_(Number(draw, "mean"), Number(draw, "std"), g),
        ["rand"] = (draw, g) => Tensor.Rand(Ints(draw, "shape"), DTypeOf(draw), g),
        ["randint"] = (draw, g) => Tensor.Randint(
            (long)Number(draw, "low"), (long)Number(draw, "high"), Ints(draw, "shape"), generator: g),
        ["randn"] = (draw, g) => Tensor.Randn(Ints(draw, "shape"), DTypeOf(draw), g),
        ["randperm"] = (draw, g) => Tensor.Randperm((int)Number(draw, "n"), g),
        ["uniform"] = (draw, g) => Empty(draw).Uniform_(Number(draw, "low"), Number(draw, "high"), g),
    };

    public string Name => "random";

    public IReadOnlyList<string> Properties { get; } = ["seed", "draws"];

    public string Describe(JsonElement line) => $"seed {line.GetProperty("seed")}";

    public string? Difference(JsonElement line)
    {
        // A generator of its own: what else runs in this process does not draw from it.
        var generator = new Generator(line.GetProperty("seed").GetUInt64());
        var number = 0;
        foreach (var draw in line.GetProperty("draws").EnumerateArray())
        {
            var name = draw.GetProperty("call").GetString()!;
            if (!Calls.TryGetValue(name, out var call))
            {
                throw new MissingException($"draw {name}");
            }

            if (Difference(call(draw, generator), draw) is { } difference)
            {
                return $"draw {number}, {name}, {difference}";
            }

            number++;
        }

        return null;
    }

    private static string? Difference(Tensor actual, JsonElement draw)
    {
        if (actual.Shape != Ints(draw, "result_shape"))
        {
            return $"has shape {actual.Shape}, expected {(Shape)Ints(draw, "result_shape")}";
        }

        if (!actual.DType.IsFloatingPoint)
        {
            var (wholes, expected) = (actual.ToArray<long>(), CaseValue.Wholes(draw.GetProperty("values")));
            var wrong = wholes.Index().FirstOrDefault(item => item.Item != expected[item.Index], (-1, 0)).Index;
            return wrong < 0 ? null : $"is {wholes[wrong]} at element {wrong}, expected {expected[wrong]}";
        }

        var (reals, wanted) = (actual.ToArray<double>(), CaseValue.Reals(draw.GetProperty("values")));
        var single = actual.DType == DType.Float32;
        for (var i = 0; i < reals.Length; i++)
        {
            if (!Neighbours(reals[i], wanted[i], single))
            {
                return $"is {reals[i]:R} at element {i}, expected {wanted[i]:R}";
            }
        }

        return null;
    }

    /// <summary>Whether two numbers are at most one unit in the last place apart.</summary>
    private static bool Neighbours(double a, double b, bool single) => single
        ? a == b || MathF.BitIncrement((float)a) == b || MathF.BitDecrement((float)a) == b
        : a == b || Math.BitIncrement(a) == b || Math.BitDecrement(a) == b;

    private static Tensor Empty(JsonElement draw) => Tensor.Empty(Ints(draw, "shape"), DTypeOf(draw));

    private static DType DTypeOf(JsonElement draw) => CaseValue.DTypeOf(draw.GetProperty("dtype").GetString()!);

    private static double Number(JsonElement draw, string name) => draw.GetProperty(name).GetDouble();

    private static int[] Ints(JsonElement draw, string name) => [.. draw.GetProperty(name).EnumerateArray().Select(size => size.GetInt32())];
}
