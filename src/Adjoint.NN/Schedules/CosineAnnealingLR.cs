namespace Adjoint.NN;

/// <summary>
/// A rate that goes along half a cosine to its least value, and back if there are more steps (<c>lr_scheduler.CosineAnnealingLR</c>).
/// </summary>
public sealed class CosineAnnealingLR : LRScheduler
{
    private readonly int _tMax;
    private readonly double _etaMin;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="tMax">How many steps lead to the least rate.</param>
    /// <param name="etaMin">The least rate.</param>
    public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin = 0)
        : base(optimizer)
    {
        ThrowUnless(tMax > 0, "T_max must be positive");
        _tMax = tMax;
        _etaMin = etaMin;
        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) => LastEpoch switch
    {
        0 => rate,
        _ when (LastEpoch - 1 - _tMax) % (2 * _tMax) == 0 => rate + ((BaseRates[index] - _etaMin) * (1 - Math.Cos(Math.PI / _tMax)) / 2),
        _ => ((1 + Math.Cos(Math.PI * LastEpoch / _tMax)) / (1 + Math.Cos(Math.PI * (LastEpoch - 1) / _tMax)) * (rate - _etaMin)) + _etaMin,
    };

    /// <inheritdoc/>
    private protected override double Jump(int index) => _etaMin + ((BaseRates[index] - _etaMin) * (1 + Math.Cos(Math.PI * LastEpoch / _tMax)) / 2);
}
