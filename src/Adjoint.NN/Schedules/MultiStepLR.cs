namespace Adjoint.NN;

/// <summary>A rate that falls by a factor at given steps (<c>lr_scheduler.MultiStepLR</c>).</summary>
public sealed class MultiStepLR : LRScheduler
{
    private readonly int[] _milestones;
    private readonly double _gamma;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="milestones">The steps; one that is there twice counts twice.</param>
    /// <param name="gamma">The factor.</param>
    public MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma = 0.1)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _milestones = [.. milestones.Order()];
        _gamma = gamma;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => rate * Math.Pow(_gamma, _milestones.Count(milestone => milestone == LastEpoch));

    /// <inheritdoc/>
    private protected override double Jump(int index) => BaseRates[index] * Math.Pow(_gamma, _milestones.Count(milestone => milestone <= LastEpoch));
}
