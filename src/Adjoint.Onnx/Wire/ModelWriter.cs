namespace Adjoint.Onnx.Wire;

/// <summary>A model as a message: <c>ModelProto</c> of onnx.proto, whose field numbers these are.</summary>
internal static class ModelWriter
{
    /// <summary>The bytes of a model.</summary>
    public static byte[] Write(OnnxModel model)
    {
        var writer = new WireWriter();
        writer.Number(1, OnnxModel.IrVersion);
        writer.Text(2, "Adjoint");
        writer.Message(7, graph => Graph(graph, model));
        writer.Message(8, set => set.Number(2, model.Opset));
        return writer.Written.ToArray();
    }

    private static void Graph(WireWriter writer, OnnxModel model)
    {
        foreach (var node in model.Nodes)
        {
            writer.Message(1, inner => Node(inner, node));
        }

        writer.Text(2, model.Name);
        foreach (var (name, tensor) in model.Initializers)
        {
            writer.Message(5, inner => Write(inner, tensor, name));
        }

        foreach (var input in model.Inputs)
        {
            writer.Message(11, inner => Value(inner, input));
        }

        foreach (var output in model.Outputs)
        {
            writer.Message(12, inner => Value(inner, output));
        }
    }

    private static void Node(WireWriter writer, OnnxNode node)
    {
        foreach (var input in node.Inputs)
        {
            writer.Text(1, input);
        }

        foreach (var output in node.Outputs)
        {
            writer.Text(2, output);
        }

        if (node.Name.Length > 0)
        {
            writer.Text(3, node.Name);
        }

        writer.Text(4, node.OpType);
        foreach (var (name, value) in node.Attributes)
        {
            writer.Message(5, inner => Attribute(inner, name, value));
        }
    }

    private static void Attribute(WireWriter writer, string name, object value)
    {
        writer.Text(1, name);
        switch (value)
        {
            case float number:
                writer.Float(2, number);
                writer.Number(20, 1);
                break;
            case long number:
                writer.Number(3, number);
                writer.Number(20, 2);
                break;
            case string text:
                writer.Text(4, text);
                writer.Number(20, 3);
                break;
            case Tensor tensor:
                writer.Message(5, inner => Write(inner, tensor, string.Empty));
                writer.Number(20, 4);
                break;
            case float[] numbers:
                Array.ForEach(numbers, number => writer.Float(7, number));
                writer.Number(20, 6);
                break;
            case long[] numbers:
                Array.ForEach(numbers, number => writer.Number(8, number));
                writer.Number(20, 7);
                break;
            case string[] texts:
                Array.ForEach(texts, text => writer.Text(9, text));
                writer.Number(20, 8);
                break;
            default:
                throw new OnnxException($"An attribute of ONNX holds no {value.GetType().Name}; look at OnnxNode.Attributes for what it holds.");
        }
    }

    private static void Write(WireWriter writer, Tensor tensor, string name)
    {
        foreach (var size in tensor.Shape.AsSpan())
        {
            writer.Number(1, size);
        }

        writer.Number(2, ElementTypes.Of(tensor.DType));
        writer.Text(8, name);
        writer.Bytes(9, ElementTypes.Bytes(tensor));
    }

    private static void Value(WireWriter writer, OnnxValue value)
    {
        writer.Text(1, value.Name);
        writer.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Number(1, value.DType is null ? 0 : ElementTypes.Of(value.DType));
            if (value.Sizes is { } sizes)
            {
                tensor.Message(2, shape =>
                {
                    foreach (var size in sizes)
                    {
                        shape.Message(1, dim => Size(dim, size));
                    }
                });
            }
        }));
    }

    private static void Size(WireWriter writer, OnnxSize size)
    {
        if (size.Size is { } number)
        {
            writer.Number(1, number);
        }
        else if (size.Name is { Length: > 0 } name)
        {
            writer.Text(2, name);
        }
    }
}
