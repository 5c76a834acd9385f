namespace Adjoint.NN;

/// <summary>
/// The loop that trains a model, as one would write it: for each epoch, for each batch, the gradients, clipped if wanted, and a step; then the
/// validation, the
/// schedule, and a checkpoint. A training that was cancelled and goes on from its checkpoint ends with the same bits as one that was not: a
/// checkpoint holds
/// parameters, buffers, optimiser, schedule, means, generator, the place in the data and what was reported.
/// </summary>
/// <typeparam name="B">A batch.</typeparam>
/// <example>
/// <code>
/// var trainer = new Trainer&lt;(Tensor X, Tensor Y)>(model, optimizer, batch =>
/// {
///     var output = model.Forward(batch.X);
///     return new(loss.Forward(output, batch.Y), output, batch.Y);
/// })
/// {
///     Schedule = new CosineAnnealingLR(optimizer, epochs), ClipNorm = 1, Metrics = [new Accuracy()], Checkpoint = "run.pt",
/// };
/// if (File.Exists("run.pt")) trainer.Resume("run.pt", loader);
/// trainer.Fit(loader, epochs, validation, cancellationToken: token);
/// </code>
/// </example>
public sealed partial class Trainer<B>
{
    private readonly Func<B, TrainingOutput> _forward;
    private readonly List<TrainingEpoch> _history = [];
    private double _lossSum;
    private int _batches;
    private int _skipped;
    private double _best = double.PositiveInfinity;
    private int _worse;
    private bool _isValidating;

