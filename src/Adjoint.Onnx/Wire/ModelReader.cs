using System.Runtime.InteropServices;

namespace Adjoint.Onnx.Wire;

/// <summary>
/// Reads a model from its message. What it asks memory for is bounded by the bytes that are there: a tensor's sizes have to be those of its bytes,
/// and messages are read to the depth that a model has and no further.
/// </summary>
internal static class ModelReader
{
    private const int MaxRank = 64;

    /// <summary>The model of bytes.</summary>
    public static OnnxModel Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        OnnxModel? model = null;
        var (opset, hasGraph) = (0L, false);
        var graph = default(ReadOnlySpan<byte>);
        while (reader.Next())
        {
            if (reader.Field == 7)
            {
                graph = reader.Content;
                hasGraph = true;
            }
            else if (reader.Field == 8)
            {
                opset = Math.Max(opset, OpsetOf(reader.Content));
            }
        }

        if (hasGraph && opset > 0)
        {
            model = Graph(graph, opset);
        }

        return model ?? throw new OnnxException("The file is not an ONNX model: it has no graph, or does not say which operator set it means.");
    }

    /// <summary>The version of ONNX's own operators; 0 for those of others.</summary>
    private static long OpsetOf(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (version, isOwn) = (0L, true);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                isOwn = reader.Text is "" or "ai.onnx";
            }
            else if (reader.Field == 2)
            {
                version = reader.Number;
            }
        }

        return isOwn ? version : 0;
    }

    private static OnnxModel Graph(ReadOnlySpan<byte> bytes, long opset)
    {
        var reader = new WireReader(bytes);
        var name = string.Empty;
        var nodes = new List<OnnxNode>();
        var initializers = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        var (inputs, outputs) = (new List<OnnxValue>(), new List<OnnxValue>());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    nodes.Add(Node(reader.Content));
                    break;
                case 2:
                    name = reader.Text;
                    break;
                case 5:
                    var (given, tensor) = TensorOf(reader.Content);
                    initializers[given] = tensor;
                    break;
                case 11:
                    inputs.Add(Value(reader.Content));
                    break;
                case 12:
                    outputs.Add(Value(reader.Content));
                    break;
                case 15:
                    throw new OnnxException("Sparse initializers are not read. Write the model with dense ones.");
            }
        }

        // Older models list initializers among the inputs.
        return new OnnxModel(
            name, opset, [.. inputs.Where(input => !initializers.ContainsKey(input.Name))], outputs, initializers, nodes);
    }

    private static OnnxNode Node(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (inputs, outputs, name, type, domain) = (new List<string>(), new List<string>(), string.Empty, string.Empty, string.Empty);
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(reader.Text);
                    break;
                case 2:
                    outputs.Add(reader.Text);
                    break;
                case 3:
                    name = reader.Text;
                    break;
                case 4:
                    type = reader.Text;
                    break;
                case 5:
                    var (key, value) = Attribute(reader.Content);
                    if (value is not null)
                    {
                        attributes[key] = value;
                    }

                    break;
                case 7:
                    domain = reader.Text;
                    break;
            }
        }

        return new OnnxNode(domain is "" or "ai.onnx" ? type : $"{domain}::{type}", inputs, outputs, attributes) { Name = name };
    }

    private static (string Name, object? Value) Attribute(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (name, kind, number, real, text) = (string.Empty, 0L, 0L, 0f, string.Empty);
        var (numbers, reals, texts) = (new List<long>(), new List<float>(), new List<string>());
        Tensor? tensor = null;
        object? only = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 2:
                    only = real = reader.Float;
                    break;
                case 3:
                    only = number = reader.Number;
                    break;
                case 4:
                    only = text = reader.Text;
                    break;
                case 5:
                    only = tensor = TensorOf(reader.Content).Tensor;
                    break;
                case 6 or 11:
                    throw new OnnxException($"The attribute '{name}' holds a graph: branches and loops of models are not read.");
                case 7:
                    reader.Floats(reals);
                    break;
                case 8:
                    reader.Numbers(numbers);
                    break;
                case 9:
                    texts.Add(reader.Text);
                    break;
                case 20:
                    kind = reader.Number;
                    break;
            }
        }

        return (name, kind switch
        {
            1 => real,
            2 => number,
            3 => text,
            4 => tensor,
            6 => reals.ToArray(),
            7 => numbers.ToArray(),
            8 => texts.ToArray(),
            _ => only,
        });
    }

    private static (string Name, Tensor Tensor) TensorOf(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (name, type) = (string.Empty, 0L);
        var (sizes, wholes, reals, doubles) = (new List<long>(), new List<long>(), new List<float>(), new List<double>());
        var raw = default(ReadOnlySpan<byte>);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Numbers(sizes);
                    break;
                case 2:
                    type = reader.Number;
                    break;
                case 4:
                    reader.Floats(reals);
                    break;
                case 5 or 7 or 11:
                    reader.Numbers(wholes);
                    break;
                case 8:
                    name = reader.Text;
                    break;
                case 9:
                    raw = reader.Content;
                    break;
                case 10:
                    reader.Doubles(doubles);
                    break;
                case 13:
                    throw new OnnxException($"'{name}' lies in a file of its own, and external data is not read. Write the model as one file.");
                case 14 when reader.Number != 0:
                    throw new OnnxException($"'{name}' lies in a file of its own, and external data is not read. Write the model as one file.");
            }
        }

        return (name, Make(name, sizes, ElementTypes.Named(type), raw, wholes, reals, doubles));
    }

    private static Tensor Make(
        string name, List<long> dims, DType dtype, ReadOnlySpan<byte> raw, List<long> wholes, List<float> reals, List<double> doubles)
    {
        var sizes = new int[dims.Count];
        var count = (Int128)1;
        for (var d = 0; d < sizes.Length; d++)
        {
            sizes[d] = dims[d] is >= 0 and <= int.MaxValue
                ? (int)dims[d]
                : throw new OnnxException($"'{name}' has a dimension of size {dims[d]}. Sizes are from 0 to {int.MaxValue}.");
            count *= sizes[d];
            if (count > long.MaxValue / 16)
            {
                throw new OnnxException($"'{name}' has more elements than can be addressed.");
            }
        }

        var there = raw.Length > 0 ? raw.Length / (double)dtype.ItemSize : wholes.Count + reals.Count + doubles.Count;
        if (there != (double)count || sizes.Length > MaxRank)
        {
            throw new OnnxException($"'{name}' of shape [{string.Join(", ", dims)}] has {(long)count} elements, but the file holds {there}.");
        }

        if (raw.Length > 0 || count == 0)
        {
            return ElementTypes.Read(raw, sizes, dtype);
        }

        if (reals.Count > 0)
        {
            return Tensor.FromArray(reals.ToArray()).To(dtype).Reshape(sizes);
        }

        if (doubles.Count > 0)
        {
            return Tensor.FromArray(doubles.ToArray()).To(dtype).Reshape(sizes);
        }

        // Halves are kept as the bits that they are.
        return dtype == DType.Float16 || dtype == DType.BFloat16
            ? ElementTypes.Read(MemoryMarshal.AsBytes([.. wholes.Select(bits => (ushort)bits)]), sizes, dtype)
            : Tensor.FromArray(wholes.ToArray()).To(dtype).Reshape(sizes);
    }

    private static OnnxValue Value(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var value = new OnnxValue(string.Empty, null, null);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                value = value with { Name = reader.Text };
            }
            else if (reader.Field == 2)
            {
                var type = new WireReader(reader.Content);
                while (type.Next())
                {
                    if (type.Field == 1)
                    {
                        value = Typed(value, type.Content);
                    }
                }
            }
        }

        return value;
    }

    private static OnnxValue Typed(OnnxValue value, ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                value = value with { DType = ElementTypes.DTypeOf(reader.Number) };
            }
            else if (reader.Field == 2)
            {
                var sizes = new List<OnnxSize>();
                var shape = new WireReader(reader.Content);
                while (shape.Next())
                {
                    if (shape.Field == 1)
                    {
                        sizes.Add(Size(shape.Content));
                    }
                }

                value = value with { Sizes = sizes };
            }
        }

        return value;
    }

    private static OnnxSize Size(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var size = default(OnnxSize);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                // Zero and less are written by some for what is not known.
                size = new(reader.Number is > 0 and <= int.MaxValue ? (int)reader.Number : null);
            }
            else if (reader.Field == 2)
            {
                size = new(null, reader.Text);
            }
        }

        return size;
    }
}
