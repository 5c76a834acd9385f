namespace Adjoint.NN;

/// <summary>A rate that falls to zero as a power of the steps that are left (<c>lr_scheduler.PolynomialLR</c>).</summary>
public sealed class PolynomialLR : LRScheduler
{
    private readonly int _total;
    private readonly double _power;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="totalIters">How many steps it takes.</param>
    /// <param name="power">The power.</param>
    public PolynomialLR(Optimizer optimizer, int totalIters = 5, double power = 1)
        : base(optimizer)
    {
        ThrowUnless(totalIters > 0, "total_iters must be positive");
        _total = totalIters;
        _power = power;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch == 0 || LastEpoch > _total
        ? rate
        : rate * Math.Pow((1 - ((double)LastEpoch / _total)) / (1 - ((LastEpoch - 1.0) / _total)), _power);

    /// <inheritdoc/>
    private protected override double Jump(int index) => BaseRates[index] * Math.Pow(1 - ((double)Math.Min(_total, LastEpoch) / _total), _power);
}
