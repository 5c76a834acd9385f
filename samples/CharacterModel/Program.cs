// Learns to write letter by letter, once with an LSTM and once with a small transformer, and lets both write.
//
//   dotnet run -c Release --project samples/CharacterModel [-- EPOCHS [FOLDER]]
//
// The exit code is 0 if after a whole training both are in doubt between fewer letters than pairs of letters leave (perplexity).
using System.Globalization;
using Adjoint;
using Adjoint.NN;
using Spectre.Console;

const int Window = 64;
const int WholeTraining = 12;
const double Goal = 9;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var epochs = args.Length > 0 ? int.Parse(args[0]) : WholeTraining;
var folder = args.Length > 1 ? args[1] : "characters-output";

// Small letters, and a space for each character that is rare.
var pages = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data"), "*.md").Order(StringComparer.Ordinal);
var text = string.Concat(pages.Select(File.ReadAllText)).ToLowerInvariant();
var common = text.GroupBy(letter => letter).Where(group => group.Count() >= 50).Select(group => group.Key).ToHashSet();
text = string.Concat(text.Select(letter => common.Contains(letter) ? letter : ' '));
char[] letters = [.. text.Distinct().Order()];
var ids = Tensor.FromArray(text.Select(letter => (long)Array.BinarySearch(letters, letter)).ToArray());

// Windows of the text, each with the same window one letter later.
var count = (text.Length - 1) / Window;
var windows = Dataset.Of(ids[..(count * Window)].Reshape(count, Window), ids[1..((count * Window) + 1)].Reshape(count, Window));
var cut = count * 9 / 10;
var (learned, held) = (windows.Subset(Enumerable.Range(0, cut)), windows.Subset(Enumerable.Range(cut, count - cut)));
Console.WriteLine($"{text.Length:N0} letters, {letters.Length} different ones, {learned.Count} windows to learn and {held.Count} to test");

var results = new List<(string Name, IReadOnlyList<TrainingEpoch> History)>();
foreach (var (name, make) in new (string, Func<Layer>)[]
{
    ("LSTM", () => new LstmModel(letters.Length, 128)),
    ("transformer", () => new TransformerModel(letters.Length, 64, Window)),
})
{
    Tensor.ManualSeed(0);
    var model = make();
    results.Add((name, Train(name, model)));
    model.Eval();
    AnsiConsole.Write(new Panel(new Text(Write(model, "a tensor ", 240))) { Header = new PanelHeader($"{name} writes") });
}

Directory.CreateDirectory(folder);
Draw();
return epochs < WholeTraining || results.All(result => result.History[^1].Metrics["perplexity"] < Goal) ? 0 : 1;

IReadOnlyList<TrainingEpoch> Train(string name, Layer model)
{
    var loader = DataLoader.Of(learned, batchSize: 16, shuffle: true, seed: 1);
    var optimizer = new AdamW(model.Parameters(), lr: 4e-3, weightDecay: 0.01);
    var trainer = new Trainer<(Tensor X, Tensor Y)>(model, optimizer, batch =>
    {
        // Classes are along dimension 1 for the loss.
        var scores = model.Call(batch.X).Transpose(1, 2);
        return new(scores.CrossEntropy(batch.Y), scores, batch.Y);
    })
    {
        Schedule = new OneCycleLR(optimizer, 4e-3, epochs * loader.Count),
        SchedulesSteps = true,
        ClipNorm = 1,
        Metrics = [new Perplexity()],
    };
    return AnsiConsole.Progress().Start(context =>
    {
        var bar = context.AddTask(name, maxValue: epochs * loader.Count);
        var history = trainer.Fit(loader, epochs, DataLoader.Of(held, batchSize: 32), new Progress<TrainingStep>(step => bar.Value = step.Step));
        Console.WriteLine($"{name}: perplexity {history[^1].Metrics["perplexity"]:F2} after {epochs} epochs");
        return history;
    });
}

// Draws each letter from what the model expects after the last ones.
string Write(Layer model, string start, int more)
{
    using var inference = Autograd.InferenceMode();
    var (written, generator) = (start.Select(letter => (long)Array.BinarySearch(letters, letter)).ToList(), new Generator(7));
    for (var i = 0; i < more; i++)
    {
        var seen = Tensor.FromArray(written.TakeLast(Window).ToArray()).Unsqueeze(0);
        var scores = model.Call(seen)[0, ^1] / 0.7;
        written.Add(scores.Softmax(0).Multinomial(1, generator: generator).Item<long>());
    }

    return string.Concat(written.Select(id => letters[id]));
}

void Draw()
{
    using var plot = new ScottPlot.Plot();
    foreach (var (name, history) in results)
    {
        double[] perplexities = [.. history.Select(epoch => epoch.Metrics["perplexity"])];
        plot.Add.ScatterLine([.. history.Select(epoch => epoch.Epoch + 1.0)], perplexities).LegendText = name;
    }

    plot.XLabel("epoch");
    plot.YLabel("perplexity");
    plot.ShowLegend();
    plot.SavePng(Path.Combine(folder, "perplexity.png"), 800, 500);
}

/// <summary>Ids of shape [N, T] to scores of the next letter, [N, T, letters].</summary>
internal sealed class LstmModel : Layer
{
    private readonly Embedding _embedding;
    private readonly LSTM _lstm;
    private readonly Linear _head;

    public LstmModel(int letters, int size)
    {
        _embedding = Child("embedding", new Embedding(letters, size / 2));
        _lstm = Child("lstm", new LSTM(size / 2, size, batchFirst: true));
        _head = Child("head", new Linear(size, letters));
    }

    public override Tensor Forward(Tensor x) => _head.Call(_lstm.Forward(_embedding.Call(x)).Output);
}

/// <summary>The same by attention: each position sees those before it, and where it is.</summary>
internal sealed class TransformerModel : Layer
{
    private readonly Embedding _letters;
    private readonly Embedding _positions;
    private readonly TransformerEncoder _encoder;
    private readonly Linear _head;

    public TransformerModel(int letters, int size, int window)
    {
        _letters = Child("letters", new Embedding(letters, size));
        _positions = Child("positions", new Embedding(window, size));
        var layer = new TransformerEncoderLayer(size, 4, 4 * size, dropout: 0, batchFirst: true, normFirst: true);
        _encoder = Child("encoder", new TransformerEncoder(layer, 2, new LayerNorm(size)));
        _head = Child("head", new Linear(size, letters));
    }

    public override Tensor Forward(Tensor x)
    {
        var places = _positions.Call(Tensor.Arange(x.Shape[1]));
        return _head.Call(_encoder.Forward(_letters.Call(x) + places, mask: null, isCausal: true));
    }
}
