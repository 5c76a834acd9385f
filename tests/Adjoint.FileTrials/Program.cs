using System.Globalization;

namespace Adjoint.FileTrials;

/// <summary>
/// What files have to endure: <c>kill</c> ends processes that save, at random moments, and looks at what is left; <c>fuzz</c> gives readers broken
/// files. Prints a line for each finding and the counts last. Exit code 0 if there was no finding, 1 if there was one, 2 if the arguments are no
/// good.
/// </summary>
internal static class Program
{
    private const string Usage =
        "usage: Adjoint.FileTrials kill [--times N] [--seed S] [--kind KIND] | fuzz [--inputs N] [--seed S] [--reader NAME] [--from N]";

    private static int Main(string[] args)
    {
        if (args is [Saver.Argument, var kind, var folder, var first])
        {
            Saver.Run(kind, folder, long.Parse(first, CultureInfo.InvariantCulture));
            return 0;
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        if (args.Length % 2 == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        try
        {
            return args[0] switch
            {
                "kill" => KillLoop.Run((int)Number("--times", 100), Number("--seed", 1), options.GetValueOrDefault("--kind")),
                "fuzz" => FuzzLoop.Run(Number("--inputs", 20_000), Number("--from", 0), Number("--seed", 1), options.GetValueOrDefault("--reader")),
                _ => throw new FormatException($"'{args[0]}' is unknown."),
            };
        }
        catch (FormatException fault)
        {
            Console.Error.WriteLine($"{fault.Message} {Usage}");
            return 2;
        }

        long Number(string name, long otherwise) =>
            options.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
