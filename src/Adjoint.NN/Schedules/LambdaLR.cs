namespace Adjoint.NN;

/// <summary>A rate that is the first one times a function of the count of steps (<c>lr_scheduler.LambdaLR</c>).</summary>
public sealed class LambdaLR : LRScheduler
{
    private readonly Func<int, double> _factor;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="lrLambda">The factor after so many steps.</param>
    public LambdaLR(Optimizer optimizer, Func<int, double> lrLambda)
        : base(optimizer)
    {
        ArgumentNullException.ThrowIfNull(lrLambda);
        _factor = lrLambda;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => BaseRates[index] * _factor(LastEpoch);
}
