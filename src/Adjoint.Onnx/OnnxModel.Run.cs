using Adjoint.Onnx.Import;

namespace Adjoint.Onnx;

/// <content>Models as functions.</content>
public sealed partial class OnnxModel
{
    /// <summary>
    /// Runs the model with Adjoint's operators, so that gradients flow to its inputs and to <see cref="Initializers"/> that require grad, and
    /// transforms follow it like any other function.
    /// </summary>
    /// <param name="inputs">The inputs in the order of <see cref="Inputs"/>.</param>
    /// <returns>The results in the order of <see cref="Outputs"/>.</returns>
    /// <exception cref="OnnxException">An operator is not read, or reads what its form does not allow.</exception>
    /// <exception cref="DTypeException">An input has another dtype than the model says.</exception>
    /// <exception cref="ShapeException">An input has another shape than the model says, or shapes do not fit.</exception>
    public Tensor[] Run(params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != Inputs.Count)
        {
            throw new TensorException($"The model has {Inputs.Count} inputs, {string.Join(", ", Inputs)}, but got {inputs.Count}.");
        }

        var values = new Dictionary<string, Tensor>(Initializers, StringComparer.Ordinal);
        for (var i = 0; i < inputs.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i], nameof(inputs));
            Match(Inputs[i], inputs[i]);
            values[Inputs[i].Name] = inputs[i];
        }

        foreach (var node in Nodes)
        {
            var read = NodeTable.Find(node.OpType) ?? throw new OnnxException(
                $"The operator of {node} is not read. docs/onnx.md lists those that are; export the model with these.");
            var call = new NodeCall(node, [.. node.Inputs.Select(name => name.Length == 0 ? null : values[name])], Opset);
            var results = read(call);
            for (var i = 0; i < node.Outputs.Count; i++)
            {
                if (node.Outputs[i].Length > 0)
                {
                    values[node.Outputs[i]] = i < results.Length
                        ? results[i]
                        : throw new OnnxException($"Result {i} of {node} is not given. docs/onnx.md says what is read.");
                }
            }
        }

        return [.. Outputs.Select(output => values[output.Name])];
    }

    private static void Match(OnnxValue expected, Tensor given)
    {
        if (expected.DType is { } dtype && dtype != given.DType)
        {
            throw new DTypeException($"The model's input {expected} is given as {given.DType.TorchName}. Convert it with To(DType).");
        }

        if (expected.Sizes is { } sizes
            && (sizes.Count != given.Rank || sizes.Where((size, d) => size.Size is { } number && number != given.Shape[d]).Any()))
        {
            throw new ShapeException($"The model's input {expected} is given with shape {given.Shape}.");
        }
    }
}
