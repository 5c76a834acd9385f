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
        var inputs = Named(tensors, end, "wrt");
        Tensor?[] gradients;
        try
        {
            gradients = Gradients(Named(tensors, end, "roots"), inputs);
        }
        catch (TensorException e)
        {
            return end.TryGetProperty("error", out var words) ? Refusal.OfChange(e.Message, words.GetString()!) : $"backward is refused: {e.Message}";
        }

        if (end.TryGetProperty("error", out _))
        {
            var run = reference();
            var wrt = end.GetProperty("wrt").EnumerateArray().Select(input => run.Input(input.GetInt32()));
            return Difference(gradients, Gradients(Named(run.Values(), end, "roots"), [.. wrt]));
        }

        return Difference(gradients, end.GetProperty("gradients"), "gradient")
            ?? (end.TryGetProperty("second", out var second) ? Difference(Gradients(gradients, inputs), second, "second derivative") : null);
    }

    /// <summary>What differs between the gradients of two runs of a program; null if nothing does.</summary>
    public static string? Difference(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor> others, JsonElement end)
    {
        return Difference(Of(tensors), Of(others));

        Tensor?[] Of(IReadOnlyList<Tensor> run) => Gradients(Named(run, end, "roots"), Named(run, end, "wrt"));
    }

    /// <summary>The gradients of a weighted sum of the tensors that require grad; null for inputs that it does not depend on.</summary>
    public static Tensor?[] Gradients(Tensor?[] tensors, Tensor[] inputs) => Weighted(tensors) is { RequiresGrad: true } sum
        ? Autograd.Grad([sum], inputs, createGraph: true, allowUnused: true)
        : new Tensor?[inputs.Length];

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

    private static Tensor[] Named(IReadOnlyList<Tensor> tensors, JsonElement end, string name) =>
        [.. end.GetProperty(name).EnumerateArray().Select(i => tensors[i.GetInt32()])];

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
