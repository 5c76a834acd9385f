using System.Collections;
using System.Globalization;

namespace Adjoint.NN;

/// <summary>
/// What changes an optimiser's learning rates from step to step (<c>torch.optim.lr_scheduler.LRScheduler</c>). A schedule sets the first rates when
/// it is
/// made; <see cref="Step()"/> after a step or an epoch, as the schedule is meant, sets the next.
/// </summary>
/// <example>
/// <code>
/// var schedule = new CosineAnnealingLR(optimizer, tMax: epochs);
/// for (var epoch = 0; epoch &lt; epochs; epoch++) { Train(); schedule.Step(); }
/// </code>
/// </example>
public abstract class LRScheduler
{
    private protected const string InitialName = "initial_lr";

    /// <summary>Takes the optimiser; a derived constructor ends with <see cref="Begin"/>.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    private protected LRScheduler(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Optimizer = optimizer;
        foreach (var group in optimizer.Groups)
        {
            group.Options.TryAdd(InitialName, group.LearningRate);
        }

        BaseRates = [.. optimizer.Groups.Select(group => group.Number(InitialName))];
    }

    /// <summary>Whose rates are changed.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>How often <see cref="Step()"/> was called; 0 at first.</summary>
    public int LastEpoch { get; private protected set; } = -1;

    /// <summary>The rates of all groups (<c>get_last_lr</c>).</summary>
    public IReadOnlyList<double> GetLastLR() => [.. Optimizer.Groups.Select(group => group.LearningRate)];

    /// <summary>The rates of the groups before any schedule.</summary>
    private protected double[] BaseRates { get; set; }

    /// <summary>Sets the next rates.</summary>
    public virtual void Step()
    {
        LastEpoch++;
        Apply();
    }

    /// <summary>The state as PyTorch's <c>state_dict</c> has it.</summary>
    public virtual OrderedDictionary<string, object?> StateDict() => new()
    {
        ["base_lrs"] = BaseRates.Select(rate => (object?)rate).ToList(),
        ["last_epoch"] = (long)LastEpoch,
        ["_step_count"] = (long)LastEpoch + 1,
        ["_last_lr"] = GetLastLR().Select(rate => (object?)rate).ToList(),
    };

    /// <summary>Takes over a state. The rates themselves belong to the optimiser's state.</summary>
    /// <param name="state">What <see cref="StateDict"/> of such a schedule gave.</param>
    /// <exception cref="ArgumentException">Something is missing.</exception>
    public virtual void LoadStateDict(IDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LastEpoch = (int)Real(state, "last_epoch");
        if (state["base_lrs"] is IEnumerable rates)
        {
            var read = rates.Cast<object>().Select(rate => Convert.ToDouble(rate, CultureInfo.InvariantCulture)).ToArray();
            BaseRates = read.Length == BaseRates.Length
                ? read
                : throw new ArgumentException("loaded state dict has a different number of parameter groups");
        }
    }

    /// <summary>A group's rate at <see cref="LastEpoch"/>, from the rate before where the schedule is written so.</summary>
    /// <param name="index">The group.</param>
    /// <param name="rate">Its rate before.</param>
    private protected abstract double Next(int index, double rate);

    /// <summary>A group's rate at <see cref="LastEpoch"/>, whatever it was before; where a sequence begins a schedule.</summary>
    private protected virtual double Jump(int index) => Next(index, Optimizer.Groups[index].LearningRate);

    /// <summary>Sets the first rates.</summary>
    private protected void Begin() => Step();

    /// <summary>Goes back before the first step.</summary>
    internal virtual void Rewind() => LastEpoch--;

    /// <summary>Begins here, in the place of another schedule.</summary>
    internal virtual void Enter()
    {
        LastEpoch = 0;
        for (var i = 0; i < Optimizer.Groups.Count; i++)
        {
            Optimizer.Groups[i].LearningRate = Jump(i);
        }
    }

    private protected void Apply()
    {
        for (var i = 0; i < Optimizer.Groups.Count; i++)
        {
            var group = Optimizer.Groups[i];
            group.LearningRate = Next(i, group.LearningRate);
        }
    }

    private protected static double Real(IDictionary state, string name) => Convert.ToDouble(
        state[name] ?? throw new ArgumentException($"The state of a schedule has no '{name}'."), CultureInfo.InvariantCulture);

    private protected static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
