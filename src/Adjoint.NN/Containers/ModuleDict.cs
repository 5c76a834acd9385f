using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Adjoint.NN;

/// <summary>
/// Modules by name, whose parameters count (<c>torch.nn.ModuleDict</c>), in the order in which they were added. It has no <c>Forward</c>: the module
/// that holds it says how the parts are used.
/// </summary>
/// <example><code>_heads = Child("heads", new ModuleDict&lt;Linear&gt; { ["age"] = new(64, 1), ["country"] = new(64, 200) });</code></example>
public sealed class ModuleDict<M> : Module, IReadOnlyDictionary<string, M>
    where M : Module
{
    private readonly Dictionary<string, M> _modules = [];

    /// <inheritdoc/>
    public int Count => _modules.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => NamedChildren.Select(child => child.Name);

    /// <inheritdoc/>
    public IEnumerable<M> Values => NamedChildren.Select(child => (M)child.Module);

    /// <summary>A module by its name; a new name adds one.</summary>
    /// <exception cref="KeyNotFoundException">There is no module of the name.</exception>
    /// <exception cref="ArgumentException">The name is taken, empty, or has a dot.</exception>
    public M this[string key]
    {
        get => _modules.TryGetValue(key, out var module) ? module : throw new KeyNotFoundException(
            $"The dictionary has no module '{key}'. It has: {string.Join(", ", Keys)}.");
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Add(key, value);
        }
    }

    /// <summary>Adds a module.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or has a dot.</exception>
    public void Add(string key, M module) => _modules.Add(key, Child(key, module));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _modules.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out M value) => _modules.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, M>> GetEnumerator() =>
        NamedChildren.Select(child => KeyValuePair.Create(child.Name, (M)child.Module)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
