using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Programs;

/// <summary>The derivatives that a program ends with: of a weighted sum of some of its tensors, and of a weighted sum of those gradients.</summary>
internal static class ProgramGradients
{
    /// <summary>What differs; null if nothing does.</summary>
    /// <param name="tensors">The tensors of the program.</param>
    /// <param name="end">What PyTorch found.</param>
    /// <param name="reference">Runs the program without views, for a pass that PyTorch refuses.</param>
    public static string? Difference(IReadOnlyList<Tensor> tensors, JsonElement end, Func<FunctionalRun> reference)
    {
        int[] roots = [.. end.GetProperty("roots").EnumerateArray().Select(root => root.GetInt32())];
        int[] wrt = [.. end.GetProperty("wrt").EnumerateArray().Select(input => input.GetInt32())];
        Tensor[] inputs = [.. wrt.Select(i => tensors[i])];
        Tensor?[] gradients;
        try
        {
            gradients = Gradients([.. roots.Select(i => tensors[i])], inputs);
        }
        catch (TensorException e)
        {
            return end.TryGetProperty("error", out var words) ? Refusal.Difference(e.Message, words.GetString()!) : $"backward is refused: {e.Message}";
        }

        if (end.TryGetProperty("error", out _))
        {
            var run = reference();
            var values = run.Values();
            var expected = Gradients([.. roots.Select(i => values[i])], [.. wrt.Select(run.Input)]);
            return Difference(gradients, expected);
        }

        return Difference(gradients, end.GetProperty("gradients"), "gradient")
            ?? (end.TryGetProperty("second", out var second) ? Difference(Gradients(gradients, inputs), second, "second derivative") : null);
    }

    /// <summary>The gradients of a weighted sum of the tensors that require grad; null for inputs that it does not depend on.</summary>
    public static Tensor?[] Gradients(Tensor?[] tensors, Tensor[] inputs) =>
        Autograd.Grad([Weighted(tensors)], inputs, createGraph: true, allowUnused: true);

    /// <summary>What differs between gradients, where one that is not there counts as zero; null if nothing does.</summary>
    public static string? Difference(Tensor?[] actual, Tensor?[] expected)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            if ((actual[i] ?? expected[i]) is not { } like)
            {
                continue;
            }

            var zeros = new double[like.Count];
            if (Comparison.Elements(Numbers(actual[i]) ?? zeros, Numbers(expected[i]) ?? zeros, 1e-9, 1e-9) is { } difference)
            {
                return $"gradient {i} {difference} without views";
            }
        }

        return null;
    }

    private static double[]? Numbers(Tensor? tensor) => tensor?.Detach().ToArray<double>();

    /// <summary>The sum of (t * w).Sum() over the tensors t that require grad, with weights that depend on the place of t.</summary>
    private static Tensor Weighted(Tensor?[] tensors)
    {
        var sum = Tensor.Zeros([], DType.Float64);
        for (var i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is { RequiresGrad: true } tensor)
            {
                var weights = Enumerable.Range(0, (int)tensor.Count).Select(k => ((((7 * k) + (3 * i)) % 11) - 5) / 5.0).ToArray();
                sum = sum + (tensor * Tensor.FromArray(weights).Reshape([.. tensor.Shape])).Sum();
            }
        }

        return sum;
    }

    private static string? Difference(Tensor?[] actual, JsonElement expected, string name)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            var difference = (actual[i], expected[i].ValueKind) switch
            {
                (null, JsonValueKind.Null) => null,
                (null, _) => "is null",
                (_, JsonValueKind.Null) => "is not null, as for an unused input",
                ({ } gradient, _) => Comparison.Elements(Numbers(gradient)!, CaseValue.Reals(expected[i]), 1e-9, 1e-9),
            };
            if (difference is not null)
            {
                return $"{name} {i} {difference}";
            }
        }

        return null;
    }
}
