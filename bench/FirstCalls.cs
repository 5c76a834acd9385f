using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Adjoint.Bench;

/// <summary>
/// What the first call of an operator costs, its gradient included: mostly the JIT's work. Twenty operators one after the other in a fresh process,
/// which another operator has warmed up; the least of several processes.
/// </summary>
internal static class FirstCalls
{
    private const int Processes = 7;

    private static readonly (string Name, Func<Tensor, Tensor> Call)[] Operators =
    [
        ("tanh", x => x.Tanh()), ("exp", x => x.Exp()), ("log", x => x.Log()), ("sin", x => x.Sin()), ("cos", x => x.Cos()),
        ("sqrt", x => x.Sqrt()), ("square", x => x.Square()), ("sigmoid", x => x.Sigmoid()), ("relu", x => x.Relu()), ("gelu", x => x.Gelu()),
        ("silu", x => x.Silu()), ("erf", x => x.Erf()), ("neg", x => -x), ("add", x => x + x), ("mul", x => x * x),
        ("div", x => x / x), ("pow", x => x.Pow(x)), ("maximum", x => x.Maximum(x)), ("clamp", x => x.Clamp(-1, 1)), ("softplus", x => x.Softplus()),
    ];

    /// <summary>Starts the processes and prints the table.</summary>
    public static void Run()
    {
        var least = Enumerable.Repeat(double.PositiveInfinity, Operators.Length).ToArray();
        for (var i = 0; i < Processes; i++)
        {
            var figures = Start();
            for (var k = 0; k < least.Length; k++)
            {
                least[k] = Math.Min(least[k], figures[k]);
            }
        }

        for (var k = 0; k < least.Length; k++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Operators[k].Name,-10} {least[k],6:f2} ms"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"all",-10} {least.Sum(),6:f2} ms"));
    }

    /// <summary>The child's side: one figure a line, in milliseconds.</summary>
    public static void RunInside()
    {
        var x = Inputs.Tensor(Inputs.Uniform(1, 64, 0.1, 0.9), DType.Float32, 64).RequiresGrad_();
        x.Abs().Sum().Backward();
        foreach (var (_, call) in Operators)
        {
            var start = Stopwatch.GetTimestamp();
            call(x).Sum().Backward();
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private static double[] Start()
    {
        var path = Environment.ProcessPath!;
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(path) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        }

        start.ArgumentList.Add("--first-calls-inside");
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }
}
