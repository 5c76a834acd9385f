namespace Adjoint.NN;

/// <summary>A rate that is scaled by a factor which changes linearly over the first steps (<c>lr_scheduler.LinearLR</c>).</summary>
public sealed class LinearLR : LRScheduler
{
    private readonly double _start;
    private readonly double _end;
    private readonly int _total;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="startFactor">The factor at first, above 0 and at most 1.</param>
    /// <param name="endFactor">The factor at last, from 0 to 1.</param>
    /// <param name="totalIters">How many steps lie between.</param>
    public LinearLR(Optimizer optimizer, double startFactor = 1.0 / 3, double endFactor = 1, int totalIters = 5)
        : base(optimizer)
    {
        ThrowUnless(startFactor is > 0 and <= 1, "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.");
        ThrowUnless(endFactor is >= 0 and <= 1, "Ending multiplicative factor expected to be between 0 and 1.");
        _start = startFactor;
        _end = endFactor;
        _total = totalIters;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch switch
    {
        0 => rate * _start,
        _ when LastEpoch > _total => rate,
        _ => rate * (1 + ((_end - _start) / ((_total * _start) + ((LastEpoch - 1) * (_end - _start))))),
    };

    /// <inheritdoc/>
    private protected override double Jump(int index) => BaseRates[index] * (_start + ((_end - _start) * Math.Min(_total, LastEpoch) / _total));
}
