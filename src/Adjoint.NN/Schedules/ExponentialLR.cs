namespace Adjoint.NN;

/// <summary>A rate that each step multiplies by a factor (<c>lr_scheduler.ExponentialLR</c>).</summary>
public sealed class ExponentialLR : LRScheduler
{
    private readonly double _gamma;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="gamma">The factor.</param>
    public ExponentialLR(Optimizer optimizer, double gamma)
        : base(optimizer)
    {
        _gamma = gamma;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch == 0 ? rate : rate * _gamma;

    /// <inheritdoc/>
    private protected override double Jump(int index) => BaseRates[index] * Math.Pow(_gamma, LastEpoch);
}
