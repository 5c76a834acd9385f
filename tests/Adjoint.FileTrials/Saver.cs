using System.Globalization;
using Adjoint.NN;

namespace Adjoint.FileTrials;

/// <summary>The process that saves until it is killed: tensors all full of the number of the save, which it says when the save is done.</summary>
internal static class Saver
{
    public const string Argument = "save";

    private const string File = "state", Index = "state.safetensors.index.json";

    /// <summary>The kinds of files.</summary>
    public static readonly string[] Kinds = ["safetensors", "parts", "npz", "npz-packed", "npy", "pt", "folder"];

    /// <summary>Saves again and again.</summary>
    public static void Run(string kind, string folder, long first)
    {
        for (var number = first; ; number++)
        {
            Save(kind, folder, number);
            Console.Out.WriteLine(number.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }

    /// <summary>The number that all tensors on the disk are full of, or what is wrong with them.</summary>
    public static (long Number, string? Fault) Look(string kind, string folder)
    {
        var place = Path.Combine(folder, File);
        try
        {
            switch (kind)
            {
                case "safetensors":
                    return Read(SafeTensors.Load(place));
                case "parts":
                    return Read(SafeTensors.Load(Path.Combine(folder, Index)));
                case "npz" or "npz-packed":
                    return Read(Npz.Load(place));
                case "npy":
                    return Read([new("x", Npy.Load(place))]);
                case "pt":
                    return Read(TorchFile.LoadStateDict(place));
                default:
                    return LookAtFolder(new CheckpointFolder(folder));
            }
        }
        catch (Exception fault) when (fault is IOException or TensorException or ArgumentException)
        {
            return (-1, $"{fault.GetType().Name}: {fault.Message}");
        }
    }

    private static void Save(string kind, string folder, long number)
    {
        var place = Path.Combine(folder, File);
        var sizes = Enumerable.Range(1, 8).Select(i => 1000 * i * i);
        var tensors = sizes.Select((size, i) => KeyValuePair.Create($"x{i}", Tensor.Full([size], (double)number, DType.Float32)));
        switch (kind)
        {
            case "safetensors":
                SafeTensors.Save(place, tensors);
                break;
            case "parts":
                SafeTensors.SaveSharded(Path.Combine(folder, Index), tensors, maxShardBytes: 300_000);
                break;
            case "npz" or "npz-packed":
                Npz.Save(place, tensors, kind == "npz-packed");
                break;
            case "npy":
                Npy.Save(place, Tensor.Full([200_000], (double)number, DType.Float32));
                break;
            case "pt":
                TorchFile.Save(place, tensors);
                break;
            default:
                // Every seventh is better than those before.
                new CheckpointFolder(folder).Save(number, file => TorchFile.Save(file, tensors), number % 7 == 0 ? 1.0 / (number + 1) : 2);
                break;
        }
    }

    private static (long Number, string? Fault) Read(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        long? number = null;
        foreach (var (name, x) in tensors)
        {
            var first = x[0].Item();
            number ??= (long)first;
            if (first != number || x.Ne(first).Any().Item() != 0)
            {
                return (-1, $"{name} is of another save");
            }
        }

        return number is { } found ? (found, null) : (-1, "there are no tensors");
    }

    private static (long Number, string? Fault) LookAtFolder(CheckpointFolder folder)
    {
        if (folder.Latest is not { } latest || folder.Best is not { } best)
        {
            return (-1, "there is no checkpoint");
        }

        foreach (var file in folder.Files)
        {
            if (Read(TorchFile.LoadStateDict(file)) is (_, { } fault))
            {
                return (-1, $"{file}: {fault}");
            }
        }

        var (number, _) = Read(TorchFile.LoadStateDict(latest));

        // A process that is killed between writing and removing leaves one more.
        return Read(TorchFile.LoadStateDict(best)).Number < (number / 7 * 7) - 7 ? (-1, "the best is not there")
            : folder.Files.Count > folder.Keep + 3 ? (-1, $"{folder.Files.Count} checkpoints are kept")
            : (number, null);
    }
}
