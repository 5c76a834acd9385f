using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Adjoint.NN;

/// <summary>Parameters by name, that count (<c>torch.nn.ParameterDict</c>), in the order in which they were added.</summary>
/// <example><code>_gains = Child("gains", new ParameterDict { ["left"] = Tensor.Ones([8]), ["right"] = Tensor.Ones([8]) });</code></example>
public sealed class ParameterDict : Module, IReadOnlyDictionary<string, Tensor>
{
    private readonly List<KeyValuePair<string, Tensor>> _parameters = [];
    private readonly Dictionary<string, Tensor> _byName = [];

    /// <inheritdoc/>
    public int Count => _parameters.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _parameters.Select(parameter => parameter.Key);

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => _parameters.Select(parameter => parameter.Value);

    /// <summary>A parameter by its name; a new name adds one.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of the name.</exception>
    /// <exception cref="ArgumentException">The name is taken, empty, or has a dot.</exception>
    public Tensor this[string key]
    {
        get => _byName.TryGetValue(key, out var parameter) ? parameter : throw new KeyNotFoundException(
            $"The dictionary has no parameter '{key}'. It has: {string.Join(", ", Keys)}.");
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Add(key, value);
        }
    }

    private protected override IEnumerable<(string Name, string Text)> PrintedChildren =>
        _parameters.Select(parameter => (parameter.Key, ModuleText.OfParameter(parameter.Value)));

    /// <summary>Adds a parameter.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or has a dot.</exception>
    /// <exception cref="AutogradException">It is not a leaf, or its dtype has no gradients.</exception>
    public void Add(string key, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        _parameters.Add(new(key, Parameter(key, parameter)));
        _byName.Add(key, parameter);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _byName.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => _byName.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
