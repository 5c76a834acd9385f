using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint.Graphs;

/// <summary>
/// Writes down the operators that a function runs, without running them: a stand-in has a shape and a dtype, which each operator's rule gives, and
/// every tensor that is no stand-in is a constant. Where C# code asks for numbers, what leads to them is computed for the example.
/// </summary>
internal sealed class TraceInterpreter : Writer
{
    private readonly Dictionary<Tensor, int> _idsOfConstants = [];
    private readonly Dictionary<int, Tensor> _constants = [];
    private readonly List<GraphValue> _inputs = [];
    private readonly List<GraphInstruction> _instructions = [];
    private readonly HashSet<(int Id, DType DType)> _guarded = [];

    private readonly Dictionary<int, TensorType> _types = [];

    /// <summary>What is known of the example: its own tensors, and what was asked for.</summary>
    private readonly Dictionary<int, Tensor> _values = [];
    private int _next;

    public override string Name => "Trace";

    /// <summary>A stand-in for an argument.</summary>
    public Tensor Input(Tensor x)
    {
        var value = new GraphValue(_next++, TensorType.Of(x));
        _values[value.Id] = x;
        _inputs.Add(value);
        return Wrap(value);
    }

    /// <summary>What was written down, as far as these results need it.</summary>
    public Graph Finish(Tensor[] outputs)
    {
        var ids = Array.ConvertAll(outputs, IdOf);
        var (needed, instructions) = Needed(ids, instruction => instruction.Stays, _ => false);
        return new Graph(_inputs, _constants.Where(pair => needed.Contains(pair.Key)).ToDictionary(), instructions, ids);
    }

    public override Tensor[] Apply(FamilyOperation operation, Tensor[] inputs) =>
        Array.ConvertAll(Add(operation, inputs, operation.Infer(Array.ConvertAll(inputs, TypeOf))), Wrap);

    public override Tensor[] Write(Operation operation, Tensor[] inputs, Tensor[] values)
    {
        var outputs = Add(operation, inputs, Array.ConvertAll(values, TensorType.Of));
        for (var i = 0; i < outputs.Length; i++)
        {
            _values[outputs[i].Id] = values[i];
        }

        return Array.ConvertAll(outputs, Wrap);
    }

    public override Tensor ValueOf(Tracer tracer)
    {
        if (!_values.ContainsKey(tracer.Id))
        {
            Compute(tracer.Id);
        }

        return _values[tracer.Id];
    }

    public override Tensor Read(Tensor x, DType dtype)
    {
        if (_guarded.Add((IdOf(x), dtype)))
        {
            Write(new ReadGuard(x, dtype, Origin.Here()), [x], []);
        }

        return x.Tracer!.Value;
    }

    public override int? SamplesToDraw()
    {
        Autograd.Warn("trace: random numbers that are drawn inside of a traced function become constants of the graph. Pass them as an argument.");
        return null;
    }

    public override string Describe(Tensor x) => $"TracedTensor(%{IdOf(x)}, value={x.Tracer!.Value})";

    public override Exception NoMemory(Tensor x) => new AutogradException(
        "Trace: an operator reads or changes memory directly, which cannot be written down. Use operators that make new tensors.");

    private GraphValue[] Add(Operation operation, Tensor[] inputs, TensorType[] types)
    {
        var ids = Array.ConvertAll(inputs, IdOf);
        var outputs = Array.ConvertAll(types, type => new GraphValue(_next++, type));
        _instructions.Add(new GraphInstruction(operation, ids, outputs));
        return outputs;
    }

    /// <summary>Runs what leads to a value, for the example.</summary>
    private void Compute(int id)
    {
        var (_, instructions) = Needed([id], _ => false, instruction => instruction.Outputs.All(output => _values.ContainsKey(output.Id)));
        var before = Recording.SetHere(false);
        try
        {
            foreach (var instruction in instructions)
            {
                var results = instruction.Run([.. instruction.Inputs.Select(input => _values.GetValueOrDefault(input) ?? _constants[input])]);
                for (var i = 0; i < results.Length; i++)
                {
                    _values[instruction.Outputs[i].Id] = results[i];
                }
            }
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    /// <summary>What values need: values, these themselves among them, and instructions in order.</summary>
    /// <param name="ids">The values.</param>
    /// <param name="stays">Which instructions are needed whatever the values are.</param>
    /// <param name="isDone">Which are not needed, nor what only they need.</param>
    private (HashSet<int> Values, List<GraphInstruction> Instructions) Needed(
        int[] ids, Func<GraphInstruction, bool> stays, Func<GraphInstruction, bool> isDone)
    {
        var values = new HashSet<int>(ids);
        var instructions = new List<GraphInstruction>();
        for (var i = _instructions.Count - 1; i >= 0; i--)
        {
            var instruction = _instructions[i];
            if ((stays(instruction) || instruction.Outputs.Any(output => values.Contains(output.Id))) && !isDone(instruction))
            {
                values.UnionWith(instruction.Inputs);
                instructions.Add(instruction);
            }
        }

        instructions.Reverse();
        return (values, instructions);
    }

    private Tensor Wrap(GraphValue value)
    {
        _types[value.Id] = value.Type;
        return new Tensor(new Tracer(this, null, null, value.Id), value.Type.Layout, value.DType);
    }

    /// <summary>A stand-in is no plain number, what it stands for may be one.</summary>
    private TensorType TypeOf(Tensor x) => IsOwn(x) ? _types[x.Tracer!.Id] : TensorType.Of(x);

    private int IdOf(Tensor x)
    {
        if (IsOwn(x))
        {
            return x.Tracer!.Id;
        }

        if (!_idsOfConstants.TryGetValue(x, out var id))
        {
            id = _next++;
            _idsOfConstants[x] = id;
            _constants[id] = x;
        }

        return id;
    }
}
