using System.Globalization;
using System.IO.Compression;

namespace Adjoint.Bench.Objectives;

/// <summary>
/// The data of ADBench (F. Srajer, Z. Kukelova, A. Fitzgibbon 2018; MIT licence, see Data) and what its results are compared by. The data travel
/// compressed inside of the program.
/// </summary>
public static class AdBench
{
    /// <summary>The numbers of a file, in order; words that are none are skipped.</summary>
    public static Queue<double> Numbers(string file) => new(
        Text(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture)));

    /// <summary>The text of a file.</summary>
    public static string Text(string file)
    {
        using var stream = typeof(AdBench).Assembly.GetManifestResourceStream($"Adjoint.Bench.Data.{file}.gz")
            ?? throw new FileNotFoundException($"There is no {file} among the data.");
        using var unpacked = new StreamReader(new GZipStream(stream, CompressionMode.Decompress));
        return unpacked.ReadToEnd();
    }

    /// <summary>The next numbers.</summary>
    public static double[] Take(this Queue<double> numbers, int count)
    {
        var taken = new double[count];
        for (var i = 0; i < count; i++)
        {
            taken[i] = numbers.Dequeue();
        }

        return taken;
    }

    /// <summary>
    /// An objective and its derivatives in few numbers: sums, the norm, a checksum that depends on the order, and three elements. An array each, so
    /// that each is compared by itself.
    /// </summary>
    public static double[][] Checksums(double objective, double[] j) =>
    [
        [objective], [j.Sum()], [j.Sum(Math.Abs)], [Math.Sqrt(j.Sum(x => x * x))], [j.Select((x, i) => x * Math.Cos(i)).Sum()],
        [j[0]], [j[j.Length / 2]], [j[^1]],
    ];

    /// <summary>A row of ADBench's reference results: objective, then what <see cref="Checksums"/> gives.</summary>
    public static double[][] Golden(params double[] numbers) => Array.ConvertAll(numbers, number => new[] { number });
}
