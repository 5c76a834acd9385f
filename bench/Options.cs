namespace Adjoint.Bench;

/// <summary>What the command line asks for.</summary>
public sealed record Options
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Usage =
        """
        usage: bench [--list] [--rows A,B] [--json FILE] [--peer torchsharp|native] [--threads N] [--check] [--bdn FILTER] [--first-calls]

          --list             print the rows and stop
          --rows A,B         only these rows; a name also means all rows that it starts, up to a hyphen
          --json FILE        write one JSON line for each row
          --peer torchsharp  measure the same work in TorchSharp, in turns with ours
          --peer native      measure the same work in C++, where a row has it; g++ builds it
          --threads N        the most threads that either side uses; 2 unless told
          --check            measure nothing, only compare the results of the rows that know them; exit code 1 if one is wrong
          --bdn FILTER       hand the rows named by FILTER to BenchmarkDotNet instead
          --first-calls      print what the first call of twenty operators costs in a fresh process instead
        """;

    /// <summary>Print the rows and stop.</summary>
    public bool List { get; private set; }

    /// <summary>Print the usage and stop.</summary>
    public bool Help { get; private set; }

    /// <summary>The rows asked for; null for all.</summary>
    public string? Rows { get; private set; }

    /// <summary>Where the JSON lines go.</summary>
    public string? Json { get; private set; }

    /// <summary>The peer's name.</summary>
    public string? Peer { get; private set; }

    /// <summary>Only compare results, see <see cref="Bench.Check"/>.</summary>
    public bool Check { get; private set; }

    /// <summary>Only first calls, see <see cref="Bench.FirstCalls"/>.</summary>
    public bool FirstCalls { get; private set; }

    /// <summary>Whether this process is the one that <see cref="FirstCalls"/> times.</summary>
    public bool IsFirstCallsInside { get; private set; }

    /// <summary>The rows for BenchmarkDotNet.</summary>
    public string? Bdn { get; private set; }

    /// <summary>The most threads that either side uses.</summary>
    public int Threads { get; private set; } = 2;

    /// <summary>The row that this process measures for another one, see <see cref="FreshProcess"/>.</summary>
    public string? Inside { get; private set; }

    /// <summary>Whether it measures the peer's side.</summary>
    public bool IsPeerSide { get; private set; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">It does not say what to do.</exception>
    public static Options Parse(ReadOnlySpan<string> args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--list":
                    options.List = true;
                    break;
                case "--help" or "-h":
                    options.Help = true;
                    break;
                case "--rows":
                    options.Rows = Value(args, ref i);
                    break;
                case "--check":
                    options.Check = true;
                    break;
                case "--first-calls":
                    options.FirstCalls = true;
                    break;
                case "--first-calls-inside":
                    options.IsFirstCallsInside = true;
                    break;
                case "--json":
                    options.Json = Value(args, ref i);
                    break;
                case "--bdn":
                    options.Bdn = Value(args, ref i);
                    break;
                case "--inside":
                    options.Inside = Value(args, ref i);
                    break;
                case "--side":
                    options.IsPeerSide = Value(args, ref i) == "peer";
                    break;
                case "--peer":
                    options.Peer = Value(args, ref i);
                    if (options.Peer is not ("torchsharp" or "native"))
                    {
                        throw new UsageException($"there is no peer '{options.Peer}'; there are torchsharp and native");
                    }

                    break;
                case "--threads":
                    var text = Value(args, ref i);
                    options.Threads = int.TryParse(text, out var threads) && threads > 0
                        ? threads
                        : throw new UsageException($"--threads needs a number of at least 1, not '{text}'");
                    break;
                default:
                    throw new UsageException($"unknown option '{args[i]}'; --help lists the options");
            }
        }

        return options;
    }

    private static string Value(ReadOnlySpan<string> args, ref int i) => ++i < args.Length
        ? args[i]
        : throw new UsageException($"{args[i - 1]} needs a value");
}

/// <summary>What the user asked for cannot be done: one line on the error stream and exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);
