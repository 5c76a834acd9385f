using System.Globalization;
using System.Text;
using Adjoint.Transforms;

namespace Adjoint;

/// <summary>
/// A function as data: the operators that it ran for one example, in order, each value defined once (<c>torch.fx</c>, JAX's jaxpr). Branches of the
/// language are those of the example; for each number, truth value and index that C# code read, a guard makes sure that it is the same in a later
/// run. It can be printed, verified, run again, and transformed like any other function.
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
        Constants = [.. constants.OrderBy(pair => pair.Key).Select(pair => new GraphValue(pair.Key, TensorType.Of(pair.Value)))];
    }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>Tensors from outside of the function, shared and not copied.</summary>
    public IReadOnlyList<GraphValue> Constants { get; }

    /// <summary>The operators in the order in which they run.</summary>
    public IReadOnlyList<GraphInstruction> Instructions { get; }

    /// <summary>The numbers of the results.</summary>
    public IReadOnlyList<int> Outputs { get; }

    /// <summary>The tensor that a constant stands for, shared and not copied.</summary>
    /// <param name="constant">One of <see cref="Constants"/>.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public Tensor ConstantOf(GraphValue constant)
    {
        ArgumentNullException.ThrowIfNull(constant);
        return _constants.TryGetValue(constant.Id, out var tensor)
            ? tensor
            : throw new ArgumentException($"{constant} is no constant of the graph. Look at Constants.", nameof(constant));
    }

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
            Match(Inputs[i], TensorType.Of(inputs[i]), $"Input {i}");
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
    /// Checks the graph without running it: each value is defined once and before it is read, and each operator gives the shape
    /// and dtype that the graph says.
    /// </summary>
    /// <exception cref="TensorException">Something is wrong; the message names the instruction.</exception>
    public void Verify()
    {
        var types = _constants.ToDictionary(pair => pair.Key, pair => TensorType.Of(pair.Value));
        foreach (var input in Inputs)
        {
            Define(types, input);
        }

        foreach (var instruction in Instructions)
        {
            var inputs = new TensorType[instruction.Inputs.Count];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = types.TryGetValue(instruction.Inputs[i], out var type)
                    ? type
                    : throw new TensorException($"{instruction} reads %{instruction.Inputs[i]}, which is not defined before.");
            }

            var results = instruction.Operation.Infer(inputs);
            if (results.Length != instruction.Outputs.Count)
            {
                throw new TensorException($"{instruction} gives {results.Length} results.");
            }

            for (var i = 0; i < results.Length; i++)
            {
                Match(instruction.Outputs[i], results[i], instruction.ToString());
                Define(types, instruction.Outputs[i]);
            }
        }

        foreach (var id in Outputs)
        {
            if (!types.ContainsKey(id))
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

    private static void Define(Dictionary<int, TensorType> types, GraphValue value)
    {
        if (!types.TryAdd(value.Id, value.Type))
        {
            throw new TensorException($"%{value.Id} is defined twice.");
        }
    }

    private static void Match(GraphValue expected, TensorType actual, string what)
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
