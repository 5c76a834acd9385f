namespace Adjoint.NN;

/// <summary>A rate that is scaled by a factor for the first steps (<c>lr_scheduler.ConstantLR</c>).</summary>
public sealed class ConstantLR : LRScheduler
{
    private readonly double _factor;
    private readonly int _total;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="factor">The factor, from 0 to 1.</param>
    /// <param name="totalIters">How many steps it holds for.</param>
    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int totalIters = 5)
        : base(optimizer)
    {
        ThrowUnless(factor is >= 0 and <= 1, "Constant multiplicative factor expected to be between 0 and 1.");
        _factor = factor;
        _total = totalIters;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch == 0 ? rate * _factor : LastEpoch == _total ? rate / _factor : rate;

    /// <inheritdoc/>
    private protected override double Jump(int index) => BaseRates[index] * (LastEpoch >= _total ? 1 : _factor);
}
