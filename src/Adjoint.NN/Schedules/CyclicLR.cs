namespace Adjoint.NN;

/// <summary>How the height of cycles changes in a <see cref="CyclicLR"/>.</summary>
public enum CyclicMode
{
    /// <summary>All cycles are alike.</summary>
    Triangular,

    /// <summary>Each is half as high as the one before.</summary>
    Triangular2,

    /// <summary>The height falls by a factor at each step.</summary>
    ExpRange,
}

/// <summary>
/// A rate that goes up and down between two values, while the momentum goes down and up (<c>lr_scheduler.CyclicLR</c>; Smith, "Cyclical Learning
/// Rates for
/// Training Neural Networks", 2017).
/// </summary>
public sealed class CyclicLR : LRScheduler
{
    private readonly (double Least, double Most) _rates;
    private readonly (double Least, double Most)? _momenta;
    private readonly int _up;
    private readonly int _total;
    private readonly CyclicMode _mode;
    private readonly double _gamma;

    /// <summary>Makes the schedule and sets the first rates.</summary>
    /// <param name="optimizer">Whose rates are changed.</param>
    /// <param name="baseLR">The least rate.</param>
    /// <param name="maxLR">The largest rate.</param>
    /// <param name="stepSizeUp">How many steps lead up.</param>
    /// <param name="stepSizeDown">How many lead down; as many if null.</param>
    /// <param name="mode">How the height of cycles changes.</param>
    /// <param name="gamma">The factor of <see cref="CyclicMode.ExpRange"/>.</param>
    /// <param name="cycleMomentum">Change the momentum, or the first beta, against the rate.</param>
    /// <param name="baseMomentum">The least momentum.</param>
    /// <param name="maxMomentum">The largest momentum.</param>
    /// <exception cref="ArgumentException">A count is not positive, or the optimiser has no momentum.</exception>
    public CyclicLR(
        Optimizer optimizer,
        double baseLR,
        double maxLR,
        int stepSizeUp = 2000,
        int? stepSizeDown = null,
        CyclicMode mode = CyclicMode.Triangular,
        double gamma = 1,
        bool cycleMomentum = true,
        double baseMomentum = 0.8,
        double maxMomentum = 0.9)
        : base(optimizer)
    {
        ThrowUnless(stepSizeUp > 0 && stepSizeDown is null or > 0, "step_size_up and step_size_down must be positive");
        ThrowUnless(
            !cycleMomentum || Momentum.IsIn(optimizer), "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
        (_rates, _momenta) = ((baseLR, maxLR), cycleMomentum ? (baseMomentum, maxMomentum) : null);
        (_up, _total, _mode, _gamma) = (stepSizeUp, stepSizeUp + (stepSizeDown ?? stepSizeUp), mode, gamma);
        foreach (var group in optimizer.Groups)
        {
            group.LearningRate = baseLR;
            group.Options[InitialName] = baseLR;
        }

        Begin();
    }

    /// <inheritdoc/>
    private protected override double Next(int index, double rate)
    {
        var place = (double)LastEpoch / _total;
        var cycle = Math.Floor(1 + place);
        var x = 1 + place - cycle;
        var ratio = (double)_up / _total;
        var height = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
        var scale = _mode switch
        {
            CyclicMode.Triangular => 1,
            CyclicMode.Triangular2 => 1 / Math.Pow(2, cycle - 1),
            _ => Math.Pow(_gamma, LastEpoch),
        };
        if (_momenta is { } momenta)
        {
            Momentum.Set(Optimizer.Groups[index], momenta.Most - ((momenta.Most - momenta.Least) * height * scale));
        }

        return _rates.Least + ((_rates.Most - _rates.Least) * height * scale);
    }
}
