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

    public override Tensor Map<O>(O op, Tensor x) => Write(OperatorName<O>.Text, x => Op.Map(op, x[0]), x);

    public override Tensor Map2<O>(O op, Tensor x, Tensor y) => Write(OperatorName<O>.Text, x => Op.Map2(op, x[0], x[1]), x, y);

    public override Tensor Map3<O>(O op, Tensor x, Tensor y, Tensor z) => Write(OperatorName<O>.Text, x => Op.Map3(op, x[0], x[1], x[2]), x, y, z);

    public override Tensor Linear<O>(O op, Tensor x) => Write(typeof(O).Name, x => op.Replay(op, x[0]), x);

    public override Tensor Indexed<O>(O op, Tensor x, Tensor positions) => Write(typeof(O).Name, x => Op.Indexed(op, x[0], x[1]), x, positions);

    public override Tensor Join<O>(O op, Tensor[] inputs) => Write(typeof(O).Name, x => Op.Join(op, x), inputs);

    public override Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend) => addend is null
        ? Write(typeof(O).Name, x => Op.Bilinear(op, x[0], x[1]), x, y)
        : Write(typeof(O).Name, x => Op.Bilinear(op, x[0], x[1], x[2]), x, y, addend);

    public override Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim) =>
        Write(typeof(O).Name, x => Op.Reduce(op, x[0], reduced, keepDim), x);

    public override Tensor Primitive<O>(O op, Tensor x) => Write(typeof(O).Name, x => Op.Primitive(op, x[0]), x);

    public override Tensor Compare<O>(O op, Tensor x, Tensor y) => Write(typeof(O).Name, x => Op.Compare(op, x[0], x[1]), x, y);

    public override Tensor Convert(Tensor x, DType dtype) => Write("ToCopy", x => x[0].To(dtype), x);

    public override Tensor Detach(Tensor x) => Write("Detach", x => x[0].Detach(), x);

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

    private Tensor Write(string name, Func<Tensor[], Tensor> run, params Tensor[] inputs)
    {
        var ids = Array.ConvertAll(inputs, IdOf);
        var value = run(Array.ConvertAll(inputs, ValueOf));
        var result = Wrap(value);
        _instructions.Add(new GraphInstruction(name, ids, new GraphValue(IdOf(result), value.Shape, value.DType), run));
        return result;
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
