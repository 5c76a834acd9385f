using System.Collections;

namespace Adjoint.NN;

/// <summary>Schedules that each change what the one before left (<c>lr_scheduler.ChainedScheduler</c>).</summary>
public sealed class ChainedScheduler : LRScheduler
{
    private readonly LRScheduler[] _schedulers;

    /// <summary>Makes the schedule; the first rates are set already.</summary>
    /// <param name="schedulers">The schedules, of one optimiser.</param>
    /// <exception cref="ArgumentException">There are none, or they are of several optimisers.</exception>
    public ChainedScheduler(params IEnumerable<LRScheduler> schedulers)
        : this([.. schedulers ?? throw new ArgumentNullException(nameof(schedulers))], 0)
    {
    }

    private ChainedScheduler(LRScheduler[] schedulers, int steps)
        : base(schedulers.Length == 0 ? throw new ArgumentException("ChainedScheduler expects at least one scheduler")
            : schedulers[0] is { } first ? first.Optimizer : throw new ArgumentNullException(nameof(schedulers)))
    {
        ThrowUnless(
            Array.TrueForAll(schedulers, scheduler => ReferenceEquals(scheduler?.Optimizer, Optimizer)),
            "ChainedScheduler expects all schedulers to belong to the same optimizer");
        ThrowUnless(
            !Array.Exists(schedulers, scheduler => scheduler is ReduceLROnPlateau),
            "ChainedScheduler does not take ReduceLROnPlateau, which needs a measure");
        _schedulers = schedulers;
        LastEpoch = steps;
    }

    /// <inheritdoc/>
    public override void Step()
    {
        LastEpoch++;
        Array.ForEach(_schedulers, scheduler => scheduler.Step());
    }

    /// <inheritdoc/>
    public override OrderedDictionary<string, object?> StateDict()
    {
        var state = base.StateDict();
        state["_schedulers"] = _schedulers.Select(scheduler => (object?)scheduler.StateDict()).ToList();
        return state;
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IDictionary state)
    {
        base.LoadStateDict(state);
        Load(_schedulers, state);
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => rate;

    internal static void Load(LRScheduler[] schedulers, IDictionary state)
    {
        var states = (state["_schedulers"] as IEnumerable)?.OfType<IDictionary>().ToArray();
        ThrowUnless(states?.Length == schedulers.Length, "The state is not one of as many schedules.");
        for (var i = 0; i < schedulers.Length; i++)
        {
            schedulers[i].LoadStateDict(states![i]);
        }
    }
}
