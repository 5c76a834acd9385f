namespace Adjoint.NN;

/// <summary>
/// What an optimiser remembers of a parameter from step to step: how many steps it took, and tensors and numbers by PyTorch's names.
/// </summary>
public sealed class ParameterState
{
    /// <summary>The steps so far (<c>step</c>).</summary>
    public long Steps { get; set; }

    /// <summary>Tensors and numbers by PyTorch's names, in the order in which they were made.</summary>
    internal OrderedDictionary<string, object?> Values { get; } = [];

    /// <summary>A tensor of this name: zeros like the parameter at first.</summary>
    /// <param name="name">PyTorch's name, such as <c>exp_avg</c>.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="first">What it is filled with at first.</param>
    public Tensor Get(string name, Tensor parameter, double first = 0)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (Values.TryGetValue(name, out var value))
        {
            return (Tensor)value!;
        }

        // No TensorScope around a step takes it: it lives as long as the optimiser.
        using (TensorScope.Suspend())
        {
            var made = first == 0 ? Tensor.ZerosLike(parameter) : Tensor.FullLike(parameter, first);
            Values[name] = made;
            return made;
        }
    }

    /// <summary>Whether there is something of this name.</summary>
    /// <param name="name">PyTorch's name.</param>
    public bool Has(string name) => Values.ContainsKey(name);

    /// <summary>A number of this name.</summary>
    /// <param name="name">PyTorch's name, such as <c>mu_product</c>.</param>
    /// <param name="first">What it is at first.</param>
    public double Number(string name, double first) => Values.TryGetValue(name, out var value) ? (double)value! : first;

    /// <summary>Remembers a number.</summary>
    /// <param name="name">PyTorch's name.</param>
    /// <param name="value">The number.</param>
    public void Set(string name, double value) => Values[name] = value;
}
