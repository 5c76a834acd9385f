using System.Collections;

namespace Adjoint.NN;

/// <summary>Schedules one after another, such as a rise and then a fall (<c>lr_scheduler.SequentialLR</c>).</summary>
public sealed class SequentialLR : LRScheduler
{
    private readonly LRScheduler[] _schedulers;
    private readonly int[] _milestones;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="schedulers">The schedules, of the same optimiser.</param>
    /// <param name="milestones">At which step each but the first begins, rising.</param>
    /// <exception cref="ArgumentException">The counts do not fit, or a schedule is of another optimiser.</exception>
    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(schedulers);
        ArgumentNullException.ThrowIfNull(milestones);
        (_schedulers, _milestones) = ([.. schedulers], [.. milestones]);
        ThrowUnless(
            _schedulers.Length > 0 && _milestones.Length == _schedulers.Length - 1,
            "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points");
        ThrowUnless(
            Array.TrueForAll(_schedulers, scheduler => ReferenceEquals(scheduler?.Optimizer, optimizer)),
            "Sequential Schedulers expects all schedulers to belong to the same optimizer");
        ThrowUnless(
            !Array.Exists(_schedulers, scheduler => scheduler is ReduceLROnPlateau),
            "SequentialLR does not take ReduceLROnPlateau, which needs a measure");

        // Each has set its own first rates by now.
        foreach (var group in optimizer.Groups)
        {
            group.LearningRate = group.Number(InitialName);
        }

        Array.ForEach(_schedulers, scheduler => scheduler.Rewind());
        _schedulers[0].Step();
        LastEpoch = 0;
    }

    /// <inheritdoc/>
    public override void Step()
    {
        LastEpoch++;
        var index = _milestones.Count(milestone => milestone <= LastEpoch);
        if (index > 0 && _milestones[index - 1] == LastEpoch)
        {
            _schedulers[index].Enter();
        }
        else
        {
            _schedulers[index].Step();
        }
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
        ChainedScheduler.Load(_schedulers, state);
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => rate;
}
