using System.Globalization;

namespace Tour;

/// <summary>What the command line asks for.</summary>
/// <param name="Epochs">How often the training goes through its data.</param>
/// <param name="Seed">What the random numbers of the training start from.</param>
/// <param name="Out">The folder for files.</param>
/// <param name="Help">Only explain the options.</param>
public sealed record Options(int Epochs, int Seed, string Out, bool Help)
{
    public const int DefaultEpochs = 40;

    public const string Usage = """
        A tour of Adjoint: PyTorch's autograd notebook in C#, then a classifier of handwritten digits.

        dotnet run -c Release --project samples/Tour [-- OPTIONS]

          --epochs N   how often the training goes through its data (default 40)
          --seed N     what its random numbers start from (default 0)
          --out DIR    the folder for pictures, made if missing (default tour-output)
          --help       this text

        Exit code: 0; 1 if a result is not the expected one; 2 if an option is wrong or a file cannot be written.
        """;

    public static Options Parse(string[] args)
    {
        var options = new Options(DefaultEpochs, Seed: 0, "tour-output", Help: false);
        for (var i = 0; i < args.Length; i++)
        {
            // Both "--seed 1" and "--seed=1".
            var (name, attached) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            string Value() =>
                attached ?? (++i < args.Length ? args[i] : throw NeedsValue(name));

            options = name switch
            {
                "--epochs" => options with { Epochs = Number(name, Value(), least: 1) },
                "--seed" => options with { Seed = Number(name, Value(), least: 0) },
                "--out" => options with { Out = Value() is { Length: > 0 } folder ? folder : throw NeedsValue(name) },
                "--help" or "-h" when attached is null => options with { Help = true },
                _ => throw new UsageException($"unknown option '{args[i]}'; --help lists the options."),
            };
        }

        return options;
    }

    private static UsageException NeedsValue(string name) => new($"{name} needs a value; --help lists the options.");

    private static int Number(string name, string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new UsageException($"{name} takes a whole number from {least} to {int.MaxValue}, not '{text}'.");
}

/// <summary>Something the user has to change: a wrong option, or a folder that cannot be written.</summary>
public sealed class UsageException(string message) : Exception(message);
