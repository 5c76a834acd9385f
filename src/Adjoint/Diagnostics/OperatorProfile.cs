using System.Globalization;
using System.Text;
using Adjoint.Diagnostics;

namespace Adjoint;

/// <summary>What one operator took, over all its calls.</summary>
/// <param name="Operation">The operator.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Time">From the end of the operator before it on the same thread to its own end: what the program did in between counts.</param>
/// <param name="Bytes">The memory of its results; a view has none of its own.</param>
/// <param name="BackwardCalls">How often its backward part ran.</param>
/// <param name="BackwardTime">What the backward part took.</param>
/// <param name="BackwardBytes">The memory of the gradients that it made.</param>
public sealed record ProfileRow(
    string Operation, int Calls, TimeSpan Time, long Bytes, int BackwardCalls, TimeSpan BackwardTime, long BackwardBytes);

/// <summary>Time and memory by operator, gathered until this is disposed; prints as a table. See <see cref="Diagnose.Profile"/>.</summary>
public sealed class OperatorProfile : IDisposable
{
    private readonly ProfileObserver _observer = new();

    internal OperatorProfile() => _observer.Start();

    /// <summary>One row for each operator, the one that took most time first.</summary>
    public IReadOnlyList<ProfileRow> Rows => _observer.Rows();

    /// <summary>Gathers no more; the rows stay. A second call does nothing.</summary>
    public void Dispose() => _observer.Stop();

    /// <summary>A table of the rows, with the sum below.</summary>
    public override string ToString()
    {
        var rows = Rows;
        var width = Math.Max(9, rows.Select(row => row.Operation.Length).DefaultIfEmpty(0).Max());
        var text = new StringBuilder();
        text.Append("operation".PadRight(width)).Append("    calls        ms         bytes  backward        ms         bytes\n");
        foreach (var row in rows)
        {
            Append(text, width, row);
        }

        Append(text, width, new ProfileRow(
            "total",
            rows.Sum(row => row.Calls),
            new TimeSpan(rows.Sum(row => row.Time.Ticks)),
            rows.Sum(row => row.Bytes),
            rows.Sum(row => row.BackwardCalls),
            new TimeSpan(rows.Sum(row => row.BackwardTime.Ticks)),
            rows.Sum(row => row.BackwardBytes)));
        return text.ToString();
    }

    private static void Append(StringBuilder text, int width, ProfileRow row) => text
        .Append(row.Operation.PadRight(width))
        .Append(CultureInfo.InvariantCulture, $" {row.Calls,8} {row.Time.TotalMilliseconds,9:0.000} {row.Bytes,13:N0}")
        .Append(CultureInfo.InvariantCulture, $" {row.BackwardCalls,9} {row.BackwardTime.TotalMilliseconds,9:0.000} {row.BackwardBytes,13:N0}\n");
}
