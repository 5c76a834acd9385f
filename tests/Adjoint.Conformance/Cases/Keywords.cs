using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>Python's keyword arguments of a case; each has to be asked for.</summary>
internal sealed class Keywords
{
    private readonly Dictionary<string, JsonElement> _values;
    private readonly HashSet<string> _asked = [];

    public Keywords(JsonElement json) => _values = json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value);

    public double Number(string name, double otherwise) => Asked(name) is { } value ? CaseValue.Real(value) : otherwise;

    public int Whole(string name, int otherwise) => Asked(name)?.GetInt32() ?? otherwise;

    public int? Whole(string name) => Asked(name)?.GetInt32();

    public bool Flag(string name, bool otherwise = false) => Asked(name)?.GetBoolean() ?? otherwise;

    public string? Text(string name) => Asked(name)?.GetString();

    public int[] Wholes(string name) => [.. Asked(name)!.Value.EnumerateArray().Select(item => item.GetInt32())];

    public (double First, double Second) Pair(string name, double first, double second) =>
        Asked(name) is { } value ? (CaseValue.Real(value[0]), CaseValue.Real(value[1])) : (first, second);

    /// <exception cref="MissingException">There is an argument that nobody asked for.</exception>
    public void ThrowUnlessAllAsked(string of)
    {
        if (_values.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } name)
        {
            throw new MissingException($"{of}({name}=)");
        }
    }

    private JsonElement? Asked(string name)
    {
        _asked.Add(name);
        return _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
