using System.Diagnostics;
using System.Globalization;
using Adjoint.Memory;

namespace Adjoint.FileTrials;

/// <summary>
/// Gives readers broken files: each is refused with a typed error, or read, and then what was read is the same after it was written and read again.
/// The memory that was asked for is at most four times the file's, beside what every call needs; no call takes long.
/// </summary>
internal static class FuzzLoop
{
    /// <summary>What every call may allocate, whatever the file: buffers, exceptions with their traces.</summary>
    private const long Free = 1 << 18;

    private const int MostSeconds = 10;
    private const int MostFindings = 20;

    private static long s_number;
    private static string s_at = string.Empty;

    public static int Run(long inputs, long from, long seed, string? only)
    {
        var readers = FuzzReader.All.Where(reader => only is null || reader.Name == only).ToArray();
        if (readers.Length == 0)
        {
            throw new FormatException($"There is no reader '{only}', but {string.Join(", ", FuzzReader.All.Select(reader => reader.Name))}.");
        }

        new Thread(Watch) { IsBackground = true }.Start();

        // In memory where the system has such files: a million of them are written.
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(root, $"adjoint-fuzz-{Environment.ProcessId}")).FullName;
        try
        {
            return readers.Sum(reader => Run(reader, folder, inputs, from, seed)) == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Run(FuzzReader reader, string folder, long inputs, long from, long seed)
    {
        var mutator = new Mutator(Seeds.Of(reader, folder), reader.Pieces, reader.Name switch
        {
            "npz" or "pt" => Repacking.Zip,
            "safetensors" or "safetensors-mapped" => Repacking.Header,
            _ => null,
        });
        var place = Path.Combine(folder, reader.File);
        var (read, refused, findings) = (0L, 0L, 0);
        var started = Stopwatch.GetTimestamp();
        for (var i = from; i < from + inputs && findings < MostFindings; i++)
        {
            var bytes = mutator.Make(new Random(HashCode(seed, i)));
            File.WriteAllBytes(place, bytes);
            s_at = reader.Name;
            Volatile.Write(ref s_number, i);
            var before = Allocated();
            string? finding = null;
            List<KeyValuePair<string, Tensor>>? tensors = null;
            try
            {
                tensors = [.. reader.Load(place)];
                read++;
            }
            catch (TensorFileException refusal)
            {
                refused++;
                finding = refusal.Message.Any(char.IsControl) || refusal.Message.Length < 20 ? $"says '{refusal.Message}'" : null;
            }
            catch (Exception fault)
            {
                finding = fault.ToString();
            }

            var allocated = Allocated() - before;
            if (i > from + 100)
            {
                finding ??= allocated > (4L * bytes.Length) + Free ? $"asked for {allocated} bytes of memory with a file of {bytes.Length}" : null;
            }

            finding ??= tensors is null ? null : Again(reader, place, tensors);
            if (finding is not null)
            {
                findings++;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"FOUND {reader.Name} --seed {seed} --from {i} --inputs 1: {finding}"));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"fuzz {reader.Name}: {read + refused} inputs, {read} read, {refused} refused, {findings} findings, " +
            $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
        return findings;
    }

    /// <summary>What this thread has allocated so far: managed objects, and blocks beside them.</summary>
    private static long Allocated() => GC.GetAllocatedBytesForCurrentThread() + BlockPool.RentedByThread;

    /// <summary>What was read, written and read again; reading all elements shows that they are there.</summary>
    private static string? Again(FuzzReader reader, string place, List<KeyValuePair<string, Tensor>> tensors)
    {
        // A tensor whose strides are 0 may have any number of elements.
        if (tensors.Count == 0 || tensors.Sum(pair => (double)pair.Value.Count) > 1 << 20)
        {
            return null;
        }

        try
        {
            var copies = tensors.ConvertAll(pair => KeyValuePair.Create(pair.Key, pair.Value.Detach().Clone()));
            if (reader.Name.StartsWith("pt", StringComparison.Ordinal)
                && copies.Exists(pair => pair.Value.DType is { IsFloatingPoint: false, ItemSize: > 1 } and not { TorchName: "torch.int64" }))
            {
                return null;
            }

            var copy = place + "-copy" + Path.GetExtension(place);
            try
            {
                reader.Save(copy.Replace(".index.json-copy.json", ".copy", StringComparison.Ordinal), copies);
                copy = copy.Replace(".index.json-copy.json", ".copy", StringComparison.Ordinal);
                var again = reader.Load(copy).ToDictionary(pair => pair.Key, pair => pair.Value);
                return again.Count == copies.Count && copies.TrueForAll(pair => Same(pair.Value, again[pair.Key]))
                    ? null
                    : "is another when it is written and read again";
            }
            finally
            {
                File.Delete(copy);
            }
        }
        catch (Exception fault)
        {
            return $"cannot be written and read again: {fault}";
        }
    }

    private static bool Same(Tensor a, Tensor b) =>
        a.DType == b.DType && a.Shape.Equals(b.Shape) && a.ToArray<double>().Zip(b.ToArray<double>()).All(pair => pair.First.Equals(pair.Second));

    private static int HashCode(long seed, long number)
    {
        var mixed = (ulong)((seed * 0x5851F42D4C957F2D) + number) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 33);
    }

    /// <summary>Ends the process when a call takes too long, and says which. What is counted is rests, not time: a process may be stopped.</summary>
    private static void Watch()
    {
        var (last, rests) = (-1L, 0);
        while (true)
        {
            Thread.Sleep(500);
            var number = Volatile.Read(ref s_number);
            (last, rests) = (number, number == last ? rests + 1 : 0);
            if (rests > 2 * MostSeconds)
            {
                Console.WriteLine($"FOUND {s_at} {number}: takes longer than {MostSeconds} s");
                Console.Out.Flush();
                Environment.Exit(1);
            }
        }
    }
}
