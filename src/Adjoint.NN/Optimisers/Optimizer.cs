namespace Adjoint.NN;

/// <summary>
/// What changes parameters along their gradients (<c>torch.optim.Optimizer</c>). Steps are not recorded, change the
/// parameters in place, and pass over a parameter without gradient.
/// </summary>
/// <example>
/// <code>
/// optimizer.ZeroGrad();
/// loss.Forward(model.Forward(x), y).Backward();
/// optimizer.Step();
/// </code>
/// </example>
public abstract partial class Optimizer
{
    private readonly OrderedDictionary<string, object?> _defaults = [];
    private readonly List<ParameterGroup> _groups = [];
    private readonly List<Tensor> _parameters = [];
    private readonly Dictionary<Tensor, ParameterState> _states = new(ReferenceEqualityComparer.Instance);
    private const string EmptyList =
        "optimizer got an empty parameter list. model.Parameters() lists those that a module names with Parameter and Child.";

    private readonly Action _update;

    /// <summary>Takes what all optimisers share.</summary>
    /// <param name="parameters">What to optimise: tensors, or <see cref="ParameterGroups"/>.</param>
    /// <param name="defaults">The settings of groups that have none of their own, by PyTorch's names; <c>lr</c> is one of them.</param>
    /// <exception cref="ArgumentException">A number is out of its range, a group has a setting that the optimiser does not know, or the parameters
    /// are none, not leaves, or not different.</exception>
    protected Optimizer(IEnumerable<Tensor> parameters, params IEnumerable<(string Name, object? Value)> defaults)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(defaults);
        foreach (var (name, value) in defaults)
        {
            _defaults[name] = value;
        }

        _update = UpdateAll;
        CheckCommon(_defaults);
        foreach (var group in parameters is ParameterGroups groups ? groups.Groups : [new ParameterGroup(parameters)])
        {
            AddParamGroup(group);
        }

        ThrowUnless(_groups.Count > 0, EmptyList);
    }

    /// <summary>The size of steps: that of the first group; setting it sets that of all. It may be changed between steps.</summary>
    public double LearningRate
    {
        get => _groups[0].LearningRate;
        set => _groups.ForEach(group => group.LearningRate = value);
    }

    /// <summary>
    /// Whether parameters of float16 and bfloat16 have a copy in float32, which steps change and which is rounded to the parameter afterwards; what
    /// is remembered of them is in float32 too. Without it a step that is smaller than half the distance to the next number is lost: in bfloat16, of
    /// eight bits, that is most steps near the end of a training. The copies take four bytes a number, and are <c>master</c> in the state. PyTorch
    /// has none; <see cref="LBFGS"/> has none either.
    /// </summary>
    public bool MasterWeights { get; init; } = true;

    /// <summary>What is optimised, group by group.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>The groups of parameters with their settings (<c>param_groups</c>).</summary>
    public IReadOnlyList<ParameterGroup> Groups => _groups;

    /// <summary>Adds parameters, such as those of layers that are no longer frozen (<c>add_param_group</c>).</summary>
    /// <param name="group">The parameters and the settings in which they differ.</param>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public void AddParamGroup(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        ThrowUnless(group.Items.Length > 0, EmptyList);
        ThrowUnless(
            group.Items.Distinct().Count() == group.Items.Length, "some parameters appear more than once in the list");
        ThrowUnless(!group.Items.Any(_states.ContainsKey), "some parameters appear in more than one parameter group");
        ThrowUnless(
            Array.TrueForAll(group.Items, parameter => parameter.IsLeaf),
            "can't optimize a non-leaf Tensor. Hand over the parameters, not what is computed of them; x.Detach() makes a leaf.");
        foreach (var name in group.Names)
        {
            ThrowUnless(
                _defaults.ContainsKey(name), $"{GetType().Name} has no setting '{name}': it has {string.Join(", ", _defaults.Keys)}");
        }

        foreach (var (name, value) in _defaults)
        {
            group.Options.TryAdd(name, value);
        }

        CheckCommon(group.Options);
        _groups.Add(group);
        _parameters.AddRange(group.Items);
        foreach (var parameter in group.Items)
        {
            _states.Add(parameter, new ParameterState());
        }
    }

    /// <summary>Forgets the gradients of the parameters, so that the next backward pass starts anew.</summary>
    /// <param name="setToNull">Set <see cref="Tensor.Grad"/> to null; otherwise fill it with zeros.</param>
    public void ZeroGrad(bool setToNull = true)
    {
        foreach (var parameter in _parameters)
        {
            parameter.ZeroGrad(setToNull);
        }
    }

    /// <summary>Changes every parameter that has a gradient.</summary>
    public virtual void Step() => Autograd.NoGrad(_update);

    /// <summary>Evaluates the loss and its gradients, then changes every parameter that has one.</summary>
    /// <param name="closure">Forgets the gradients, computes the loss, runs its backward pass, and returns it.</param>
    /// <returns>The loss.</returns>
    public virtual Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        var loss = Autograd.EnableGrad(closure);
        Step();
        return loss;
    }

    /// <summary>What is remembered of a parameter.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    public ParameterState State(Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return _states.TryGetValue(parameter, out var state)
            ? state
            : throw new ArgumentException("The tensor is not among the parameters of this optimizer.", nameof(parameter));
    }

    /// <summary>Changes one parameter in place; nothing is recorded meanwhile.</summary>
    /// <param name="group">The settings.</param>
    /// <param name="parameter">The parameter, or its copy in float32, see <see cref="MasterWeights"/>.</param>
    /// <param name="gradient">Its gradient, of the same shape and dtype.</param>
    /// <param name="state">What is remembered of it.</param>
    protected abstract void Update(ParameterGroup group, Tensor parameter, Tensor gradient, ParameterState state);

    private void UpdateAll()
    {
        foreach (var group in _groups)
        {
            foreach (var parameter in group.Items)
            {
                if (parameter.Grad is not { } gradient)
                {
                    continue;
                }

                var state = _states[parameter];
                if (HasMaster(parameter))
                {
                    var master = state.MasterOf(parameter);
                    Update(group, master, gradient.To(master.DType), state);
                    state.Round(parameter);
                }
                else
                {
                    Update(group, parameter, gradient, state);
                }
            }
        }
    }

    private bool HasMaster(Tensor parameter) => MasterWeights && parameter.DType is var dtype && (dtype == DType.Float16 || dtype == DType.BFloat16);

    private static void CheckCommon(OrderedDictionary<string, object?> options)
    {
        Range("lr", "learning rate");
        Range("weight_decay", "weight_decay value");
        Range("eps", "epsilon value");
        Range("momentum", "momentum value");
        if (options.TryGetValue("betas", out var betas) && betas is (double first, double second))
        {
            ThrowUnless(first is >= 0 and < 1, $"Invalid beta parameter at index 0: {first}");
            ThrowUnless(second is >= 0 and < 1, $"Invalid beta parameter at index 1: {second}");
        }

        void Range(string name, string text)
        {
            if (options.TryGetValue(name, out var value))
            {
                ThrowUnless(value is double number && number >= 0, $"Invalid {text}: {value}");
            }
        }
    }

    private protected static void ThrowUnless(bool condition, FormattableString message)
    {
        if (!condition)
        {
            throw new ArgumentException(FormattableString.Invariant(message));
        }
    }

    private protected static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
