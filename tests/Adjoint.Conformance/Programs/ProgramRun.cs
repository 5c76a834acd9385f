using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Programs;

/// <summary>A program while it runs: its tensors, leaves first, then what the steps made, and whether operations are recorded.</summary>
internal sealed class ProgramRun
{
    private readonly List<Tensor> _tensors;
    private readonly List<int> _memories;
    private readonly bool _copies;
    private bool _records = true;

    /// <summary>Makes the leaves.</summary>
    /// <param name="program">The program.</param>
    /// <param name="copies">Whether operands that share memory with what is written are copied first.</param>
    public ProgramRun(JsonElement program, bool copies = false)
    {
        _tensors = [.. program.GetProperty("leaves").EnumerateArray().Select(Leaf)];
        _memories = [.. Enumerable.Range(0, _tensors.Count)];
        _copies = copies;
    }

    public IReadOnlyList<Tensor> Tensors => _tensors;

    /// <summary>Whether an operand shared memory with what was written, so that it matters what is read first.</summary>
    public bool HasOverlapped { get; private set; }

    /// <summary>The tensor that a step works on.</summary>
    public Tensor X(JsonElement step) => _tensors[step.GetProperty("x").GetInt32()];

    /// <summary>The other operand; null if there is none.</summary>
    public Tensor? Y(JsonElement step) => step.TryGetProperty("y", out var y) ? _tensors[y.GetInt32()] : null;

    /// <summary>Runs the steps that PyTorch did not refuse.</summary>
    public ProgramRun All(ReadOnlySpan<JsonElement> steps)
    {
        foreach (var step in steps)
        {
            if (!step.TryGetProperty("error", out _))
            {
                Run(step);
            }
        }

        return this;
    }

    /// <summary>Runs a step and keeps what it made.</summary>
    public void Run(JsonElement step) => Keep(step, Try(step));

    /// <summary>Keeps what a step made.</summary>
    public void Keep(JsonElement step, Tensor[] made)
    {
        foreach (var tensor in made)
        {
            _memories.Add(Steps.IsView(step) ? _memories[step.GetProperty("x").GetInt32()] : _tensors.Count);
            _tensors.Add(tensor);
        }
    }

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
            y ??= Y(step);
            var overlaps = y is not null && Steps.IsChange(step) && Overlaps(step);
            var made = Steps.Run(step, X(step), overlaps && _copies ? y!.Clone() : y);
            HasOverlapped |= overlaps;
            return made;
        }
    }

    private bool Overlaps(JsonElement step)
    {
        var (x, y) = (step.GetProperty("x").GetInt32(), step.GetProperty("y").GetInt32());
        return x != y && _memories[x] == _memories[y];
    }

    private static Tensor Leaf(JsonElement json)
    {
        var shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        var leaf = CaseValue.Tensor(json.GetProperty("data"), shape, DType.Float64);
        leaf.RequiresGrad = json.GetProperty("requires_grad").GetBoolean();
        return leaf;
    }
}
