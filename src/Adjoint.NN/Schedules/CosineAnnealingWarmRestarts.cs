using System.Collections;

namespace Adjoint.NN;

/// <summary>
/// A rate that goes along half a cosine to its least value and then starts again, each time over more steps
/// (<c>lr_scheduler.CosineAnnealingWarmRestarts</c>; Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017).
/// </summary>
public sealed class CosineAnnealingWarmRestarts : LRScheduler
{
    private readonly int _t0;
    private readonly int _factor;
    private readonly double _etaMin;
    private int _period;
    private int _place = -1;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="t0">How many steps the first run has.</param>
    /// <param name="tMult">How many times as many each later run has.</param>
    /// <param name="etaMin">The least rate.</param>
    /// <exception cref="ArgumentException">t0 or tMult is not positive.</exception>
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult = 1, double etaMin = 0)
        : base(optimizer)
    {
        ThrowUnless(t0 > 0, "Expected positive integer T_0");
        ThrowUnless(tMult >= 1, "Expected integer T_mult >= 1");
        (_t0, _factor, _etaMin, _period) = (t0, tMult, etaMin, t0);
        Begin();
    }

    /// <inheritdoc/>
    public override void Step()
    {
        LastEpoch++;
        if (++_place >= _period)
        {
            _place -= _period;
            _period *= _factor;
        }

        Apply();
    }

    /// <inheritdoc/>
    public override OrderedDictionary<string, object?> StateDict()
    {
        var state = base.StateDict();
        state["T_i"] = (long)_period;
        state["T_cur"] = (long)_place;
        return state;
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IDictionary state)
    {
        base.LoadStateDict(state);
        (_period, _place) = ((int)Real(state, "T_i"), (int)Real(state, "T_cur"));
    }

    /// <inheritdoc/>
    internal override void Rewind()
    {
        base.Rewind();
        _place--;
    }

    /// <inheritdoc/>
    internal override void Enter()
    {
        (_place, _period) = (0, _t0);
        base.Enter();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate) =>
        _etaMin + ((BaseRates[index] - _etaMin) * (1 + Math.Cos(Math.PI * _place / _period)) / 2);
}
