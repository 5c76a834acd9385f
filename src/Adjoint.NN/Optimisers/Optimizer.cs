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
public abstract class Optimizer
{
    private readonly Tensor[] _parameters;
    private readonly Action _update;

    /// <summary>Takes what all optimisers share.</summary>
    /// <param name="parameters">What to optimise.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="weightDecay">How much of a parameter is added to its gradient.</param>
    /// <exception cref="ArgumentException">A number is negative, or the parameters are none, not leaves, or not
    /// different.</exception>
    protected Optimizer(IEnumerable<Tensor> parameters, double lr, double weightDecay)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ThrowUnless(lr >= 0, $"Invalid learning rate: {lr}");
        ThrowUnless(weightDecay >= 0, $"Invalid weight_decay value: {weightDecay}");
        _parameters = [.. parameters];
        Array.ForEach(_parameters, parameter => ArgumentNullException.ThrowIfNull(parameter, nameof(parameters)));
        ThrowUnless(
            _parameters.Length > 0,
            "optimizer got an empty parameter list. model.Parameters() lists those that a module names with Parameter and Child.");
        ThrowUnless(
            _parameters.Distinct().Count() == _parameters.Length, "some parameters appear more than once in the list");
        ThrowUnless(Array.TrueForAll(_parameters, parameter => parameter.IsLeaf), 
            "can't optimize a non-leaf Tensor. Hand over the parameters, not what is computed of them; x.Detach() makes a leaf.");
        _update = UpdateAll;
        LearningRate = lr;
        WeightDecay = weightDecay;
    }

    /// <summary>The size of steps; may be changed between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>How much of a parameter is added to its gradient, which pulls it towards zero.</summary>
    public double WeightDecay { get; }

    /// <summary>What is optimised.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

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
    public void Step() => Autograd.NoGrad(_update);

    /// <summary>Changes one parameter in place; nothing is recorded meanwhile.</summary>
    /// <param name="index">Its place in <see cref="Parameters"/>, for what is remembered of it.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, of the same shape and dtype.</param>
    protected abstract void Update(int index, Tensor parameter, Tensor gradient);

    /// <summary>Zeros like a parameter, to remember something of it over all steps: no <see cref="TensorScope"/> around a step takes them.</summary>
    private protected static Tensor State(Tensor parameter)
    {
        using (TensorScope.Suspend())
        {
            return Tensor.ZerosLike(parameter);
        }
    }

    private void UpdateAll()
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].Grad is { } gradient)
            {
                Update(i, _parameters[i], gradient);
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
