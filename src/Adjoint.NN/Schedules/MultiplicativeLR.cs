namespace Adjoint.NN;

/// <summary>A rate that each step multiplies by a function of the count of steps (<c>lr_scheduler.MultiplicativeLR</c>).</summary>
public sealed class MultiplicativeLR : LRScheduler
{
    private readonly Func<int, double> _factor;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="lrLambda">The factor of a step.</param>
    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lrLambda)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(lrLambda);
        _factor = lrLambda;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch > 0 ? rate * _factor(LastEpoch) : rate;
}
