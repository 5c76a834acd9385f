using System.Globalization;
using System.Text;
using Adjoint.Transforms;

namespace Adjoint;

/// <summary>A value in a <see cref="Graph"/>: an input, a constant, or what an instruction gives.</summary>
/// <param name="Id">Its number; prints as <c>%3</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DType">Its dtype.</param>
public sealed record GraphValue(int Id, Shape Shape, DType DType)
{
    /// <summary>The value as the graph prints it, such as <c>%3: float32[2, 4]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"%{Id}: {Type}");

    internal string Type => $"{DType.TorchName["torch.".Length..]}{Adjoint.Shape.Text(Shape.ToArray())}";
}

/// <summary>
/// One operator in a <see cref="Graph"/>, with its parameters, on values that are there before; a custom function, with both of its parts; or a guard
/// on a value that C# code read.
/// </summary>
public sealed class GraphInstruction
{
    private readonly Func<Tensor[], Tensor[]>? _run;
    private readonly ReadGuard? _guard;

    internal GraphInstruction(string name, int[] inputs, GraphValue[] outputs, Func<Tensor[], Tensor[]> run, bool stays = false)
    {
        Stays = stays;
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
        _run = run;
    }

    internal GraphInstruction(int input, ReadGuard guard)
    {
        Name = "Guard";
        Inputs = [input];
        Outputs = [];
        _guard = guard;
        Stays = true;
    }

    /// <summary>The operator or function; <c>Guard</c> for a guard.</summary>
    public string Name { get; }

    /// <summary>The numbers of the values that it reads.</summary>
    public IReadOnlyList<int> Inputs { get; }

    /// <summary>What it gives: one value for an operator, any number for a custom function, none for a guard.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>What it gives; the first of several.</summary>
    /// <exception cref="TensorException">It is a guard.</exception>
    public GraphValue Output => Outputs is [var first, ..] ? first : throw new TensorException("A guard gives no value. Look at Outputs.");

    internal bool IsGuard => _guard is not null;

    /// <summary>Whether it runs even if nothing needs its results.</summary>
    internal bool Stays { get; }

    /// <summary>Runs it; a guard gives nothing, or throws.</summary>
    internal Tensor[] Run(Tensor[] inputs)
    {
        if (_guard is { } guard)
        {
            guard.Check(inputs[0]);
            return [];
        }

        var results = _run!(inputs);
        return results.Length == Outputs.Count
            ? results
            : throw new TensorException($"{this} gave {results.Length} results. Trace the function again.");
    }

    /// <summary>The instruction as the graph prints it, such as <c>%1: float64[3] = Sin(%0)</c>.</summary>
    public override string ToString()
    {
        var call = $"{Name}({string.Join(", ", Inputs.Select(id => $"%{id.ToString(CultureInfo.InvariantCulture)}"))})";
        return _guard is null ? $"{string.Join(", ", Outputs)} = {call}" : $"{call} {_guard}";
    }
}

/// <summary>
/// A function as data: the operators that it ran for one example, in order, each value defined once (<c>torch.fx</c>, JAX's jaxpr). Branches of the language
/// are those of the example; for each number, truth value and index that C# code read, a guard makes sure that it is the same in a later run. It can
/// be printed, verified, run again, and transformed like any other function.
/// </summary>
public sealed class Graph
{
    private readonly IReadOnlyDictionary<int, Tensor> _constants;

    internal Graph(
        IReadOnlyList<GraphValue> inputs,
        IReadOnlyDictionary<int, Tensor> constants,
        IReadOnlyList<GraphInstruction> instructions,
        IReadOnlyList<int> outputs)
    {
        Inputs = inputs;
        Instructions = instructions;
        Outputs = outputs;
        _constants = constants;
        Constants = [.. constants.OrderBy(pair => pair.Key).Select(pair => new GraphValue(pair.Key, pair.Value.Shape, pair.Value.DType))];
    }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>Tensors from outside of the function, shared and not copied.</summary>
    public IReadOnlyList<GraphValue> Constants { get; }

