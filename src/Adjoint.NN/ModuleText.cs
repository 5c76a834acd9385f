namespace Adjoint.NN;

/// <summary>The text of a module, by the rules of PyTorch's <c>Module.__repr__</c>.</summary>
internal static class ModuleText
{
    public static string Of(Module module)
    {
        var (name, children) = module.Printed;
        var lines = new List<string>();
        foreach (var (child, text) in children)
        {
            lines.Add($"({child}): {Indented(text)}");
        }

        if (lines.Count == 0)
        {
            return $"{name}({module.Settings})";
        }

        if (module.Settings.Length > 0)
        {
            lines.Insert(0, module.Settings);
        }

        return $"{name}(\n  {string.Join("\n  ", lines)}\n)";
    }

    /// <summary>A true or false as Python writes it.</summary>
    public static string Of(bool value) => value ? "True" : "False";

    /// <summary>A number as Python writes it.</summary>
    public static string Of(double value)
    {
        var text = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    /// <summary>A setting as it was given: a number or a tuple; another number if it was not given.</summary>
    public static string Of(PerAxis values, int otherwise = 0) => values.Count switch
    {
        0 => $"{otherwise}",
        1 => $"{values[0]}",
        _ => values.ToString(),
    };

    /// <summary>A setting of one axis, which PyTorch keeps as a tuple.</summary>
    public static string OfSingle(PerAxis values, int otherwise = 0) => $"({Of(values, otherwise)},)";

    /// <summary>The size of a result, where -1 stands for Python's None.</summary>
    public static string OfSizes(PerAxis values) => Of(values).Replace("-1", "None", StringComparison.Ordinal);

    /// <summary>A setting with a number for each of several axes.</summary>
    public static PerAxis Each(PerAxis values, int axes, int otherwise) => values.Count switch
    {
        0 => Enumerable.Repeat(otherwise, axes).ToArray(),
        1 => Enumerable.Repeat(values[0], axes).ToArray(),
        _ => values,
    };

    /// <summary>A parameter as PyTorch 2 prints it in a container.</summary>
    public static string OfParameter(Tensor parameter) =>
        $"Parameter containing: [{parameter.DType.TorchName} of size {string.Join('x', parameter.Shape.ToArray())}]";

    private static string Indented(string text) => text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
