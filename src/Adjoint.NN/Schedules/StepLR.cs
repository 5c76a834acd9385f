namespace Adjoint.NN;

/// <summary>A rate that falls by a factor every so many steps (<c>lr_scheduler.StepLR</c>).</summary>
public sealed class StepLR : LRScheduler
{
    private readonly int _stepSize;
    private readonly double _gamma;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="stepSize">The count of steps between falls.</param>
    /// <param name="gamma">The factor.</param>
    public StepLR(Optimizer optimizer, int stepSize, double gamma = 0.1)
        : base(optimizer)
    {
        ThrowUnless(stepSize > 0, "step_size must be positive");
        _stepSize = stepSize;
        _gamma = gamma;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch == 0 || LastEpoch % _stepSize != 0 ? rate : rate * _gamma;

    /// <inheritdoc/>
    private protected override double Jump(int index) => BaseRates[index] * Math.Pow(_gamma, LastEpoch / _stepSize);
}
