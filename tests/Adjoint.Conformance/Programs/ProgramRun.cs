using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Programs;

/// <summary>A program while it runs: its tensors, leaves first, then what the steps made, and whether operations are recorded.</summary>
internal sealed class ProgramRun
{
    private readonly List<Tensor> _tensors;
    private bool _records = true;

    /// <summary>Makes the leaves.</summary>
    public ProgramRun(JsonElement program) => _tensors = [.. program.GetProperty("leaves").EnumerateArray().Select(Leaf)];

    public IReadOnlyList<Tensor> Tensors => _tensors;

    /// <summary>The tensor that a step works on.</summary>
    public Tensor X(JsonElement step) => _tensors[step.GetProperty("x").GetInt32()];

    /// <summary>The other operand; null if there is none.</summary>
    public Tensor? Y(JsonElement step) => step.TryGetProperty("y", out var y) ? _tensors[y.GetInt32()] : null;

    /// <summary>Runs the steps that PyTorch did not refuse, up to one.</summary>
    public ProgramRun Until(JsonElement[] steps, int end)
    {
        foreach (var step in steps.AsSpan(0, end))
        {
            if (!step.TryGetProperty("error", out _))
            {
                Run(step);
            }
        }

        return this;
    }

    /// <summary>Runs a step and keeps what it made.</summary>
    public void Run(JsonElement step) => Keep(Try(step));

    /// <summary>Keeps what a step made.</summary>
    public void Keep(Tensor[] made) => _tensors.AddRange(made);

    /// <summary>Runs a step, perhaps on another operand; returns what it made.</summary>
    public Tensor[] Try(JsonElement step, Tensor? y = null)
    {
        if (step.GetProperty("op").GetString() == "grad_mode")
        {
            _records = step.GetProperty("on").GetBoolean();
            return [];
        }

        using (Autograd.SetGradEnabled(_records))
        {
            return Steps.Run(step, X(step), y ?? Y(step));
        }
    }

    private static Tensor Leaf(JsonElement json)
    {
        var shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        var leaf = CaseValue.Tensor(json.GetProperty("data"), shape, DType.Float64);
        leaf.RequiresGrad = json.GetProperty("requires_grad").GetBoolean();
        return leaf;
    }
}
