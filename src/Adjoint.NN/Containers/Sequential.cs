using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint.NN;

/// <summary>Layers one after the other, named <c>0</c>, <c>1</c>, ... (<c>torch.nn.Sequential</c>).</summary>
/// <example><code>Sequential model = [new Linear(64, 32), new ReLU(), new Linear(32, 10)];</code></example>
[CollectionBuilder(typeof(Sequential), nameof(Create))]
public sealed class Sequential : Layer, IReadOnlyList<Layer>
{
    private readonly List<Layer> _layers = [];

    /// <summary>Chains layers.</summary>
    /// <param name="layers">The first takes the input; none makes the identity.</param>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        foreach (var layer in layers)
        {
            _layers.Add(Child(_layers.Count.ToString(CultureInfo.InvariantCulture), layer));
        }
    }

    /// <summary>Chains layers; for an array of them, and for languages that have no spans of parameters.</summary>
    /// <param name="layers">The first takes the input; none makes the identity.</param>
    public Sequential(params Layer[] layers)
        : this((ReadOnlySpan<Layer>)(layers ?? throw new ArgumentNullException(nameof(layers))))
    {
    }

    /// <summary>The number of layers.</summary>
    public int Count => _layers.Count;

    /// <summary>A layer by its position.</summary>
    public Layer this[int index] => _layers[index];

    /// <summary>What a collection expression calls.</summary>
    public static Sequential Create(ReadOnlySpan<Layer> layers) => new(layers);

    /// <summary>Passes the input through all layers in order.</summary>
    /// <param name="x">What the first layer takes.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        foreach (var layer in _layers)
        {
            x = layer.Call(x);
        }

        return x;
    }

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => _layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
