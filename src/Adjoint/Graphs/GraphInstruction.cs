using System.Globalization;
using Adjoint.Graphs;
using Adjoint.Transforms;

namespace Adjoint;

/// <summary>A value in a <see cref="Graph"/>: an input, a constant, or what an instruction gives.</summary>
/// <param name="Id">Its number; prints as <c>%3</c>.</param>
/// <param name="Type">Its shape and dtype.</param>
public sealed record GraphValue(int Id, TensorType Type)
{
    /// <summary>Its shape.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>Its dtype.</summary>
    public DType DType => Type.DType;

    /// <summary>The value as the graph prints it, such as <c>%3: float32[2, 4]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"%{Id}: {Type}");
}

/// <summary>
/// One operator in a <see cref="Graph"/> on values that are there before; a custom function, with both of its parts;
/// or a guard on a value that C# code read.
/// </summary>
public sealed class GraphInstruction
{
    internal GraphInstruction(Operation operation, int[] inputs, GraphValue[] outputs)
    {
        Operation = operation;
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The operator with its parameters.</summary>
    public Operation Operation { get; }

    /// <summary>The operator or function; <c>Guard</c> for a guard.</summary>
    public string Name => Operation.Name;

    /// <summary>The numbers of the values that it reads.</summary>
    public IReadOnlyList<int> Inputs { get; }

    /// <summary>What it gives: one value for most operators, any number for a custom function, none for a guard.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>What it gives; the first of several.</summary>
    /// <exception cref="TensorException">It is a guard.</exception>
    public GraphValue Output => Outputs is [var first, ..] ? first : throw new TensorException("A guard gives no value. Look at Outputs.");

    /// <summary>Whether it runs even if nothing needs its results.</summary>
    internal bool Stays => Operation.HasEffect;

    /// <summary>Runs it; a guard gives nothing, or throws.</summary>
    internal Tensor[] Run(Tensor[] inputs)
    {
        var results = Operation.Run(inputs);
        if (results.Length != Outputs.Count)
        {
            throw new TensorException($"{this} gave {results.Length} results. Trace the function again.");
        }

        for (var i = 0; i < results.Length; i++)
        {
            if (TensorType.Of(results[i]) != Outputs[i].Type)
            {
                throw new TensorException($"{this} gave {TensorType.Of(results[i])}. Trace the function again.");
            }
        }

        return results;
    }

    /// <summary>The instruction as the graph prints it, such as <c>%1: float64[3] = Clamp(%0, min=-1, max=1)</c>.</summary>
    public override string ToString()
    {
        var values = string.Join(", ", Inputs.Select(id => $"%{id.ToString(CultureInfo.InvariantCulture)}"));
        if (Operation is ReadGuard guard)
        {
            return $"{Name}({values}) {guard.Expected}";
        }

        var parameters = Operation.Parameters();
        var call = $"{Name}({values}{(parameters.Length > 0 ? ", " : string.Empty)}{parameters})";
        return $"{string.Join(", ", Outputs)} = {call}";
    }
}
