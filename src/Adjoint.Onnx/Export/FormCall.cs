namespace Adjoint.Onnx.Export;

/// <summary>An operator of the function that a form writes down in ONNX: what it reads and gives, its parameters, and where to write.</summary>
/// <param name="builder">The model in the making.</param>
/// <param name="operations">The operator, once for each size that was tried.</param>
/// <param name="sizes">These sizes of the dimension that may differ.</param>
/// <param name="inputs">What it reads.</param>
/// <param name="outputs">What it gives; the names are not known yet.</param>
internal sealed class FormCall(ModelBuilder builder, Operation[] operations, int[] sizes, Value[] inputs, Value[] outputs)
{
    /// <summary>The operator's name.</summary>
    public string Name => operations[0].Name;

    /// <summary>What it reads.</summary>
    public IReadOnlyList<Value> Inputs => inputs;

    /// <summary>What it gives.</summary>
    public IReadOnlyList<Value> Outputs => outputs;

    /// <summary>The first of what it reads.</summary>
    public Value X => inputs[0];

    /// <summary>The first of what it gives.</summary>
    public Value Y => outputs[0];

    /// <summary>The model in the making.</summary>
    public ModelBuilder To => builder;

    /// <summary>The name of an input; empty if there are not so many.</summary>
    public string In(int i, DType? dtype = null)
    {
        if (i >= inputs.Length)
        {
            return string.Empty;
        }

        var value = inputs[i];
        return value.Constant is { } constant ? builder.Constant(constant, dtype ?? value.DType)
            : dtype is null || dtype == value.DType ? value.Name!
            : builder.Cast(value.Name!, dtype);
    }

    /// <summary>The names of all inputs.</summary>
    public string[] All(DType? dtype = null) => [.. Enumerable.Range(0, inputs.Length).Select(i => In(i, dtype))];

    /// <summary>Adds an operator of one result.</summary>
    public string Emit(string type, params string[] names) => builder.Emit(type, names);

    /// <summary>Adds an operator of one result with attributes.</summary>
    public string Emit(string type, string[] names, params (string Name, object Value)[] attributes) => builder.Emit(type, names, attributes);

    /// <summary>The name of a number in the dtype of the result.</summary>
    public string Number(double value) => builder.Number(value, Y.DType);

    /// <summary>A value in other sizes.</summary>
    public string Reshape(string name, params IReadOnlyList<Extent> to)
    {
        // One size that depends on the run follows from the others.
        var varying = to.Count(size => !size.IsFixed);
        return varying == 1 && to.All(size => !size.IsFixed || size.Offset > 0)
            ? Emit("Reshape", name, builder.Wholes([.. to.Select(size => size.IsFixed ? size.Offset : -1)]))
            : varying == 0 && to.All(size => size.Offset > 0) ? Emit("Reshape", name, builder.Sizes(to))
            : Emit("Reshape", [name, builder.Sizes(to)], ("allowzero", 1L));
    }

    /// <summary>A value in another order of dimensions.</summary>
    public string Permute(string name, params IReadOnlyList<int> order) => order.SequenceEqual(Enumerable.Range(0, order.Count))
        ? name
        : Emit("Transpose", [name], ("perm", order.Select(dim => (long)dim).ToArray()));

    /// <summary>Whether the operator has a parameter.</summary>
    public bool Has(string name) => Find(operations[0], name) is not null;

    /// <summary>A parameter that is a whole number, the same in every run.</summary>
    public int Int(string name) => Extent(name).Fixed;

    /// <summary>A parameter that is a whole number.</summary>
    public Extent Extent(string name) => Of(name, operation => [ToWhole(Find(operation, name), name)])[0];

    /// <summary>A parameter that is whole numbers, the same in every run.</summary>
    public int[] Ints(string name) => Array.ConvertAll(Extents(name), extent => extent.Fixed);

    /// <summary>A parameter that is whole numbers.</summary>
    public Extent[] Extents(string name) => Of(name, operation => Find(operation, name) switch
    {
        int[] numbers => Array.ConvertAll(numbers, number => (long)number),
        long[] numbers => numbers,
        var other => [ToWhole(other, name)],
    });

    /// <summary>A parameter that is a number.</summary>
    public double Double(string name) => Same(name) is IConvertible number
        ? number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)
        : throw Missing(name);

    /// <summary>A parameter that is numbers.</summary>
    public double[] Doubles(string name) => Same(name) as double[] ?? throw Missing(name);

    /// <summary>A parameter that is a truth value.</summary>
    public bool Bool(string name) => Same(name) is true;

    /// <summary>A parameter in words.</summary>
    public string Text(string name) => Same(name)?.ToString() ?? string.Empty;

    /// <summary>Which of the inputs of a fused operator is the one at a place of all; -1 for one that is absent.</summary>
    public int Place(int place)
    {
        var absent = Has("absent") ? Ints("absent") : [];
        return Array.IndexOf(absent, place) >= 0 ? -1 : place - absent.Count(other => other < place);
    }

    /// <summary>The name of the input at a place of all; empty for one that is absent.</summary>
    public string InAt(int place, DType? dtype = null) => Place(place) is var i and >= 0 ? In(i, dtype) : string.Empty;

    private static object? Find(Operation operation, string name)
    {
        foreach (var (key, value) in operation.Attributes)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    private object? Same(string name)
    {
        var first = Find(operations[0], name);
        return Array.TrueForAll(operations, operation => Alike(Find(operation, name), first)) ? first : throw Varies(name);
    }

    private static bool Alike(object? a, object? b) => a is double[] x && b is double[] y ? x.AsSpan().SequenceEqual(y) : Equals(a, b);

    private Extent[] Of(string name, Func<Operation, long[]> read)
    {
        var all = Array.ConvertAll(operations, operation => read(operation));
        var made = new Extent[all[0].Length];
        for (var i = 0; i < made.Length; i++)
        {
            if (!Array.TrueForAll(all, each => each.Length == made.Length))
            {
                throw Varies(name);
            }

            made[i] = Export.Extent.Of(Array.ConvertAll(all, each => each[i]), sizes) ?? throw Varies(name);
        }

        return made;
    }

    private long ToWhole(object? value, string name) => value is int or long or bool
        ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)
        : throw Missing(name);

    private OnnxException Missing(string name) => new($"{operations[0]} has no parameter '{name}' that its form in ONNX reads.");

    private OnnxException Varies(string name) => new(
        $"{operations[0]}: '{name}' changes with the size of the dynamic dimension in a way that ONNX has no form for. Export with " +
        "OnnxOptions.DynamicDim = null for the sizes of the example.");
}
