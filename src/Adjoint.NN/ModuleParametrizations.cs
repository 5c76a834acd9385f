namespace Adjoint.NN;

/// <content>Parameters that are computed from others (<c>torch.nn.utils.parametrize</c>).</content>
public abstract partial class Module
{
    private const string Parametrizations = "parametrizations";

    private protected bool HasParametrizations => _parametrizations is not null;

    /// <summary>
    /// Makes a tensor a parameter, as <see cref="Parameter"/> does, in whose place another may be computed. The module then reads it by
    /// <see cref="Current"/> alone, each time that it computes.
    /// </summary>
    /// <param name="name">The name in this module, such as <c>weight</c>.</param>
    /// <param name="value">A leaf of a floating-point dtype.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken.</exception>
    /// <exception cref="AutogradException">The tensor is not a leaf, or its dtype has no gradients.</exception>
    /// <example>
    /// <code>
    /// _kernel = Parametrizable("weight", Tensor.Randn(3, 3));      // in the constructor
    /// public override Tensor Forward(Tensor x) => x.MatMul(Current(_kernel));
    /// </code>
    /// </example>
    protected Tensor Parametrizable(string name, Tensor value)
    {
        Parameter(name, value);
        (_parametrizable ??= []).Add(name);
        return value;
    }

    /// <summary>What a parameter is worth now: itself, or what its parametrisation computes.</summary>
    /// <param name="parameter">What <see cref="Parametrizable"/> returned.</param>
    protected Tensor Current(Tensor parameter)
    {
        if (_parametrizations is { } all)
        {
            foreach (var (_, list) in all.NamedChildren)
            {
                if (ReferenceEquals(((ParametrizationList)list).Original, parameter))
                {
                    return ((ParametrizationList)list).Value();
                }
            }
        }

        return parameter;
    }

    internal ParametrizationList? ParametrizationsOf(string name) =>
        _parametrizations is { } all && all.TryGetValue(name, out var list) ? list : null;

    /// <summary>Takes a parameter out of this module's own and puts it into a list of parametrisations.</summary>
    internal void Parametrize(string name, Func<Tensor, ParametrizationList> list)
    {
        var at = _parameters.FindIndex(parameter => parameter.Name == name);
        if (at < 0)
        {
            throw new ArgumentException(
                $"Module '{PrintedName}' does not have a parameter with name '{name}'. It has " +
                $"{(_parameters.Count == 0 ? "none" : string.Join(", ", _parameters.Select(parameter => parameter.Name)))}.", nameof(name));
        }

        if (_parametrizable?.Contains(name) != true)
        {
            throw new ArgumentException(
                $"'{name}' of {PrintedName} cannot be computed from other parameters: register it with Parametrizable(\"{name}\", ...) and read it " +
                $"with Current.", nameof(name));
        }

        var value = _parameters[at].Value;
        var requiresGrad = value.RequiresGrad;
        var made = list(value);
        value.RequiresGrad = requiresGrad;
        _parametrizations ??= Child(Parametrizations, new ModuleDict<ParametrizationList>());
        _parametrizations.Add(name, made);
        _parametrizations.SetTraining(Training);
        _parameters.RemoveAt(at);
    }

    /// <summary>Undoes <see cref="Parametrize"/>: the tensor is a parameter again.</summary>
    internal void Unparametrize(string name)
    {
        var value = _parametrizations![name].Original;
        var kept = _parametrizations;
        _parametrizations = null;
        _children.RemoveAll(child => ReferenceEquals(child.Module, kept));
        _names.Remove(Parametrizations);
        foreach (var (other, list) in kept)
        {
            if (other != name)
            {
                _parametrizations ??= Child(Parametrizations, new ModuleDict<ParametrizationList>());
                _parametrizations.Add(other, list);
            }
        }

        _parameters.Add((name, value));
    }
}
