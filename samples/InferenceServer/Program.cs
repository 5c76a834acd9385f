// Answers requests with a model, many at once: requests that wait together go through the model together.
//
//   dotnet run -c Release --project samples/InferenceServer                 starts, asks itself 600 times in parallel, compares, stops
//   dotnet run -c Release --project samples/InferenceServer -- --serve      stays; POST /predict with a JSON list of 64 numbers from 0 to 16
//
// The exit code is 0 if every answer is what the model says of that image alone.
using System.Globalization;
using System.IO.Compression;
using System.Threading.Channels;
using Adjoint;
using Adjoint.NN;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Spectre.Console;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var data = ReadDigits();
var model = Train(data);

var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSingleton<Batcher>(services => new Batcher(model));
builder.Services.AddHostedService(services => services.GetRequiredService<Batcher>());
await using var app = builder.Build();
app.MapPost("/predict", async (float[] pixels, Batcher batcher, CancellationToken aborted) => pixels.Length == 64
    ? Results.Ok(await batcher.AskAsync(pixels, aborted))
    : Results.BadRequest($"64 numbers are expected, not {pixels.Length}"));
await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
if (args.Contains("--serve"))
{
    Console.WriteLine($"listening on {address}");
    await app.WaitForShutdownAsync();
    return 0;
}

using var client = new HttpClient { BaseAddress = new Uri(address) };
var watch = System.Diagnostics.Stopwatch.StartNew();
var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(async i =>
{
    using var response = await client.PostAsJsonAsync("/predict", data.X[i].ToArray<float>());
    return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Answer>();
}));
watch.Stop();
using var refused = await client.PostAsJsonAsync("/predict", new float[3]);

var wrong = 0;
using (Autograd.InferenceMode())
{
    for (var i = 0; i < answers.Length; i++)
    {
        var alone = model.Call(data.X[i].Unsqueeze(0)).Softmax(1);
        wrong += answers[i]!.Digit == alone.Argmax(1).Item<long>() && Math.Abs(answers[i]!.Probability - alone.Max().Item()) < 1e-4 ? 0 : 1;
    }
}

var batcher = app.Services.GetRequiredService<Batcher>();
AnsiConsole.Write(new Table().AddColumns("requests", "a second", "calls of the model", "wrong answers").AddRow(
    $"{answers.Length}", $"{answers.Length / watch.Elapsed.TotalSeconds:F0}", $"{batcher.Calls}", $"{wrong}"));
await app.StopAsync();
return wrong == 0 && refused.StatusCode == System.Net.HttpStatusCode.BadRequest ? 0 : 1;

static Sequential Train(TensorDataset data)
{
    Tensor.ManualSeed(0);
    Sequential model = [Standardize.Fit(data.X), new Linear(64, 64), new ReLU(), new Linear(64, 10)];
    var trainer = new Trainer<(Tensor X, Tensor Y)>(
        model, new AdamW(model.Parameters(), lr: 3e-3), batch => new(model.Call(batch.X).CrossEntropy(batch.Y)));
    trainer.Fit(DataLoader.Of(data, batchSize: 64, shuffle: true), epochs: 3);
    return model.Eval();
}

// One line for each image: 64 numbers from 0 to 16, then the digit.
static TensorDataset ReadDigits()
{
    var file = Path.Combine(AppContext.BaseDirectory, "data", "digits.csv.gz");
    using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
    var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Array.ConvertAll(line.Split(','), int.Parse));
    var table = Tensor.FromArray(lines.SelectMany(numbers => numbers).ToArray()).Reshape(-1, 65);
    return Dataset.Of(table[.., ..64].To(DType.Float32), table[.., 64].To(DType.Int64));
}

/// <summary>What a request is answered.</summary>
internal sealed record Answer(long Digit, double Probability);

/// <summary>
/// Takes requests from many threads and runs the model on those that wait, up to 32 at once, on one thread. A model may as well be called from many
/// threads at once, since calls change nothing in evaluation; a batch costs hardly more than one image.
/// </summary>
internal sealed class Batcher(Sequential model) : BackgroundService
{
    private readonly Channel<(float[] Pixels, TaskCompletionSource<Answer> Answer)> _waiting =
        Channel.CreateBounded<(float[], TaskCompletionSource<Answer>)>(1024);

    public int Calls { get; private set; }

    public async Task<Answer> AskAsync(float[] pixels, CancellationToken aborted)
    {
        var answer = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((pixels, answer), aborted);
        return await answer.Task.WaitAsync(aborted);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new List<(float[] Pixels, TaskCompletionSource<Answer> Answer)>();
            while (batch.Count < 32 && _waiting.Reader.TryRead(out var request))
            {
                batch.Add(request);
            }

            using var inference = Autograd.InferenceMode();
            var images = Tensor.FromArray(batch.SelectMany(request => request.Pixels).ToArray(), batch.Count, 64);
            var (probabilities, digits) = model.Call(images).Softmax(1).Max(1);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(new Answer(digits[i].Item<long>(), probabilities[i].Item()));
            }

            Calls++;
        }
    }
}
