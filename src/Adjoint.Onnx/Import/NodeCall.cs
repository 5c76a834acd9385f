namespace Adjoint.Onnx.Import;

/// <summary>A node that runs: what it reads, and its parameters.</summary>
/// <param name="node">The node.</param>
/// <param name="inputs">What it reads; null for what is left out.</param>
/// <param name="opset">The version of ONNX's operators.</param>
internal sealed class NodeCall(OnnxNode node, Tensor?[] inputs, long opset)
{
    /// <summary>The version of ONNX's operators.</summary>
    public long Opset => opset;

    /// <summary>Whether no gradient flows through it.</summary>
    public bool IsDetached => node.Name.StartsWith(OnnxNode.DetachName, StringComparison.Ordinal);

    /// <summary>How many results are named.</summary>
    public int Results => node.Outputs.Count;

    /// <summary>The first input.</summary>
    public Tensor X => this[0];

    /// <summary>The second input.</summary>
    public Tensor Y => this[1];

    /// <summary>An input that has to be there.</summary>
    public Tensor this[int i] => At(i) ?? throw new OnnxException($"Input {i} of {node} is not there, and its operator needs it.");

    /// <summary>An input; null where it is left out.</summary>
    public Tensor? At(int i) => i < inputs.Length ? inputs[i] : null;

    /// <summary>All inputs.</summary>
    public Tensor[] All() => [.. Enumerable.Range(0, inputs.Length).Select(i => this[i])];

    /// <summary>Whether a parameter is given.</summary>
    public bool Has(string name) => node.Attributes.ContainsKey(name);

    /// <summary>A whole number.</summary>
    public int Int(string name, int otherwise = 0) => node.Attributes.TryGetValue(name, out var value)
        ? value is long number and >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong(name)
        : otherwise;

    /// <summary>A truth value.</summary>
    public bool Bool(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    /// <summary>A number.</summary>
    public double Double(string name, double otherwise) => node.Attributes.TryGetValue(name, out var value)
        ? value is float number ? Decimal(number) : throw Wrong(name)
        : otherwise;

    /// <summary>Text.</summary>
    public string Text(string name, string otherwise) => node.Attributes.TryGetValue(name, out var value)
        ? value as string ?? throw Wrong(name)
        : otherwise;

    /// <summary>Whole numbers; null where they are not given.</summary>
    public int[]? Ints(string name) => node.Attributes.TryGetValue(name, out var value)
        ? value switch
        {
            long[] numbers => Array.ConvertAll(numbers, Narrow),
            // A list without elements may have lost its kind.
            float[] { Length: 0 } or string[] { Length: 0 } => [],
            _ => throw Wrong(name),
        }
        : null;

    /// <summary>A parameter that is a tensor.</summary>
    public Tensor? Tensor(string name) => node.Attributes.GetValueOrDefault(name) as Tensor;

    /// <summary>A parameter of any kind.</summary>
    public object? Any(string name) => node.Attributes.GetValueOrDefault(name);

    /// <summary>The whole numbers that an input holds, such as sizes; null where it is left out.</summary>
    public long[]? Wholes(int i) => At(i) is { } x ? x.Detach().To(DType.Int64).ToArray<long>() : null;

    /// <summary>The same, each within 32 bits.</summary>
    public int[]? Sizes(int i) => Wholes(i) is { } numbers ? Array.ConvertAll(numbers, Narrow) : null;

    /// <summary>Dimensions that older versions give as a parameter and newer ones as an input; null for none.</summary>
    public int[]? Dims(int input, string name = "axes") => At(input) is null ? Ints(name) : Sizes(input);

    /// <summary>What to say of a parameter that is not read.</summary>
    public OnnxException Wrong(string name) => new($"'{name}' of {node} is not what its operator takes, or not read.");

    private int Narrow(long number) => number is >= int.MinValue and <= int.MaxValue
        ? (int)number
        : throw new OnnxException($"{number} in {node} is larger than sizes are.");

    /// <summary>The number that a float was written for: 1E-05 and not 9.999999747E-06.</summary>
    public static double Decimal(float number) => float.IsFinite(number)
        ? double.Parse(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)
        : number;
}