    /// <summary>Makes a trainer.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="optimizer">What changes its parameters.</param>
    /// <param name="forward">Makes the loss of a batch; in training and in validation.</param>
    public Trainer(Module model, Optimizer optimizer, Func<B, TrainingOutput> forward)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(forward);
        (Model, Optimizer, _forward) = (model, optimizer, forward);
    }

    /// <summary>What is trained.</summary>
    public Module Model { get; }

    /// <summary>What changes its parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What changes the rates; a <see cref="ReduceLROnPlateau"/> gets the validation loss, or the training loss without one.</summary>
    public LRScheduler? Schedule { get; init; }

    /// <summary>Whether the schedule counts steps instead of epochs.</summary>
    public bool SchedulesSteps { get; init; }

    /// <summary>The largest norm of all gradients; null for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The largest size of an element of a gradient; null for no limit.</summary>
    public double? ClipValue { get; init; }

    /// <summary>What is measured on the validation data.</summary>
    public IReadOnlyList<IMetric> Metrics { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>The means of the parameters, updated after each step, and used in validation.</summary>
    public AveragedModel? Averaged { get; init; }

    /// <summary>After how many epochs in a row without a lower loss the training stops; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>By how much a loss has to be lower.</summary>
    public double MinDelta { get; init; }

    /// <summary>The file of the checkpoint, written after each epoch and when the training is cancelled; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>After how many steps the checkpoint is written as well; 0 for never.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>The file of a checkpoint that is written when the loss is the lowest so far; null for none.</summary>
    public string? BestCheckpoint { get; init; }

    /// <summary>The generator that the model draws from, such as for dropout.</summary>
    public Generator Generator { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = Generator.Default;

    /// <summary>The epoch that runs, or the next one; from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>How many steps there were.</summary>
    public long Steps { get; private set; }

    /// <summary>The epochs so far.</summary>
    public IReadOnlyList<TrainingEpoch> History => _history;

    /// <summary>Whether the loss has not been lower for as long as <see cref="Patience"/> says.</summary>
    public bool IsStopped => _worse > Patience;

    /// <summary>Trains until there were so many epochs, those before a <see cref="Resume"/> included.</summary>
    /// <param name="loader">The data.</param>
    /// <param name="epochs">How many epochs.</param>
    /// <param name="validation">The data to validate on after each epoch; null for none.</param>
    /// <param name="progress">Hears of each step, on the thread that trains unless it says otherwise.</param>
    /// <param name="epochProgress">Hears of each epoch.</param>
    /// <param name="cancellationToken">Ends the training after a step, or the validation after a batch; the checkpoint is written then. A validation
    /// that was cancelled is begun anew.</param>
    /// <returns>The epochs.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TrainingEpoch> Fit(
        DataLoader<B> loader,
        int epochs,
        DataLoader<B>? validation = null,
        IProgress<TrainingStep>? progress = null,
        IProgress<TrainingEpoch>? epochProgress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        while (Epoch < epochs && !IsStopped)
        {
            Model.Train();
            cancellationToken.ThrowIfCancellationRequested();
            IEnumerable<B> batches = _isValidating ? [] : loader;
            foreach (var batch in batches)
            {
                var step = Train(batch);
                progress?.Report(step);
                if (cancellationToken.IsCancellationRequested)
                {
                    SaveIf(Checkpoint, loader, validation);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (CheckpointEvery > 0 && Steps % CheckpointEvery == 0)
                {
                    SaveIf(Checkpoint, loader, validation);
                }
            }

            _isValidating = true;
            var epoch = EndEpoch(loader, validation, cancellationToken);
            SaveIf(Checkpoint, loader, validation);
            if (_worse == 0)
            {
                SaveIf(BestCheckpoint, loader, validation);
            }

            epochProgress?.Report(epoch);
        }

        return _history;
    }

    /// <summary>The same on a thread of the pool.</summary>
    /// <inheritdoc cref="Fit"/>
    public Task<IReadOnlyList<TrainingEpoch>> FitAsync(
        DataLoader<B> loader,
        int epochs,
        DataLoader<B>? validation = null,
        IProgress<TrainingStep>? progress = null,
        IProgress<TrainingEpoch>? epochProgress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return Task.Run(() => Fit(loader, epochs, validation, progress, epochProgress, cancellationToken), CancellationToken.None);
    }

    /// <summary>The mean loss on data, and what the metrics measure; nothing is changed.</summary>
    /// <param name="loader">The data.</param>
    /// <param name="cancellationToken">Ends it after a batch.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Evaluate(DataLoader<B> loader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        var wasTraining = Model.Training;
        Model.Eval();
        double sum = 0;
        var batches = 0;
        foreach (var metric in Metrics)
        {
            metric.Reset();
        }

        try
        {
            using (Autograd.NoGrad())
            {
                foreach (var batch in loader)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var output = _forward(batch);
                    sum += output.Loss?.Item() ?? throw new TensorException("The function that the trainer was made with returned no loss.");
                    batches++;
                    if (output is { Output: { } found, Target: { } right })
                    {
                        foreach (var metric in Metrics)
                        {
                            metric.Update(found, right);
                        }
                    }
                }
            }
        }
        finally
        {
            if (wasTraining)
            {
                Model.Train();
            }
        }

        return (sum / batches, Metrics.ToDictionary(metric => metric.Name, metric => metric.Compute()));
    }

    private TrainingStep Train(B batch)
    {
        Optimizer.ZeroGrad();
        var loss = _forward(batch).Loss ?? throw new TensorException("The function that the trainer was made with returned no loss for a batch.");
        loss.Backward();
        if (ClipValue is { } value)
        {
            Gradients.ClipGradValue_(Optimizer.Parameters, value);
        }

        var norm = ClipNorm is { } most
            ? Gradients.ClipGradNorm_(Optimizer.Parameters, most)
            : Gradients.TotalNorm(Optimizer.Parameters.Select(parameter => parameter.Grad).OfType<Tensor>());
        var rate = Optimizer.LearningRate;
        var isSkipped = !double.IsFinite(norm);
        if (isSkipped)
        {
            Optimizer.ZeroGrad();
            _skipped++;
        }
        else
        {
            Optimizer.Step();
            Averaged?.UpdateParameters();
        }

        if (SchedulesSteps)
        {
            Schedule?.Step();
        }

        Steps++;
        _batches++;
        var lossValue = loss.Item();
        _lossSum += lossValue;
        return new TrainingStep(Epoch, Steps, lossValue, rate, norm, isSkipped);
    }

    private TrainingEpoch EndEpoch(DataLoader<B> loader, DataLoader<B>? validation, CancellationToken cancellationToken)
    {
        double? validationLoss = null;
        IReadOnlyDictionary<string, double> measured = new Dictionary<string, double>();
        if (validation is not null)
        {
            var (place, drawn) = (validation.StateDict(), Generator.GetState());
            try
            {
                using (Averaged is { Count: > 0 } ? Averaged.Apply() : null)
                {
                    (validationLoss, measured) = Evaluate(validation, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // What a validation draws and reads is drawn and read again by the one that is begun anew.
                validation.LoadStateDict(place);
                Generator.SetState(drawn);
                SaveIf(Checkpoint, loader, validation);
                throw;
            }
        }

        var epoch = new TrainingEpoch(Epoch, _lossSum / _batches, validationLoss, measured, _skipped);
        _history.Add(epoch);
        (_lossSum, _batches, _skipped, _isValidating) = (0, 0, 0, false);
        Epoch++;
        if (epoch.Monitored < _best - MinDelta)
        {
            (_best, _worse) = (epoch.Monitored, 0);
        }
        else
        {
            _worse++;
        }

        if (Schedule is ReduceLROnPlateau plateau)
        {
            plateau.Step(epoch.Monitored);
        }
        else if (!SchedulesSteps)
        {
            Schedule?.Step();
        }

        return epoch;
    }

    private void SaveIf(string? path, DataLoader<B> loader, DataLoader<B>? validation)
    {
        if (path is not null)
        {
            Save(path, loader, validation);
        }
    }
}
