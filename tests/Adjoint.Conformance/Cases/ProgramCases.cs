using System.Text.Json;
using Adjoint.Conformance.Programs;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>
/// Programs of views, changes in place and gradient modes: what each step did or how it was refused, the state of every tensor at the end, and first
/// and second derivatives. Three departures are allowed: operands that overlap with what is written may be read as if they were copied, a <c>view</c>
/// may work where PyTorch's strides forbid it, and a backward pass may run that PyTorch refuses, if its result is right.
/// </summary>
internal sealed class ProgramCases : ICaseKind
{
    private const string Overlaps =
        "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location";

    public string Name => "programs";

    public IReadOnlyList<string> Properties { get; } = ["leaves", "steps", "end"];

    public string Describe(JsonElement line) =>
        string.Join(", ", line.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("op").GetString()));

    public string? Difference(JsonElement line)
    {
        JsonElement[] steps = [.. line.GetProperty("steps").EnumerateArray()];
        var run = new ProgramRun(line);
        for (var i = 0; i < steps.Length; i++)
        {
            if (Step(line, run, steps, i) is { } difference)
            {
                return $"step {i}, {steps[i].GetProperty("op")}, {difference}";
            }
        }

        var end = line.GetProperty("end");
        var found = State(run, end.GetProperty("tensors"))
            ?? (end.TryGetProperty("wrt", out _) ? ProgramGradients.Difference(run.Tensors, end, () => Functional(line, steps)) : null);

        // Gaps and repeated dimensions hide an overlap from PyTorch, which then reads what it has just written.
        return found is not null && run.HasOverlapped
            ? State(run, end.GetProperty("tensors"), comparesNumbers: false) ?? Twins(run, new ProgramRun(line, copies: true).All(steps), end)
            : found;
    }

    /// <summary>Whether a program has the same numbers and gradients when operands that overlap are copied.</summary>
    private static string? Twins(ProgramRun run, ProgramRun copying, JsonElement end)
    {
        for (var i = 0; i < run.Tensors.Count; i++)
        {
            if (Same(run.Tensors[i], copying.Tensors[i]) is { } difference)
            {
                return $"tensor {i} {difference} with copied operands";
            }
        }

        return end.TryGetProperty("gradients", out _) ? ProgramGradients.Difference(run.Tensors, copying.Tensors, end) : null;
    }

    private static FunctionalRun Functional(JsonElement line, JsonElement[] steps)
    {
        var run = new FunctionalRun(new ProgramRun(line).Tensors);
        foreach (var step in steps)
        {
            if (!step.TryGetProperty("error", out _))
            {
                run.Run(step);
            }
        }

        return run;
    }

    private static string? Step(JsonElement line, ProgramRun run, JsonElement[] steps, int i)
    {
        var step = steps[i];
        var error = step.TryGetProperty("error", out var text) ? text.GetString() : null;
        if (error is not null && error.StartsWith(Overlaps, StringComparison.Ordinal))
        {
            return AsIfCopied(line, steps, i);
        }

        Tensor[] made;
        try
        {
            made = run.Try(step);
        }
        catch (Exception e) when (e is TensorException)
        {
            return error is null ? $"is refused: {e.Message}" : Refusal.Difference(e.Message, error);
        }

        if (error is null)
        {
            run.Keep(step, made);
            var count = step.TryGetProperty("made", out var number) ? number.GetInt32() : 0;
            return made.Length == count ? null : $"made {made.Length} tensors, expected {count}";
        }

        return error.StartsWith("view size is not compatible", StringComparison.Ordinal)
            ? Same(made[0], run.X(step).Reshape(made[0].Shape.ToArray()))
            : $"is not refused, expected: {error}";
    }

    /// <summary>Where an operand overlaps with what is written, it is refused, or what is written is what a copy of the operand gives.</summary>
    private static string? AsIfCopied(JsonElement line, JsonElement[] steps, int i)
    {
        var actual = new ProgramRun(line).All(steps.AsSpan(0, i));
        var expected = new ProgramRun(line).All(steps.AsSpan(0, i));
        var refusal = Message(() => actual.Try(steps[i]));
        var copied = Message(() => expected.Try(steps[i], expected.Y(steps[i])!.Detach().Clone()));
        if (refusal != copied)
        {
            return refusal is null ? $"is not refused, as with a copied operand: {copied}" : Refusal.Difference(refusal, Overlaps);
        }

        for (var t = 0; t < actual.Tensors.Count; t++)
        {
            if (Same(actual.Tensors[t], expected.Tensors[t]) is { } difference)
            {
                return $"tensor {t} {difference} with a copied operand";
            }
        }

        return null;
    }

    private static string? Message(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (TensorException e)
        {
            return e.Message;
        }
    }

    private static string? Same(Tensor actual, Tensor expected) =>
        actual.Shape != expected.Shape ? $"has shape {actual.Shape}, expected {expected.Shape}"
            : Comparison.Elements(actual.Detach().ToArray<double>(), expected.Detach().ToArray<double>(), 1e-9, 1e-9);

    private static string? State(ProgramRun run, JsonElement expected, bool comparesNumbers = true)
    {
        var tensors = run.Tensors;
        for (var i = 0; i < tensors.Count; i++)
        {
            if (State(tensors[i], expected[i], comparesNumbers) is { } difference)
            {
                return $"tensor {i} {difference}";
            }
        }

        return tensors.Count == expected.GetArrayLength() ? null : $"there are {tensors.Count} tensors, expected {expected.GetArrayLength()}";
    }

    private static string? State(Tensor tensor, JsonElement expected, bool comparesNumbers)
    {
        var shape = expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        if (tensor.Shape != shape)
        {
            return $"has shape {tensor.Shape}, expected {(Shape)shape}";
        }

        if (comparesNumbers
            && Comparison.Elements(tensor.Detach().ToArray<double>(), CaseValue.Reals(expected.GetProperty("data")), 1e-9, 1e-9) is { } difference)
        {
            return difference;
        }

        string? name;
        try
        {
            name = tensor.GradFn?.Name;
        }
        catch (AutogradException e)
        {
            return expected.TryGetProperty("broken", out var words) ? Refusal.Difference(e.Message, words.GetString()!) : $"is broken: {e.Message}";
        }

        if (expected.TryGetProperty("broken", out var broken))
        {
            return $"is not broken, expected: {broken}";
        }

        var (requires, leaf) = (expected.GetProperty("requires_grad").GetBoolean(), expected.GetProperty("leaf").GetBoolean());
        var (version, function) = (expected.GetProperty("version").GetInt32(), expected.GetProperty("grad_fn").GetString());
        return tensor.RequiresGrad != requires ? $"says RequiresGrad = {tensor.RequiresGrad}, expected {requires}"
            : tensor.IsLeaf != leaf ? $"says IsLeaf = {tensor.IsLeaf}, expected {leaf}"
            : tensor.Version != version ? $"is at version {tensor.Version}, expected {version}"
            : name != function && function is not ("AsStridedBackward0" or "AliasBackward0")
                ? $"has grad_fn {name ?? "null"}, expected {function ?? "null"}"
            : null;
    }
}
