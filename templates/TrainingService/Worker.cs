using Adjoint;
using Adjoint.NN;
using Microsoft.Extensions.Options;

namespace TrainingService;

/// <summary>Trains until it is done or the service is stopped; goes on from its checkpoint when it is started again.</summary>
public sealed class Worker(IOptions<TrainingOptions> settings, IHostApplicationLifetime lifetime, ILogger<Worker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = settings.Value;

        // The division and the first values are the same each time, so that a resumed training continues the one before.
        var generator = new Generator(1);
        var parts = Table.Read(Path.Combine(AppContext.BaseDirectory, options.Data)).StratifiedSplit([0.8, 0.2], generator);
        var (features, classes) = (parts[0].X.Shape[1], (int)parts[0].Y.Max().Item<long>() + 1);
        Sequential model =
        [
            Standardize.Fit(parts[0].X),
            new Linear(features, 32, generator: generator), new ReLU(),
            new Linear(32, classes, generator: generator),
        ];

        var optimizer = new AdamW(model.Parameters(), options.LearningRate);
        var loss = new CrossEntropyLoss();
        var trainer = new Trainer<(Tensor X, Tensor Y)>(model, optimizer, batch =>
        {
            var scores = model.Call(batch.X);
            return new(loss.Forward(scores, batch.Y), scores, batch.Y);
        })
        {
            Schedule = new CosineAnnealingLR(optimizer, options.Epochs),
            ClipNorm = 1,
            Metrics = [new Accuracy()],
            Checkpoint = options.Checkpoint,
            Generator = generator,
        };
        var training = DataLoader.Of(parts[0], options.BatchSize, shuffle: true, seed: 1, workers: 1);
        var validation = DataLoader.Of(parts[1], options.BatchSize);
        if (File.Exists(options.Checkpoint))
        {
            trainer.Resume(options.Checkpoint, training, validation);
            log.LogInformation("going on after epoch {Epoch}, step {Step}", trainer.Epoch, trainer.Steps);
        }

        try
        {
            var progress = new Progress<TrainingEpoch>(epoch => log.LogInformation(
                "epoch {Epoch}: validation loss {Loss:F4}, accuracy {Accuracy:P1}", epoch.Epoch, epoch.ValidationLoss, epoch.Metrics["accuracy"]));
            await trainer.FitAsync(training, options.Epochs, validation, epochProgress: progress, cancellationToken: stoppingToken);
            model.Eval().Save(options.Model);
            log.LogInformation("the model is in {Model}", Path.GetFullPath(options.Model));
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogInformation("stopped after step {Step}; the checkpoint is written", trainer.Steps);
        }
    }
}
