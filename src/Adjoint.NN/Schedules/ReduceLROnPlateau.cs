using System.Collections;

namespace Adjoint.NN;

/// <summary>
/// A rate that falls when a measure has not improved for a while (<c>lr_scheduler.ReduceLROnPlateau</c>). <see cref="Step(double)"/> takes the
/// measure.
/// </summary>
public sealed class ReduceLROnPlateau : LRScheduler
{
    private readonly bool _isMax;
    private readonly double _factor;
    private readonly int _patience;
    private readonly double _threshold;
    private readonly bool _isAbsolute;
    private readonly int _cooldown;
    private readonly double _minLR;
    private readonly double _eps;
    private int _bad;
    private int _cooling;

    /// <summary>Makes the schedule; the rates stay as they are.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="max">Whether larger measures are better (PyTorch's <c>mode="max"</c>).</param>
    /// <param name="factor">What rates are multiplied by, below 1.</param>
    /// <param name="patience">How many measures in a row may be no better.</param>
    /// <param name="threshold">By how much a measure has to be better.</param>
    /// <param name="absolute">Whether that is a difference instead of a part of the best (<c>threshold_mode="abs"</c>).</param>
    /// <param name="cooldown">How many measures after a fall do not count.</param>
    /// <param name="minLR">The least rate.</param>
    /// <param name="eps">A fall that is not larger is left out.</param>
    /// <exception cref="ArgumentException">The factor is not below 1.</exception>
    public ReduceLROnPlateau(
        Optimizer optimizer,
        bool max = false,
        double factor = 0.1,
        int patience = 10,
        double threshold = 1e-4,
        bool absolute = false,
        int cooldown = 0,
        double minLR = 0,
        double eps = 1e-8)
        : base(optimizer)
    {
        ThrowUnless(factor < 1, "Factor should be < 1.0.");
        (_isMax, _factor, _patience, _threshold, _isAbsolute) = (max, factor, patience, threshold, absolute);
        (_cooldown, _minLR, _eps) = (cooldown, minLR, eps);
        Best = max ? double.NegativeInfinity : double.PositiveInfinity;
        LastEpoch = 0;
    }

    /// <summary>The best measure so far.</summary>
    public double Best { get; private set; }

    /// <summary>Not possible: this schedule needs a measure.</summary>
    /// <exception cref="TensorException">Always.</exception>
    public override void Step() => throw new TensorException("ReduceLROnPlateau needs a measure: call Step(loss).");

    /// <summary>Takes a measure, and lowers the rates if it has been no better for too long.</summary>
    /// <param name="metrics">The measure, such as the loss on validation data.</param>
    public void Step(double metrics)
    {
        LastEpoch++;
        if (IsBetter(metrics))
        {
            Best = metrics;
            _bad = 0;
        }
        else
        {
            _bad++;
        }

        if (_cooling > 0)
        {
            _cooling--;
            _bad = 0;
        }

        if (_bad > _patience)
        {
            Apply();
            (_cooling, _bad) = (_cooldown, 0);
        }
    }

    /// <inheritdoc/>
    public override OrderedDictionary<string, object?> StateDict()
    {
        var state = base.StateDict();
        state["best"] = Best;
        state["num_bad_epochs"] = (long)_bad;
        state["cooldown_counter"] = (long)_cooling;
        return state;
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IDictionary state)
    {
        base.LoadStateDict(state);
        (Best, _bad, _cooling) = (Real(state, "best"), (int)Real(state, "num_bad_epochs"), (int)Real(state, "cooldown_counter"));
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate)
    {
        var lower = Math.Max(rate * _factor, _minLR);
        return rate - lower > _eps ? lower : rate;
    }

    private bool IsBetter(double measure) => (_isMax, _isAbsolute) switch
    {
        (false, false) => measure < Best * (1 - _threshold),
        (false, true) => measure < Best - _threshold,
        (true, false) => measure > Best * (1 + _threshold),
        _ => measure > Best + _threshold,
    };
}
