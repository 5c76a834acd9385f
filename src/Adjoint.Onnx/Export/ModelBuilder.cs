using System.Globalization;

namespace Adjoint.Onnx.Export;

/// <summary>The nodes and initializers of a model in the making, with a name for each value.</summary>
internal sealed class ModelBuilder
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly OrderedDictionary<string, Tensor> _initializers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<(Tensor Tensor, DType DType), string> _constants = [];
    private readonly Dictionary<string, string> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, DType DType), string> _casts = [];
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>The largest elements of windows, by image and positions.</summary>
    public Dictionary<(string Image, string Positions), string> Pooled { get; } = [];

    /// <summary>Names that tensors have for the user, such as parameters.</summary>
    public Dictionary<Tensor, string> Names { get; } = [];

    /// <summary>The input that has the size which may differ, and the dimension where it has it.</summary>
    public (string Input, int Dim)? Varying { get; set; }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The initializers.</summary>
    public OrderedDictionary<string, Tensor> Initializers => _initializers;

    /// <summary>A name for a value, with a number behind it if it is taken.</summary>
    public string Take(string name)
    {
        var free = name;
        while (free.Length == 0 || !_taken.Add(free))
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{++_next}");
        }

        return free;
    }

    /// <summary>Adds an operator of one result, and gives the result's name.</summary>
    public string Emit(string type, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes) =>
        Emit(type, inputs, 1, attributes)[0];

    /// <summary>Adds an operator of some results.</summary>
    public string[] Emit(string type, IReadOnlyList<string> inputs, int results, params (string Name, object Value)[] attributes)
    {
        var outputs = new string[results];
        for (var i = 0; i < results; i++)
        {
            outputs[i] = Take(string.Create(CultureInfo.InvariantCulture, $"v{++_next}"));
        }

        var last = inputs.Count;
        while (last > 0 && inputs[last - 1].Length == 0)
        {
            last--;
        }

        _nodes.Add(new OnnxNode(
            type, [.. inputs.Take(last)], outputs, attributes.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)));
        return outputs;
    }

    /// <summary>Adds an operator whose result has a given name.</summary>
    public void EmitAs(string name, string type, string input) =>
        _nodes.Add(new OnnxNode(type, [input], [name], new Dictionary<string, object>(StringComparer.Ordinal)));

    /// <summary>A value through which no gradient flows: the same to other runtimes, and known by its node's name to this one.</summary>
    public string Detach(string name)
    {
        var detached = Emit("Identity", [name]);
        _nodes[^1] = _nodes[^1] with { Name = OnnxNode.DetachName + detached };
        _sources[detached] = name;
        return detached;
    }

    /// <summary>The value that was detached, for operators through which nothing flows anyway.</summary>
    public string Source(string name) => _sources.GetValueOrDefault(name, name);

    /// <summary>Forgets the nodes whose results nothing reads.</summary>
    public void Prune(IEnumerable<string> outputs)
    {
        var read = outputs.ToHashSet(StringComparer.Ordinal);
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            if (_nodes[i].Outputs.Any(read.Contains))
            {
                read.UnionWith(_nodes[i].Inputs);
            }
            else
            {
                _nodes.RemoveAt(i);
            }
        }
    }

    /// <summary>Gives the result of a node another name, where the node gave it and nothing else did.</summary>
    public bool Rename(string from, string to)
    {
        if (!_nodes.Exists(node => node.Outputs.Contains(from)))
        {
            return false;
        }

        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            if (node.Inputs.Contains(from) || node.Outputs.Contains(from))
            {
                _nodes[i] = node with { Inputs = Renamed(node.Inputs), Outputs = Renamed(node.Outputs) };
            }
        }

        return true;

        string[] Renamed(IReadOnlyList<string> names) => [.. names.Select(name => name == from ? to : name)];
    }

    /// <summary>The name of a parameter, which is an initializer from here on.</summary>
    public void Initialize(string name, Tensor tensor) => _initializers.TryAdd(name, tensor);

    /// <summary>The name of a constant in a dtype.</summary>
    public string Constant(Tensor tensor, DType? dtype = null)
    {
        var key = (tensor, dtype ?? tensor.DType);
        if (!_constants.TryGetValue(key, out var name))
        {
            name = Take(Names.TryGetValue(tensor, out var given) && key.Item2 == tensor.DType ? given : "c");
            _constants[key] = name;
            _initializers.Add(name, tensor.Detach().To(key.Item2));
        }

        return name;
    }

    /// <summary>The name of a number.</summary>
    public string Number(double value, DType dtype) => Listed(
        $"{value.ToString("R", CultureInfo.InvariantCulture)}:{dtype}", () => Tensor.Full([], value, DType.Float64).To(dtype));

    /// <summary>The name of a tensor whose elements are all one number.</summary>
    public string Filled(double value, int[] sizes, DType dtype) => Listed(
        $"{value.ToString("R", CultureInfo.InvariantCulture)}:{dtype}:[{string.Join(",", sizes)}]",
        () => Tensor.Full(sizes, value, DType.Float64).To(dtype));

    /// <summary>The name of whole numbers.</summary>
    public string Wholes(params IReadOnlyList<long> values) => Listed(string.Join(",", values), () => Tensor.FromArray(values.ToArray()));

    /// <summary>The name of one whole number without dimensions.</summary>
    public string Whole(long value) => Listed($"{value}:int64", () => Tensor.FromArray([value]).Reshape([]));

    /// <summary>A value in another dtype.</summary>
    public string Cast(string name, DType dtype)
    {
        if (!_casts.TryGetValue((name, dtype), out var cast))
        {
            _casts[(name, dtype)] = cast = Emit("Cast", [name], ("to", (long)Wire.ElementTypes.Of(dtype)));
        }

        return cast;
    }

    /// <summary>The name of sizes as a vector, whatever they depend on.</summary>
    public string Sizes(params IReadOnlyList<Extent> sizes)
    {
        if (sizes.All(size => size.IsFixed))
        {
            return Wholes([.. sizes.Select(size => size.Offset)]);
        }

        var parts = sizes.Select(size => size.IsFixed ? Wholes(size.Offset) : Part(size)).ToArray();
        return parts.Length == 1 ? parts[0] : Emit("Concat", parts, ("axis", 0L));
    }

    private string Part(Extent size)
    {
        var key = size.ToString();
        if (_lists.TryGetValue(key, out var known))
        {
            return known;
        }

        var (input, dim) = Varying ?? throw new OnnxException($"{size} depends on a size that no input has.");
        if (!_lists.TryGetValue("n", out var name))
        {
            name = Emit("Slice", [Emit("Shape", [input]), Wholes(dim), Wholes(dim + 1)]);
            _lists["n"] = name;
        }

        if (size.Scale != 1)
        {
            name = Emit("Mul", [name, Wholes(size.Scale)]);
        }

        return _lists[key] = size.Offset == 0 ? name : Emit("Add", [name, Wholes(size.Offset)]);
    }

    private string Listed(string key, Func<Tensor> make)
    {
        if (!_lists.TryGetValue(key, out var name))
        {
            name = Take("c");
            _lists[key] = name;
            _initializers.Add(name, make());
        }

        return name;
    }
}
