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
    /// <exception cref="TensorException">It is not set, and no optimiser has the group yet.</exception>
    public double LearningRate
    {
        get => Rate("lr");
        set => this["lr"] = value;
    }

    /// <summary>How much parameters are pulled towards zero (<c>weight_decay</c>).</summary>
    /// <exception cref="TensorException">It is not set, and no optimiser has the group yet, or one that has no such setting.</exception>
    public double WeightDecay
    {
        get => Rate("weight_decay");
        set => this["weight_decay"] = value;
    }

    /// <summary>The names of the settings.</summary>
    public IEnumerable<string> Names => Options.Keys;

    /// <summary>A setting by PyTorch's name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    public object? this[string name]
    {
        get => Setting(name);
        set => Options[name] = value is int or float ? Convert.ToDouble(value, null) : value;
    }

    /// <summary>A setting that is a number.</summary>
    /// <param name="name">PyTorch's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public double Number(string name) => Setting<double>(name);

    /// <summary>A setting that is true or false.</summary>
    /// <param name="name">PyTorch's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public bool Flag(string name) => Setting<bool>(name);

    /// <summary>A setting that is two numbers.</summary>
    /// <param name="name">PyTorch's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public (double First, double Second) Pair(string name) => Setting<(double, double)>(name);

    internal OrderedDictionary<string, object?> Options { get; } = [];

    internal Tensor[] Items => _parameters;

    /// <summary>Whether there is a setting of a name.</summary>
    internal bool Has(string name) => Options.ContainsKey(name);

    private object? Setting(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Options.TryGetValue(name, out var value) ? value : throw new KeyNotFoundException(
            $"The group has no setting '{name}'. " +
            (Options.Count > 0 ? $"It has {string.Join(", ", Options.Keys)}." : "An optimiser gives it those that are not set."));
    }

    private double Rate(string name) => Has(name) ? Number(name) : throw new TensorException(
        $"The group has no setting '{name}'. Set it, or hand the group to an optimiser that has one first.");

    private T Setting<T>(string name) => Setting(name) is T setting ? setting : throw new ArgumentException(
        $"The setting '{name}' is {Options[name]?.GetType().Name ?? "null"}, and {typeof(T).Name} is asked for.", nameof(name));
}

/// <summary>Several groups of parameters, for an optimiser in place of a list of parameters.</summary>
/// <param name="groups">The groups.</param>
public sealed class ParameterGroups(params IEnumerable<ParameterGroup> groups) : IEnumerable<Tensor>
{
    internal ParameterGroup[] Groups { get; } =
        [.. (groups ?? throw new ArgumentNullException(nameof(groups))).Select(group => group ?? throw new ArgumentNullException(nameof(groups)))];

    /// <summary>All parameters, group by group.</summary>
    public IEnumerator<Tensor> GetEnumerator() => Groups.SelectMany(group => group.Parameters).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
