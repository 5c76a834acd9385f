namespace Adjoint.NN;

/// <summary>
/// What an optimiser remembers of a parameter from step to step: how many steps it took, and tensors and numbers by PyTorch's names.
/// </summary>
public sealed class ParameterState
{
    private const string Master = "master";

    private int _seen = -1;

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

    /// <summary>The copy in float32 of a parameter of fewer bits.</summary>
    internal Tensor MasterOf(Tensor parameter)
    {
        if (!Has(Master))
        {
            using (TensorScope.Suspend())
            {
                Values[Master] = parameter.Detach().To(DType.Float32);
            }
        }

        var master = (Tensor)Values[Master]!;
        if (_seen != parameter.Version)
        {
            // Somebody wrote to the parameter since the last step: what is no rounding of the copy any more counts.
            var now = parameter.Detach().To(DType.Float32);
            var rounded = master.To(parameter.DType).To(DType.Float32);
            master.Copy_(Tensor.Where(rounded.Eq(now), master, now));
        }

        return master;
    }

    /// <summary>Rounds the copy to the parameter.</summary>
    internal void Round(Tensor parameter)
    {
        parameter.Copy_((Tensor)Values[Master]!);
        _seen = parameter.Version;
    }
}
