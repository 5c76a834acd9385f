using System.Collections;

namespace Adjoint.NN;

/// <summary>
/// Parameters that are optimised with the same settings (a dictionary of PyTorch's <c>param_groups</c>). What is not set is the optimiser's.
/// Settings have
/// PyTorch's names, such as <c>group["weight_decay"]</c>: numbers are <see cref="double"/>, <c>betas</c> and other pairs <c>(double, double)</c>.
/// </summary>
/// <example>
/// <code>
/// var optimizer = new AdamW(
///     new ParameterGroups(
///         new ParameterGroup(body.Parameters()),
///         new ParameterGroup(head.Parameters()) { LearningRate = 1e-2, ["betas"] = (0.8, 0.99) }),
///     lr: 1e-3);
/// </code>
/// </example>
public sealed class ParameterGroup
{
    private readonly Tensor[] _parameters;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">What to optimise.</param>
    public ParameterGroup(params IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        Array.ForEach(_parameters, parameter => ArgumentNullException.ThrowIfNull(parameter, nameof(parameters)));
    }

    /// <summary>What is optimised.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>The size of steps (<c>lr</c>); may be changed between steps.</summary>
    public double LearningRate
    {
        get => Number("lr");
        set => this["lr"] = value;
    }

    /// <summary>How much parameters are pulled towards zero (<c>weight_decay</c>).</summary>
    public double WeightDecay
    {
        get => Number("weight_decay");
        set => this["weight_decay"] = value;
    }

    /// <summary>The names of the settings.</summary>
    public IEnumerable<string> Names => Options.Keys;

    /// <summary>A setting by PyTorch's name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    public object? this[string name]
    {
        get => Options[name];
        set => Options[name] = value is int or float ? Convert.ToDouble(value, null) : value;
    }

    /// <summary>A setting that is a number.</summary>
    /// <param name="name">PyTorch's name.</param>
    public double Number(string name) => (double)Options[name]!;

    /// <summary>A setting that is true or false.</summary>
    /// <param name="name">PyTorch's name.</param>
    public bool Flag(string name) => (bool)Options[name]!;

    /// <summary>A setting that is two numbers.</summary>
    /// <param name="name">PyTorch's name.</param>
    public (double First, double Second) Pair(string name) => ((double, double))Options[name]!;

    internal OrderedDictionary<string, object?> Options { get; } = [];

    internal Tensor[] Items => _parameters;

    /// <summary>Whether there is a setting of a name.</summary>
    internal bool Has(string name) => Options.ContainsKey(name);
}

/// <summary>Several groups of parameters, for an optimiser in place of a list of parameters.</summary>
/// <param name="groups">The groups.</param>
public sealed class ParameterGroups(params IEnumerable<ParameterGroup> groups) : IEnumerable<Tensor>
{
    internal ParameterGroup[] Groups { get; } = [.. groups ?? throw new ArgumentNullException(nameof(groups))];

    /// <summary>All parameters, group by group.</summary>
    public IEnumerator<Tensor> GetEnumerator() => Groups.SelectMany(group => group.Parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
