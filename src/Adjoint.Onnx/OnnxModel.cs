using System.Globalization;
using System.Text;
using Adjoint.Files;
using Adjoint.Onnx.Wire;

namespace Adjoint.Onnx;

/// <summary>
/// A model in ONNX: operators on named values, with their parameters. A function or a module becomes one by <c>Export</c>, and one becomes a function
/// by <c>Run</c>, which transforms and tapes follow like any other.
/// </summary>
/// <example>
/// <code>
/// var model = OnnxModel.Export(x => x.MatMul(weight).Relu(), Tensor.Rand(4, 3));
/// model.Save("layer.onnx");
/// var y = OnnxModel.Load("layer.onnx").Run(x)[0];
/// </code>
/// </example>
public sealed partial class OnnxModel
{
    /// <summary>The version of the file's form.</summary>
    internal const int IrVersion = 9;

    /// <summary>The version of ONNX's operators that models are written in.</summary>
    internal const int WrittenOpset = 20;

    internal OnnxModel(
        string name,
        long opset,
        IReadOnlyList<OnnxValue> inputs,
        IReadOnlyList<OnnxValue> outputs,
        OrderedDictionary<string, Tensor> initializers,
        IReadOnlyList<OnnxNode> nodes)
    {
        (Name, Opset, Inputs, Outputs, Nodes) = (name, opset, inputs, outputs, nodes);
        Initializers = initializers;
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>The version of ONNX's operators that it is made of.</summary>
    public long Opset { get; }

    /// <summary>What it is given when it runs.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>What it gives.</summary>
    public IReadOnlyList<OnnxValue> Outputs { get; }

    /// <summary>
    /// Its parameters and other constants by name. They are tensors like any other: with <see cref="Tensor.RequiresGrad"/> set they get gradients
    /// when the model runs, and can be trained.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Initializers { get; }

    /// <summary>Its operators in the order in which they run.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OnnxException">The file is no model, or holds what is not read: external data, sparse tensors, branches, loops.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(File.ReadAllBytes(path));
    }

    /// <summary>Reads a model from the bytes of a file.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="OnnxException">They are no model, or hold what is not read.</exception>
    public static OnnxModel Parse(ReadOnlySpan<byte> bytes)
    {
        var model = ModelReader.Read(bytes);
        model.Check();
        return model;
    }

    /// <summary>Writes the model to a file, beside the old one, which it replaces when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OnnxException">The model has more than 2 GB, which is more than one file of ONNX holds.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void Save(string path)
    {
        var bytes = ToBytes();
        WholeFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The bytes of the model's file.</summary>
    /// <exception cref="OnnxException">The model has more than 2 GB.</exception>
    public byte[] ToBytes() => ModelWriter.Write(this);

    /// <summary>The model in words: inputs, parameters, one line for each operator, results.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Name}({string.Join(", ", Inputs)}):\n");
        foreach (var (name, tensor) in Initializers)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name}: {TensorType.Of(tensor)}\n");
        }

        foreach (var node in Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {node}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  return {string.Join(", ", Outputs)}").ToString();
    }

    /// <summary>Checks that each value is given once, and before it is read.</summary>
    private void Check()
    {
        var known = new HashSet<string>(Initializers.Keys, StringComparer.Ordinal);
        foreach (var input in Inputs)
        {
            known.Add(input.Name);
        }

        foreach (var node in Nodes)
        {
            foreach (var input in node.Inputs)
            {
                if (input.Length > 0 && !known.Contains(input))
                {
                    throw new OnnxException($"{node} reads '{input}', which nothing gives before.");
                }
            }

            foreach (var output in node.Outputs)
            {
                if (output.Length > 0 && !known.Add(output))
                {
                    throw new OnnxException($"{node} gives '{output}' a second time.");
                }
            }
        }

        foreach (var output in Outputs)
        {
            if (!known.Contains(output.Name))
            {
                throw new OnnxException($"The model's result '{output.Name}' is given by nothing.");
            }
        }
    }
}
