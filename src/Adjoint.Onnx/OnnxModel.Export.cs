using System.Globalization;
using Adjoint.Onnx.Export;

namespace Adjoint.Onnx;

/// <content>Functions written as models.</content>
public sealed partial class OnnxModel
{
    /// <summary>Writes a function of one tensor as a model (<c>torch.onnx.export</c>).</summary>
    /// <param name="function">The function. It is traced, so it must not choose by values; tensors from outside become initializers.</param>
    /// <param name="example">An input; its shape and dtype matter, and of its shape all but the size of the dynamic dimension.</param>
    /// <param name="options">Names, and which dimension is dynamic; null for the defaults.</param>
    /// <exception cref="OnnxException">An operator has no form in ONNX, or the function reads values.</exception>
    public static OnnxModel Export(Func<Tensor, Tensor> function, Tensor example, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(example);
        return ExportMany(inputs => [function(inputs[0])], [example], options);
    }

    /// <summary>Writes a function of several tensors as a model.</summary>
    /// <param name="function">The function; it gets as many tensors as the example has.</param>
    /// <param name="example">The inputs.</param>
    /// <param name="options">Names, and which dimension is dynamic; null for the defaults.</param>
    /// <exception cref="OnnxException">An operator has no form in ONNX, or the function reads values.</exception>
    public static OnnxModel ExportMany(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> example, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(example);
        return Write(function, example, [], [], options ?? new OnnxOptions(), out _);
    }

    /// <summary>Writes a function of tensors and parameters as a model, and says which operators it is made of.</summary>
    /// <param name="function">The function of the inputs, and behind them the parameters.</param>
    /// <param name="example">The inputs.</param>
    /// <param name="parameters">The parameters, which become initializers of these names.</param>
    /// <param name="named">Other tensors that have names.</param>
    /// <param name="options">Names, and which dimension is dynamic.</param>
    /// <param name="operators">The operators of the function, those that others are made of among them.</param>
    internal static OnnxModel Write(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function,
        IReadOnlyList<Tensor> example,
        IReadOnlyList<(string Name, Tensor Value)> parameters,
        IReadOnlyList<(string Name, Tensor Value)> named,
        OnnxOptions options,
        out IReadOnlySet<string> operators)
    {
        foreach (var input in example)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(example));
        }

        var builder = new ModelBuilder();
        var inputNames = Names(builder, options.InputNames, example.Count, "x", nameof(OnnxOptions.InputNames));
        var (sizes, varies) = SizesToTry(example, options.DynamicDim);
        builder.Varying = sizes.Length > 1 ? (inputNames[Array.IndexOf(varies, true)], options.DynamicDim!.Value) : null;
        foreach (var (name, value) in named)
        {
            builder.Names[value] = name;
        }

        var graphs = Array.ConvertAll(sizes, size => Transform.Trace(
            (Tensor[] all) => function(all).ToArray(),
            [
                .. example.Select((input, i) => Sized(input.Detach(), varies[i] ? options.DynamicDim : null, size)),
                .. parameters.Select(parameter => parameter.Value.Detach()),
            ]).Graph);
        var exporter = new Exporter(builder, sizes);
        var values = new Value[graphs[0].Inputs.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var name = i < example.Count ? inputNames[i] : builder.Take(parameters[i - example.Count].Name);
            values[i] = exporter.Typed(name, Array.ConvertAll(graphs, graph => graph.Inputs[i].Type));
            if (i >= example.Count)
            {
                builder.Initialize(name, parameters[i - example.Count].Value.Detach());
            }
        }

        var results = exporter.Write(graphs, values);
        var outputNames = Names(builder, options.OutputNames, results.Length, "y", nameof(OnnxOptions.OutputNames));
        for (var i = 0; i < results.Length; i++)
        {
            var name = results[i].Constant is { } constant ? builder.Constant(constant) : results[i].Name!;
            if (Array.Exists(outputNames, taken => taken == name) || values.Any(value => value.Name == name) || !builder.Rename(name, outputNames[i]))
            {
                builder.EmitAs(outputNames[i], "Identity", name);
            }
            else
            {
                // What is returned twice has the first of its names from here on.
                results = Array.ConvertAll(results, result => result.Name == name ? result with { Name = outputNames[i] } : result);
            }
        }

        operators = exporter.Seen;
        builder.Prune(outputNames);
        var read = builder.Nodes.SelectMany(node => node.Inputs).ToHashSet(StringComparer.Ordinal);
        var kept = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in builder.Initializers)
        {
            if (read.Contains(name))
            {
                kept.Add(name, tensor);
            }
        }

        return new OnnxModel(
            options.Name,
            WrittenOpset,
            [.. values.Take(example.Count).Select((value, i) => Described(value, inputNames[i], options))],
            [.. results.Select((value, i) => Described(value, outputNames[i], options))],
            kept,
            [.. builder.Nodes]);
    }

    private static OnnxValue Described(Value value, string name, OnnxOptions options) => new(
        name,
        value.DType,
        [.. value.Sizes.Select(size => size.IsFixed
            ? new OnnxSize(size.Fixed)
            : new OnnxSize(null, size is { Scale: 1, Offset: 0 } ? options.DynamicName : $"{options.DynamicName}_{size.Scale}_{size.Offset}"))]);

    private static string[] Names(ModelBuilder builder, IReadOnlyList<string>? given, int count, string name, string option)
    {
        if (given is not null && given.Count != count)
        {
            throw new ArgumentException($"OnnxOptions.{option} has {given.Count} names for {count} tensors. Name each, or leave it null.", option);
        }

        return [.. Enumerable.Range(0, count).Select(i => builder.Take(
            given?[i] ?? (count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{i}"))))];
    }

    /// <summary>The sizes of the dynamic dimension to trace the function for, and which inputs have it.</summary>
    private static (int[] Sizes, bool[] Varies) SizesToTry(IReadOnlyList<Tensor> example, int? dim)
    {
        var none = new bool[example.Count];
        if (dim is not { } d || d < 0 || example.Count == 0 || example[0].Rank <= d || example[0].Shape[d] == 0)
        {
            return dim is < 0
                ? throw new ArgumentOutOfRangeException(
                    nameof(dim), dim, "OnnxOptions.DynamicDim counts from 0. Write null for no dynamic dimension.")
                : ([0], none);
        }

        // A size of one broadcasts and squeezes, which others do not; three sizes show what does not grow evenly.
        var size = example[0].Shape[d];
        var least = Math.Max(size, 2);
        return ([least, least + 1, least + 3], [.. example.Select(input => input.Rank > d && input.Shape[d] == size)]);
    }

    private static Tensor Sized(Tensor input, int? dim, int size) => dim is { } d && input.Shape[d] != size
        ? input.IndexSelect(d, Tensor.Arange(size).Remainder(input.Shape[d]))
        : input;
}