    /// <summary>The operators in the order in which they run.</summary>
    public IReadOnlyList<GraphInstruction> Instructions { get; }

    /// <summary>The numbers of the results.</summary>
    public IReadOnlyList<int> Outputs { get; }

    /// <summary>Runs the operators on other inputs of the same shapes and dtypes.</summary>
    /// <exception cref="ShapeException">An input has another shape than in the example.</exception>
    /// <exception cref="DTypeException">An input has another dtype than in the example.</exception>
    /// <exception cref="AutogradException">A guard is broken: C# code read another value in the example; the message names its line.</exception>
    public Tensor[] Run(params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != Inputs.Count)
        {
            throw new TensorException($"The graph has {Inputs.Count} inputs, but got {inputs.Count}.");
        }

        var values = new Dictionary<int, Tensor>(_constants);
        for (var i = 0; i < inputs.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i], nameof(inputs));
            Match(Inputs[i], inputs[i], $"Input {i}");
            values[Inputs[i].Id] = inputs[i];
        }

        foreach (var instruction in Instructions)
        {
            var results = instruction.Run([.. instruction.Inputs.Select(id => values[id])]);
            for (var i = 0; i < results.Length; i++)
            {
                values[instruction.Outputs[i].Id] = results[i];
            }
        }

        return [.. Outputs.Select(id => values[id])];
    }

    /// <summary>
    /// Checks the graph: each value is defined once and before it is read, and each operator gives the shape and dtype that the graph says, tried on
    /// ones; guards are not.
    /// </summary>
    /// <exception cref="TensorException">Something is wrong; the message names the instruction.</exception>
    public void Verify()
    {
        var values = new Dictionary<int, Tensor>(_constants);
        foreach (var input in Inputs)
        {
            Define(values, input.Id, Tensor.Ones(input.Shape.ToArray(), input.DType));
        }

        foreach (var instruction in Instructions)
        {
            var inputs = new Tensor[instruction.Inputs.Count];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = values.TryGetValue(instruction.Inputs[i], out var value)
                    ? value
                    : throw new TensorException($"{instruction} reads %{instruction.Inputs[i]}, which is not defined before.");
            }

            // Ones are not what the code read.
            var results = instruction.IsGuard ? [] : Autograd.NoGrad(() => instruction.Run(inputs));
            for (var i = 0; i < results.Length; i++)
            {
                Match(instruction.Outputs[i], results[i], instruction.ToString());
                Define(values, instruction.Outputs[i].Id, results[i]);
            }
        }

        foreach (var id in Outputs)
        {
            if (!values.ContainsKey(id))
            {
                throw new TensorException($"The graph returns %{id}, which is not defined.");
            }
        }
    }

    /// <summary>The graph in words: inputs, one line for each operator and guard, results.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"graph({string.Join(", ", Inputs)}):\n");
        foreach (var constant in Constants)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {constant} = {Literal(_constants[constant.Id])}\n");
        }

        foreach (var instruction in Instructions)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {instruction}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  return {string.Join(", ", Outputs.Select(id => $"%{id}"))}").ToString();
    }

    private static string Literal(Tensor constant) => constant.Rank == 0 && constant.Tracer is null
        ? constant.Item<double>().ToString("R", CultureInfo.InvariantCulture)
        : "constant";

    private static void Define(Dictionary<int, Tensor> values, int id, Tensor value)
    {
        if (!values.TryAdd(id, value))
        {
            throw new TensorException($"%{id} is defined twice.");
        }
    }

    private static void Match(GraphValue expected, Tensor actual, string what)
    {
        if (!expected.Shape.Equals(actual.Shape))
        {
            throw new ShapeException(
                $"{what} has shape {actual.Shape}, but the graph was traced with {expected.Shape}. Trace the function again for other shapes.");
        }

        if (expected.DType != actual.DType)
        {
            throw new DTypeException(
                $"{what} is {actual.DType.TorchName}, but the graph was traced with {expected.DType.TorchName}. Convert it with To(DType).");
        }
    }
}
