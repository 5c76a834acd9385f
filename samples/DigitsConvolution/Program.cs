// Reads handwritten digits with a convolutional network: data, model, training with progress, what was mistaken for what, and a picture.
//
//   dotnet run -c Release --project samples/DigitsConvolution [-- EPOCHS [FOLDER]]
//
// The exit code is 0 if a whole training reads 97 of 100 images right that it never saw.
using System.Globalization;
using System.IO.Compression;
using Adjoint;
using Adjoint.NN;
using Spectre.Console;

const int WholeTraining = 12;
const double Goal = 0.97;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var epochs = args.Length > 0 ? int.Parse(args[0]) : WholeTraining;
var folder = args.Length > 1 ? args[1] : "digits-output";

// Each class is in both parts as often as in all.
Tensor.ManualSeed(0);
var parts = ReadDigits().StratifiedSplit([0.8, 0.2], new Generator(0));
var training = DataLoader.Of(parts[0], batchSize: 32, shuffle: true, seed: 1, workers: 1);
var test = DataLoader.Of(parts[1], batchSize: 128);

Sequential model =
[
    new Conv2d(1, 16, 3, padding: 1), new BatchNorm2d(16), new ReLU(),
    new Conv2d(16, 32, 3, padding: 1), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2),
    new Flatten(), new Dropout(0.25), new Linear(32 * 4 * 4, 10),
];
Console.WriteLine(model);
var size = model.Parameters().Sum(parameter => parameter.Count);
Console.WriteLine($"{size:N0} parameters, {parts[0].Count} images to learn, {parts[1].Count} to test");

var optimizer = new AdamW(model.Parameters(), lr: 3e-3, weightDecay: 0.01);
var loss = new CrossEntropyLoss(labelSmoothing: 0.05);
var accuracy = new Accuracy();
var trainer = new Trainer<(Tensor X, Tensor Y)>(model, optimizer, batch =>
{
    var scores = model.Call(batch.X);
    return new(loss.Forward(scores, batch.Y), scores, batch.Y);
})
{
    // The rate rises and falls once in the whole training, step by step.
    Schedule = new OneCycleLR(optimizer, 3e-3, epochs * training.Count),
    SchedulesSteps = true,
    ClipNorm = 5,
    Metrics = [accuracy],
};

await AnsiConsole.Progress().StartAsync(async context =>
{
    var bar = context.AddTask("training", maxValue: epochs * training.Count);
    await trainer.FitAsync(
        training,
        epochs,
        test,
        new Report<TrainingStep>(step => bar.Value = step.Step),
        new Report<TrainingEpoch>(epoch => bar.Description = $"test loss {epoch.ValidationLoss:F3}, {epoch.Metrics["accuracy"]:P1} right"));
});

// The metric still holds what it gathered in the last epoch.
var matrix = accuracy.Matrix;
var table = new Table().AddColumn("digit \\ read as");
foreach (var digit in matrix.Classes)
{
    table.AddColumn($"{digit}");
}

foreach (var digit in matrix.Classes)
{
    table.AddRow([$"{digit}", .. matrix.Classes.Select(read => matrix[digit, read] is var count and > 0 ? $"{count}" : ".")]);
}

AnsiConsole.Write(table);
Directory.CreateDirectory(folder);
Draw(trainer.History, Path.Combine(folder, "loss.png"));
model.Save(Path.Combine(folder, "digits.safetensors"));
var right = accuracy.Compute();
Console.WriteLine($"{right:P1} of the test images are read right; {folder} has loss.png and digits.safetensors");
return epochs < WholeTraining || right >= Goal ? 0 : 1;

// One line for each image: 64 numbers from 0 to 16, then the digit.
static TensorDataset ReadDigits()
{
    var file = Path.Combine(AppContext.BaseDirectory, "data", "digits.csv.gz");
    using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
    var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Array.ConvertAll(line.Split(','), int.Parse));
    var table = Tensor.FromArray(lines.SelectMany(numbers => numbers).ToArray()).Reshape(-1, 65);
    return Dataset.Of(table[.., ..64].To(DType.Float32).Reshape(-1, 1, 8, 8) / 16, table[.., 64].To(DType.Int64));
}

static void Draw(IReadOnlyList<TrainingEpoch> history, string file)
{
    using var plot = new ScottPlot.Plot();
    double[] epochs = [.. history.Select(epoch => epoch.Epoch + 1.0)];
    plot.Add.ScatterLine(epochs, [.. history.Select(epoch => epoch.TrainingLoss)]).LegendText = "training";
    plot.Add.ScatterLine(epochs, [.. history.Select(epoch => epoch.ValidationLoss!.Value)]).LegendText = "test";
    if (OperatingSystem.IsLinux())
    {
        plot.Font.Set("DejaVu Sans");
    }

    plot.XLabel("epoch");
    plot.YLabel("cross-entropy");
    plot.ShowLegend();
    plot.SavePng(file, 800, 500);
}

/// <summary>Reports on the training's own thread, in order; <see cref="Progress{T}"/> would post to the pool.</summary>
internal sealed class Report<T>(Action<T> action) : IProgress<T>
{
    void IProgress<T>.Report(T value) => action(value);
}
