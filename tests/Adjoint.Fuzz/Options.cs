using System.Globalization;

namespace Adjoint.Fuzz;

/// <summary>What the command line asks for.</summary>
/// <param name="Seed">The seed: with a call's number it decides everything about that call.</param>
/// <param name="First">The number of the first call.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Only">Only members whose type and name contain this; null for all.</param>
/// <param name="Minutes">When to stop although calls are left.</param>
/// <param name="Workers">How many processes call.</param>
/// <param name="Shows">Print each call and what came of it, instead of findings alone.</param>
/// <param name="Describes">Print the calls without making them.</param>
/// <param name="Log">The file where a worker writes down the call that it is at; null in the supervisor.</param>
internal sealed record Options(
    ulong Seed, long First, long Calls, string? Only, double Minutes, int Workers, bool Shows, bool Describes, string? Log)
{
    public const string Usage = "usage: Adjoint.Fuzz [--calls N] [--seed S] [--only NAME] [--minutes M] [--workers W] [--call N | --from N]";

    public static Options? Parse(string[] args)
    {
        var options = new Options(1, 0, 100_000, null, double.PositiveInfinity, 1, false, false, null);
        var i = 0;
        while (i < args.Length)
        {
            var name = args[i++];
            if (name == "--describe")
            {
                options = options with { Describes = true };
                continue;
            }

            if (name == "--show")
            {
                options = options with { Shows = true };
                continue;
            }

            if (i == args.Length || options.With(name, args[i++]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

    /// <summary>The arguments of a worker that makes some of the calls.</summary>
    public IEnumerable<string> ForWorker(string log, long first, long calls, bool describes)
    {
        yield return "--seed";
        yield return Seed.ToString(CultureInfo.InvariantCulture);
        yield return "--from";
        yield return first.ToString(CultureInfo.InvariantCulture);
        yield return "--calls";
        yield return calls.ToString(CultureInfo.InvariantCulture);
        yield return "--log";
        yield return log;
        if (Only is not null)
        {
            yield return "--only";
            yield return Only;
        }

        if (Shows)
        {
            yield return "--show";
        }

        if (describes)
        {
            yield return "--describe";
        }
    }

    private Options? With(string name, string value)
    {
        var isWhole = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole);
        return name switch
        {
            "--calls" when isWhole => this with { Calls = whole },
            "--seed" when isWhole => this with { Seed = (ulong)whole },
            "--from" when isWhole => this with { First = whole },
            "--call" when isWhole => this with { First = whole, Calls = 1, Shows = true },
            "--workers" when isWhole && whole > 0 => this with { Workers = (int)whole },
            "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) => this with { Minutes = minutes },
            "--only" => this with { Only = value },
            "--log" => this with { Log = value },
            _ => null,
        };
    }
}
