namespace Adjoint.NN;

/// <summary>
/// A part of a model: a tree of named parameters (<c>torch.nn.Module</c>). A module gets its parameters and children
/// through <see cref="Parameter"/> and <see cref="Child"/>, which return what they register, so that a layer cannot
/// have a parameter that the optimiser does not see. There is no reflection and no final call. <see cref="Layer"/> is
/// the module that maps a tensor to a tensor; a module of another form writes a <c>Forward</c> of its own.
/// </summary>
/// <example>
/// <code>
/// sealed class Residual : Layer
/// {
///     private readonly Linear _inner;
///     private readonly Tensor _scale;
///
///     public Residual(int features)
///     {
///         _inner = Child("inner", new Linear(features, features));
///         _scale = Parameter("scale", Tensor.Ones(features));
///     }
///
///     public override Tensor Forward(Tensor x) => x + _scale * _inner.Forward(x).Relu();
/// }
/// </code>
/// </example>
public abstract partial class Module
{
    private readonly List<(string Name, Tensor Value)> _parameters = [];
    private readonly List<(string Name, Tensor Value)> _buffers = [];
    private readonly List<(string Name, Module Module)> _children = [];
    private readonly HashSet<string> _names = [];
    private HashSet<string>? _parametrizable;
    private ModuleDict<ParametrizationList>? _parametrizations;
    private bool _isChild;

    /// <summary>
    /// Whether the model is being trained (as at first) or evaluated; layers such as dropout differ in that.
    /// </summary>
    public bool Training { get; private set; } = true;

    /// <summary>The modules directly inside this one, in the order of their registration.</summary>
    public IReadOnlyList<(string Name, Module Module)> NamedChildren => _children;

    /// <summary>
    /// This module and all below it, each once, with names such as <c>encoder.0</c>; this one's own name is empty.
    /// </summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() => Tree();

    /// <summary>All parameters, each once, with PyTorch's names, such as <c>0.weight</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedParameters()
    {
        var seen = new HashSet<Tensor>();
        foreach (var (prefix, module) in NamedModules())
        {
            foreach (var (name, value) in module._parameters)
            {
                // A parameter that two layers share is still one parameter.
                if (seen.Add(value))
                {
                    yield return (Joined(prefix, name), value);
                }
            }
        }
    }

    /// <summary>All parameters, each once: what an optimiser takes.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(parameter => parameter.Value);

    /// <summary>All tensors that belong to the state but are no parameters, such as running statistics, each once, with PyTorch's names.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedBuffers()
    {
        var seen = new HashSet<Tensor>();
        foreach (var (prefix, module) in NamedModules())
        {
            foreach (var (name, value) in module._buffers)
            {
                if (seen.Add(value))
                {
                    yield return (Joined(prefix, name), value);
                }
            }
        }
    }

    /// <summary>Forgets the gradients of all parameters, so that the next backward pass starts anew.</summary>
    /// <param name="setToNull">Set <see cref="Tensor.Grad"/> to null; otherwise fill it with zeros.</param>
    public void ZeroGrad(bool setToNull = true)
    {
        foreach (var parameter in Parameters())
        {
            parameter.ZeroGrad(setToNull);
        }
    }

    /// <summary>The module as PyTorch prints it: its class, its settings, and its children below each other.</summary>
    public override string ToString() => ModuleText.Of(this);

    /// <summary>
    /// The settings that stand in the brackets of <see cref="ToString"/>, such as <c>in_features=64</c>.
    /// </summary>
    protected internal virtual string Settings => string.Empty;

    /// <summary>The children as they are printed: one line each, unless a container has a shorter form.</summary>
    private protected virtual IEnumerable<(string Name, string Text)> PrintedChildren =>
        _children.Select(child => (child.Name, child.Module.ToString()));

    /// <summary>The class in <see cref="ToString"/>; a generic one is called ModuleList`1 by the runtime.</summary>
    private protected virtual string PrintedName => GetType().Name.Split('`')[0];

    internal (string Name, IEnumerable<(string Name, string Text)> Children) Printed =>
        (HasParametrizations ? "Parametrized" + PrintedName : PrintedName, PrintedChildren);

