// Trains a classifier of a table inside a worker service. The service is stopped in the middle of an epoch, as a deployment would do it, and started
// again: it goes on where it was, and ends with the same bits as one that was never stopped.
//
//   dotnet run -c Release --project samples/TabularService
//
// The exit code is 0 if that is so, and 93 of 100 rows are classified right.
using System.Globalization;
using System.IO.Compression;
using Adjoint;
using Adjoint.NN;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using nietras.SeparatedValues;
using Spectre.Console;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateTempSubdirectory("adjoint-service-").FullName;
try
{
    var whole = await RunAsync("whole.pt", stopAfter: null);
    await RunAsync("stopped.pt", stopAfter: 100);
    var resumed = await RunAsync("stopped.pt", stopAfter: null);

    var areEqual = whole.Model.Parameters().Zip(resumed.Model.Parameters()).All(pair => pair.First.Equal(pair.Second));
    AnsiConsole.Write(new Table().AddColumns("run", "validation loss", "accuracy")
        .AddRow("never stopped", $"{whole.Last.ValidationLoss:R}", $"{whole.Last.Metrics["accuracy"]:P1}")
        .AddRow("stopped and resumed", $"{resumed.Last.ValidationLoss:R}", $"{resumed.Last.Metrics["accuracy"]:P1}"));
    Console.WriteLine(areEqual ? "both models have the same bits" : "the models differ");
    return areEqual && resumed.Last.Metrics["accuracy"] >= 0.93 ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

// A host with the service. It ends by itself when the training is over; stopAfter stops it from outside, as a signal would.
async Task<TrainingService> RunAsync(string checkpoint, long? stopAfter)
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
    builder.Services.AddSingleton(new TrainingSettings(Path.Combine(folder, checkpoint), Epochs: 8));
    builder.Services.AddSingleton<TrainingService>();
    builder.Services.AddHostedService(services => services.GetRequiredService<TrainingService>());
    using var host = builder.Build();
    var service = host.Services.GetRequiredService<TrainingService>();
    if (stopAfter is { } steps)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        service.Stepped += step =>
        {
            if (step.Step == steps)
            {
                lifetime.StopApplication();

                // The service hears of it on another thread.
                service.WaitForStop();
            }
        };
    }

    await host.RunAsync();
    return service;
}

/// <summary>What the service is to do.</summary>
internal sealed record TrainingSettings(string Checkpoint, int Epochs);

/// <summary>Trains until it is done or stopped; goes on from its checkpoint if there is one.</summary>
internal sealed class TrainingService(TrainingSettings settings, IHostApplicationLifetime lifetime, ILogger<TrainingService> log) : BackgroundService
{
    private CancellationToken _stop;

    public event Action<TrainingStep>? Stepped;

    public Sequential Model { get; private set; } = [];

    public TrainingEpoch Last { get; private set; } = null!;

    public void WaitForStop() => _stop.WaitHandle.WaitOne();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stop = stoppingToken;
        var generator = new Generator(3);
        var parts = ReadTable().StratifiedSplit([0.8, 0.2], generator);

        // The scale is fitted to the training data alone, and saved with the model.
        Model =
        [
            Standardize.Fit(parts[0].X), new Linear(64, 64, generator: generator), new ReLU(), new Dropout(0.2, generator: generator),
            new Linear(64, 10, generator: generator),
        ];
        var (loader, validation) = (DataLoader.Of(parts[0], batchSize: 32, shuffle: true, workers: 1), DataLoader.Of(parts[1], batchSize: 128));
        var optimizer = new AdamW(Model.Parameters(), lr: 2e-3);
        var loss = new CrossEntropyLoss();
        var trainer = new Trainer<(Tensor X, Tensor Y)>(Model, optimizer, batch =>
        {
            var scores = Model.Call(batch.X);
            return new(loss.Forward(scores, batch.Y), scores, batch.Y);
        })
        {
            Schedule = new CosineAnnealingLR(optimizer, settings.Epochs),
            Metrics = [new Accuracy()],
            Checkpoint = settings.Checkpoint,
            Generator = generator,
        };
        if (File.Exists(settings.Checkpoint))
        {
            trainer.Resume(settings.Checkpoint, loader, validation);
            log.LogInformation("going on after step {Step}", trainer.Steps);
        }

        try
        {
            var steps = new Report<TrainingStep>(step => Stepped?.Invoke(step));
            var epochs = new Report<TrainingEpoch>(
                epoch => log.LogInformation("epoch {Epoch}: validation loss {Loss:F4}", epoch.Epoch, epoch.ValidationLoss));
            Last = (await trainer.FitAsync(loader, settings.Epochs, validation, steps, epochs, stoppingToken))[^1];
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogInformation("stopped after step {Step}; the checkpoint is written", trainer.Steps);
        }
    }

    // 64 columns of features and one of classes, read by Sep.
    private static TensorDataset ReadTable()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "data", "digits.csv.gz");
        using var unpacked = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = Sep.New(',').Reader(options => options with { HasHeader = false }).From(unpacked);
        var (features, classes) = (new List<float>(), new List<long>());
        foreach (var row in reader)
        {
            features.AddRange(row[..64].Parse<float>());
            classes.Add(row[64].Parse<long>());
        }

        return Dataset.Of(Tensor.FromArray([.. features], classes.Count, 64), Tensor.FromArray([.. classes]));
    }
}

/// <summary>Reports on the training's own thread, in order.</summary>
internal sealed class Report<T>(Action<T> action) : IProgress<T>
{
    void IProgress<T>.Report(T value) => action(value);
}
