using Adjoint.Ops.Families;

namespace Adjoint.Transforms;

/// <summary>
/// Writes down the operators that a function runs. A stand-in holds the value for the example, so that shapes, branches and numbers are at hand, and every
/// tensor that is none is a constant.
/// </summary>
internal sealed class TraceInterpreter : Interpreter
{
    private readonly Dictionary<Tensor, int> _idsOfConstants = [];
    private readonly Dictionary<int, Tensor> _constants = [];
    private readonly List<GraphValue> _inputs = [];
    private readonly List<GraphInstruction> _instructions = [];
    private readonly HashSet<(int Id, DType DType)> _guarded = [];
    private int _next;

    public override string Name => "Trace";

    /// <summary>A stand-in for an argument.</summary>
    public Tensor Input(Tensor x)
    {
        var input = Wrap(x);
        _inputs.Add(new GraphValue(IdOf(input), x.Shape, x.DType));
        return input;
    }

    /// <summary>What was written down, as far as these results need it.</summary>
    public Graph Finish(Tensor[] outputs)
    {
        var ids = Array.ConvertAll(outputs, IdOf);
        var needed = new HashSet<int>(ids);
        bool IsNeeded(GraphInstruction instruction) => instruction.Stays || instruction.Outputs.Any(output => needed.Contains(output.Id));
        for (var i = _instructions.Count - 1; i >= 0; i--)
        {
            if (IsNeeded(_instructions[i]))
            {
                needed.UnionWith(_instructions[i].Inputs);
            }
        }

        return new Graph(
            _inputs,
            _constants.Where(pair => needed.Contains(pair.Key)).ToDictionary(),
            [.. _instructions.Where(IsNeeded)],
            ids);
    }

    public override Tensor[] Apply(Operation operation, Tensor[] inputs) =>
        Write(operation.Name, inputs, operation.Run(Array.ConvertAll(inputs, ValueOf)), operation.Run, stays: false);

    public override Tensor Read(Tensor x, DType dtype)
    {
        if (_guarded.Add((IdOf(x), dtype)))
        {
            Guard(x, new ReadGuard(x, dtype, Origin.Here()));
        }

        return x.Tracer!.Value;
    }

    /// <summary>Binds the graph to what was read of a value.</summary>
    public void Guard(Tensor x, ReadGuard guard) => _instructions.Add(new GraphInstruction(IdOf(x), guard));

    /// <summary>What a stand-in of this trace holds; anything else is itself.</summary>
    public Tensor ValueOf(Tensor x) => IsOwn(x) ? x.Tracer!.Value : x;

    /// <summary>Whether a tensor is a stand-in of this trace.</summary>
    public bool IsOwn(Tensor x) => ReferenceEquals(x.Tracer?.Owner, this);

    /// <summary>Writes an instruction with any number of results down, which has run for the example.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">What it read.</param>
    /// <param name="values">What it gave.</param>
    /// <param name="run">Runs it on other inputs.</param>
    /// <param name="stays">It also checks something, so that it has to run where nothing needs its results.</param>
    public Tensor[] Write(string name, Tensor[] inputs, Tensor[] values, Func<Tensor[], Tensor[]> run, bool stays)
    {
        var ids = Array.ConvertAll(inputs, IdOf);
        var results = Array.ConvertAll(values, Wrap);
        var outputs = Array.ConvertAll(results, result => new GraphValue(IdOf(result), result.Shape, result.DType));
        _instructions.Add(new GraphInstruction(name, ids, outputs, run, stays));
        return results;
    }

    public override int? SamplesToDraw()
    {
        Autograd.Warn("trace: random numbers that are drawn inside of a traced function become constants of the graph. Pass them as an argument.");
        return null;
    }

    public override string Describe(Tensor x) => $"TracedTensor(%{IdOf(x)}, value={x.Tracer!.Value})";

    public override Exception NoMemory(Tensor x) => new AutogradException(
        "Trace: an operator reads or changes memory directly, which cannot be written down. Use operators that make new tensors.");

    private Tensor Wrap(Tensor value)
    {
        value.IsTemporary = false;
        return new Tensor(new Tracer(this, value, null, _next++), value.Layout, value.DType);
    }

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