    /// <summary>Makes a tensor a parameter of this module: it requires grad, and optimisers find it.</summary>
    /// <param name="name">The name in this module, such as <c>weight</c>.</param>
    /// <param name="value">A leaf of a floating-point dtype.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken.</exception>
    /// <exception cref="AutogradException">The tensor is not a leaf, or its dtype has no gradients.</exception>
    protected Tensor Parameter(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckName("parameter", name);
        if (!value.IsLeaf)
        {
            throw new AutogradException(
                $"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created explicitly. " +
                $"To express '{name}' as a function of another Tensor, compute the value in the Forward() method.");
        }

        value.RequiresGrad = true;
        _names.Add(name);
        _parameters.Add((name, value));
        return value;
    }

    /// <summary>Makes a tensor a part of this module's state that no optimiser changes, such as a running mean
    /// (PyTorch's <c>register_buffer</c>).</summary>
    /// <param name="name">The name in this module, such as <c>running_mean</c>.</param>
    /// <param name="value">The tensor.</param>
    /// <returns>The same tensor.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken.</exception>
    protected Tensor Buffer(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckName("buffer", name);
        _names.Add(name);
        _buffers.Add((name, value));
        return value;
    }

    /// <summary>Makes a module a part of this one.</summary>
    /// <param name="name">The name in this module, such as <c>encoder</c>.</param>
    /// <param name="module">The part; the same one may be used more than once, and then shares its parameters.</param>
    /// <returns>The same module.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a dot, or is taken; or the module contains this
    /// one.</exception>
    protected M Child<M>(string name, M module)
        where M : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        CheckName("module", name);

        // What was never added to a module is in none.
        if (ReferenceEquals(module, this) || (_isChild && module.NamedModules().Any(inner => ReferenceEquals(inner.Module, this))))
        {
            throw new ArgumentException($"module '{name}' contains the module that it is added to.", nameof(module));
        }

        _names.Add(name);
        module._isChild = true;
        _children.Add((name, module));
        return module;
    }

    internal void SetTraining(bool training)
    {
        foreach (var (_, module) in NamedModules())
        {
            module.Training = training;
        }
    }

    private static string Joined(string prefix, string name) => prefix.Length == 0 ? name : prefix + "." + name;

    // On a stack of its own: models may be nested more deeply than iterators should be.
    private IEnumerable<(string Name, Module Module)> Tree()
    {
        var seen = new HashSet<Module>();
        var waiting = new Stack<(string Name, Module Module)>();
        waiting.Push((string.Empty, this));
        while (waiting.TryPop(out var next))
        {
            if (!seen.Add(next.Module))
            {
                continue;
            }

            yield return next;
            for (var i = next.Module._children.Count - 1; i >= 0; i--)
            {
                var (name, child) = next.Module._children[i];
                waiting.Push((Joined(next.Name, name), child));
            }
        }
    }

    /// <summary>This module and all below it, each once, those inside another before it.</summary>
    internal IEnumerable<Module> InnermostFirst()
    {
        var seen = new HashSet<Module> { this };
        var waiting = new Stack<(Module Module, int Next)>();
        waiting.Push((this, 0));
        while (waiting.TryPop(out var top))
        {
            if (top.Next == top.Module._children.Count)
            {
                yield return top.Module;
                continue;
            }

            waiting.Push((top.Module, top.Next + 1));
            var child = top.Module._children[top.Next].Module;
            if (seen.Add(child))
            {
                waiting.Push((child, 0));
            }
        }
    }

    private void CheckName(string kind, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            throw new ArgumentException($"{kind} name can't be empty string \"\"", nameof(name));
        }

        if (name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{kind} name can't contain \".\", got: {name}", nameof(name));
        }

        if (_names.Contains(name))
        {
            throw new ArgumentException($"attribute '{name}' already exists", nameof(name));
        }
    }
}

/// <summary>Switching a whole model between training and evaluation.</summary>
public static class ModuleModes
{
    extension<M>(M module)
        where M : Module
    {
        /// <summary>Puts this module and all below it into training mode, or out of it; returns the module.</summary>
        public M Train(bool mode = true)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.SetTraining(mode);
            return module;
        }

        /// <summary>Puts this module and all below it into evaluation mode; returns the module.</summary>
        public M Eval() => module.Train(false);
    }
}
