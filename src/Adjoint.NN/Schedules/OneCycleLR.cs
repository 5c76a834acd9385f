namespace Adjoint.NN;

/// <summary>
/// A rate that rises to its largest value and then falls below the first one, while the momentum does the opposite (<c>lr_scheduler.OneCycleLR</c>;
/// Smith
/// and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2018).
/// </summary>
public sealed class OneCycleLR : LRScheduler
{
    private readonly (double End, double FromRate, double ToRate, double FromMomentum, double ToMomentum)[] _phases;
    private readonly int _total;
    private readonly bool _isLinear;
    private readonly bool _cyclesMomentum;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="maxLR">The largest rate.</param>
    /// <param name="totalSteps">How many steps there are: epochs * steps of an epoch.</param>
    /// <param name="pctStart">The part of them that leads up.</param>
    /// <param name="linear">Change linearly instead of along a cosine (PyTorch's <c>anneal_strategy</c>).</param>
    /// <param name="cycleMomentum">Change the momentum, or the first beta, against the rate.</param>
    /// <param name="baseMomentum">The least momentum.</param>
    /// <param name="maxMomentum">The largest momentum.</param>
    /// <param name="divFactor">The largest rate by the first.</param>
    /// <param name="finalDivFactor">The first rate by the last.</param>
    /// <param name="threePhase">Go down to the first rate as long as it went up, and then on to the last, instead of at once.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the optimiser has no momentum.</exception>
    public OneCycleLR(
        Optimizer optimizer,
        double maxLR,
        int totalSteps,
        double pctStart = 0.3,
        bool linear = false,
        bool cycleMomentum = true,
        double baseMomentum = 0.85,
        double maxMomentum = 0.95,
        double divFactor = 25,
        double finalDivFactor = 1e4,
        bool threePhase = false)
        : base(optimizer)
    {
        ThrowUnless(totalSteps > 0, "Expected positive integer total_steps");
        ThrowUnless(pctStart is >= 0 and <= 1, "Expected float between 0 and 1 pct_start");
        ThrowUnless(
            !cycleMomentum || Momentum.IsIn(optimizer), "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
        var first = maxLR / divFactor;
        var last = first / finalDivFactor;
        var top = (pctStart * totalSteps) - 1;
        _phases = threePhase
            ?
            [
                (top, first, maxLR, maxMomentum, baseMomentum),
                ((2 * pctStart * totalSteps) - 2, maxLR, first, baseMomentum, maxMomentum),
                (totalSteps - 1, first, last, maxMomentum, maxMomentum),
            ]
            :
            [
                (top, first, maxLR, maxMomentum, baseMomentum),
                (totalSteps - 1, maxLR, last, baseMomentum, maxMomentum),
            ];
        (_total, _isLinear, _cyclesMomentum) = (totalSteps, linear, cycleMomentum);
        foreach (var group in optimizer.Groups)
        {
            group.LearningRate = first;
            group.Options[InitialName] = first;
        }

        BaseRates = [.. BaseRates.Select(_ => first)];
        Begin();
    }

    /// <inheritdoc/>
    /// <exception cref="TensorException">There were as many steps already as the schedule has.</exception>
    public override void Step()
    {
        if (LastEpoch >= _total)
        {
            throw new TensorException(FormattableString.Invariant(
                $"Tried to step {LastEpoch + 2} times. The specified number of total steps is {_total}"));
        }

        base.Step();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate)
    {
        double start = 0;
        for (var i = 0; ; i++)
        {
            var phase = _phases[i];
            if (LastEpoch <= phase.End || i == _phases.Length - 1)
            {
                var part = (LastEpoch - start) / (phase.End - start);
                if (_cyclesMomentum)
                {
                    Momentum.Set(Optimizer.Groups[index], Between(phase.FromMomentum, phase.ToMomentum, part));
                }

                return Between(phase.FromRate, phase.ToRate, part);
            }

            start = phase.End;
        }
    }

    private double Between(double from, double to, double part) =>
        _isLinear ? ((to - from) * part) + from : to + ((from - to) / 2 * (Math.Cos(Math.PI * part) + 1));
}
