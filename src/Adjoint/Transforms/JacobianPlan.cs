using System.Globalization;

namespace Adjoint;

/// <summary>Which way a Jacobian is computed.</summary>
public enum JacobianMode
{
    /// <summary>Column by column: one tangent for each element of the argument.</summary>
    Forward,

    /// <summary>Row by row: one gradient for each element of the result.</summary>
    Reverse,
}

/// <summary>
/// How <see cref="Transform.Jacobian(Func{Tensor, Tensor}, Tensor, long)"/> goes about a function at a point; prints as a sentence.
/// </summary>
/// <param name="Mode">Forward or reverse.</param>
/// <param name="Rows">The elements of the result.</param>
/// <param name="Columns">The elements of the argument.</param>
/// <param name="ChunkSize">How many rows or columns are computed at once.</param>
/// <param name="BytesEach">About how much memory one row or column takes while it is computed.</param>
public sealed record JacobianPlan(JacobianMode Mode, long Rows, long Columns, int ChunkSize, long BytesEach)
{
    /// <summary>How many passes are needed.</summary>
    public long Passes => Count <= 0 || ChunkSize <= 0 ? 0 : ((Count - 1) / ChunkSize) + 1;

    private long Count => Mode == JacobianMode.Forward ? Columns : Rows;

    /// <summary>The plan in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Jacobian {Rows} x {Columns}: {(Mode == JacobianMode.Forward ? "forward" : "reverse")} mode, " +
        $"{(Mode == JacobianMode.Forward ? "columns" : "rows")} in {Passes} {(Passes == 1 ? "pass" : "passes")} of {ChunkSize}, " +
        $"about {(double)BytesEach * ChunkSize / 1e6:0.###} MB at once");

    /// <summary>The plan for a function with these shapes.</summary>
    /// <param name="rows">The elements of the result.</param>
    /// <param name="columns">The elements of the argument.</param>
    /// <param name="bytesEach">The size of all values that the function computes.</param>
    /// <param name="maxBytes">The memory that one pass may take.</param>
    internal static JacobianPlan For(long rows, long columns, long bytesEach, long maxBytes)
    {
        // A pull reads what a push computes, and adds: it costs about half as much again.
        var mode = 2 * columns <= 3 * rows ? JacobianMode.Forward : JacobianMode.Reverse;
        var count = Math.Max(1, mode == JacobianMode.Forward ? columns : rows);
        var each = Math.Max(1, bytesEach);
        return new JacobianPlan(mode, rows, columns, (int)Math.Clamp(maxBytes / each, 1, Math.Min(count, int.MaxValue)), each);
    }
}
