using System.Collections;
using System.Globalization;

namespace Adjoint.NN;

/// <summary>A list of parameters that count (<c>torch.nn.ParameterList</c>), named <c>0</c>, <c>1</c>, ...</summary>
/// <example><code>_scales = Child("scales", new ParameterList(Tensor.Ones([8]), Tensor.Ones([16])));</code></example>
public sealed class ParameterList : Module, IReadOnlyList<Tensor>
{
    private readonly List<Tensor> _parameters = [];

    /// <summary>Lists parameters.</summary>
    /// <param name="parameters">Leaves of floating-point dtypes.</param>
    /// <exception cref="AutogradException">One is not a leaf, or its dtype has no gradients.</exception>
    public ParameterList(params ReadOnlySpan<Tensor> parameters)
    {
        foreach (var parameter in parameters)
        {
            Add(parameter);
        }
    }

    /// <inheritdoc/>
    public int Count => _parameters.Count;

    /// <inheritdoc/>
    public Tensor this[int index] => _parameters[index];

    private protected override IEnumerable<(string Name, string Text)> PrintedChildren =>
        _parameters.Select((parameter, i) => ($"{i}", ModuleText.OfParameter(parameter)));

    /// <summary>Appends a parameter.</summary>
    /// <exception cref="AutogradException">It is not a leaf, or its dtype has no gradients.</exception>
    public void Add(Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        _parameters.Add(Parameter(Count.ToString(CultureInfo.InvariantCulture), parameter));
    }

    /// <inheritdoc/>
    public IEnumerator<Tensor> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
