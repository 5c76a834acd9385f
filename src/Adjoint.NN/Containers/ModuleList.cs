using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint.NN;

/// <summary>
/// A list of modules whose parameters count (<c>torch.nn.ModuleList</c>), named <c>0</c>, <c>1</c>, ...; unlike a field
/// with an array, it cannot be overlooked. It has no <c>Forward</c>: the module that holds it says how the parts are
/// used.
/// </summary>
/// <example><code>_blocks = Child("blocks", new ModuleList&lt;Block&gt;([.. Enumerable.Range(0, 6).Select(_
/// => new Block(64))]));</code></example>
[CollectionBuilder(typeof(ModuleList), nameof(ModuleList.Create))]
public sealed class ModuleList<M> : Module, IReadOnlyList<M>
    where M : Module
{
    private readonly List<M> _modules = [];

    /// <summary>Lists modules.</summary>
    public ModuleList(params ReadOnlySpan<M> modules)
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>The number of modules.</summary>
    public int Count => _modules.Count;

    /// <summary>A module by its position.</summary>
    public M this[int index] => _modules[index];

    /// <summary>Like neighbours are printed as one line with their number, as in PyTorch 2.</summary>
    private protected override IEnumerable<(string Name, string Text)> PrintedChildren
    {
        get
        {
            var texts = _modules.ConvertAll(module => module.ToString());
            for (int first = 0, end; first < texts.Count; first = end)
            {
                for (end = first + 1; end < texts.Count && texts[end] == texts[first];)
                {
                    end++;
                }

                yield return end == first + 1
                    ? ($"{first}", texts[first])
                    : ($"{first}-{end - 1}", $"{end - first} x {texts[first]}");
            }
        }
    }

    /// <summary>Appends a module.</summary>
    public void Add(M module) => _modules.Add(Child(Count.ToString(CultureInfo.InvariantCulture), module));

    /// <inheritdoc/>
    public IEnumerator<M> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What a collection expression calls to make a <see cref="ModuleList{M}"/>.</summary>
public static class ModuleList
{
    /// <summary>Lists modules.</summary>
    public static ModuleList<M> Create<M>(ReadOnlySpan<M> modules)
        where M : Module => new(modules);
}
