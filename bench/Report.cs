using System.Globalization;
using System.Text.Json;

namespace Adjoint.Bench;

/// <summary>The figures of a row, in its unit.</summary>
public sealed record Figures(
    string Row, double Ours, double? Peer, string Unit, double? Error, double? Bytes, double OursSpread, double? PeerSpread)
{
    /// <summary>Our share of the processor's peak of multiply-adds; null where arithmetic is not the bound.</summary>
    public double? OfPeak { get; init; }

    /// <summary>Ours over the peer's: below 1 we are faster.</summary>
    public double? Ratio => Ours / Peer;

    /// <summary>The figures of a measured row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="measured">Its times.</param>
    /// <param name="error">How far its results are from what they should be.</param>
    /// <param name="peak">The most multiplications and additions in a second; 0 if that is not known.</param>
    public static Figures Of(Row row, Measurement measured, double? error, double peak)
    {
        var scale = row.Unit.Split('/')[0] switch
        {
            "ns" => 1e9,
            "us" => 1e6,
            "ms" => 1e3,
            "MB" => 1,
            var other => throw new InvalidOperationException($"row {row.Name} counts in {other}; ns, us, ms and MB are known"),
        } / row.UnitsPerCall;
        var hasPeer = measured.Peer.Length > 0;
        return new Figures(
            row.Name,
            scale * Measurement.Median(measured.Ours),
            hasPeer ? scale * Measurement.Median(measured.Peer) : null,
            row.Unit,
            error,
            double.IsNaN(measured.Bytes) ? null : measured.Bytes / row.UnitsPerCall,
            Measurement.Spread(measured.Ours),
            hasPeer ? Measurement.Spread(measured.Peer) : null)
        {
            OfPeak = row.Flops > 0 && peak > 0 ? row.Flops / Measurement.Median(measured.Ours) / peak : null,
        };
    }
}

/// <summary>Prints figures as a table on the console and, if asked, as JSON lines into a file.</summary>
public sealed class Report : IDisposable
{
    private const string Columns = "{0,-28} {1,11} {2,11} {3,8}  {4,-8} {5,9} {6,10} {7,7} {8,7} {9,7}";
    private readonly StreamWriter? _json;

    /// <summary>Opens the file and prints the head of the table.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public Report(string? json)
    {
        try
        {
            _json = json is null ? null : new StreamWriter(json) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"cannot write {json}: {e.Message}");
        }

        Line(Columns, "row", "ours", "peer", "ratio", "unit", "error", "bytes", "spread", "of peer", "of peak");
    }

    /// <summary>Prints one row.</summary>
    public void Add(Figures figures)
    {
        Line(
            Columns,
            figures.Row,
            Number(figures.Ours),
            Number(figures.Peer),
            figures.Ratio?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-",
            figures.Unit,
            figures.Error?.ToString("0.0e+00", CultureInfo.InvariantCulture) ?? "-",
            figures.Bytes?.ToString("0.#", CultureInfo.InvariantCulture) ?? "-",
            Share(figures.OursSpread),
            Share(figures.PeerSpread),
            figures.OfPeak is null ? string.Empty : Share(figures.OfPeak));
        _json?.WriteLine(JsonSerializer.Serialize(new
        {
            row = figures.Row,
            ours = figures.Ours,
            peer = figures.Peer,
            ratio = figures.Ratio,
            unit = figures.Unit,
            error = figures.Error is { } error && double.IsFinite(error) ? error : (double?)null,
            bytes = figures.Bytes,
            peak = figures.OfPeak,
        }));
    }

    /// <inheritdoc/>
    public void Dispose() => _json?.Dispose();

    private static string Number(double? value) => value switch
    {
        null => "-",
        >= 1000 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 100 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static string Share(double? value) => value?.ToString("0 %", CultureInfo.InvariantCulture) ?? "-";

    private static void Line(string format, params object[] values) =>
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, format, values).TrimEnd());
}
