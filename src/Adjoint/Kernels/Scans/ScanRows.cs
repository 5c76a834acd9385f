using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>One step of a scan: the next state from the last one and an element of each of up to two inputs.</summary>
internal interface IStep
{
    /// <summary>
    /// Whether a long row of one input may be scanned in pieces: the state of a whole piece is an element to the step, nothing overflows in it that
    /// does not overflow anyway, and states begin with the unit.
    /// </summary>
    static virtual bool HasPieces => false;

    /// <summary>The state before the first element.</summary>
    V Unit<V>()
        where V : struct, IRing<V>;

    /// <summary>The first state.</summary>
    V First<V>(V a, V b)
        where V : struct, IReal<V>;

    /// <summary>The next state.</summary>
    V Next<V>(V state, V a, V b)
        where V : struct, IReal<V>;

    /// <summary>The next state of whole numbers.</summary>
    V I<V>(V state, V a)
        where V : struct, IRing<V>;
}

/// <summary>
/// Scans along the middle one of three dimensions without gaps. The state is kept in float64 whatever elements are stored in, so that long sums of
/// float32 do not lose digits (PyTorch's rule as well).
/// <para>
/// A step waits for the one before it, so several lines are scanned side by side: four rows, or a few dozen columns. A long sum alone is cut into
/// pieces, whose totals say where each begins; how it is cut follows from its length alone, so that the result never depends on the threads.
/// </para>
/// </summary>
/// <param name="Outer">How many rows come one after the other.</param>
/// <param name="Length">How long they are.</param>
/// <param name="Inner">How many lie beside each other.</param>
/// <param name="Reverse">From the last element to the first.</param>
internal readonly record struct ScanRows(nint Outer, nint Length, nint Inner, bool Reverse)
{
    private const int Rows = 4;
    private const int Columns = 64;
    private const nint LongRow = 4096;
    private const nint Piece = 16 * 1024;

    /// <summary>Scans reals.</summary>
    public unsafe void Real<P, S, T, C>(P step, S* a, S* b, S* y)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        var isLarge = Outer * Length * Inner >= Fold.SharedElements;
        if (P.HasPieces && Inner == 1 && Outer < Rows && Length >= LongRow && b == null && !Reverse)
        {
            for (nint row = 0; row < Outer; row++)
            {
                InPieces<P, S, T, C>(step, a + (row * Length), y + (row * Length), Length);
            }

            return;
        }

        var rows = this;
        var width = Inner == 1 ? Rows : Columns;
        var blocks = ((Inner == 1 ? Outer : Inner) + width - 1) / width;
        var units = Inner == 1 ? blocks : Outer * blocks;
        var parts = (int)Math.Min(units, isLarge ? Fold.PartsPerThread * Team.MaxThreads : 1);
        Team.Run(parts, isLarge, part =>
        {
            var end = units * (part + 1) / parts;
            for (var unit = units * part / parts; unit < end; unit++)
            {
                if (rows.Inner == 1)
                {
                    rows.Lines<P, S, T, C>(step, a, b, y, unit * Rows, (int)Math.Min(Rows, rows.Outer - (unit * Rows)), rows.Length);
                }
                else
                {
                    var (outer, block) = Math.DivRem(unit, blocks);
                    var first = (outer * rows.Length * rows.Inner) + (block * Columns);
                    var count = (int)Math.Min(Columns, rows.Inner - (block * Columns));
                    rows.Beside<P, S, T, C>(step, a + first, b == null ? null : b + first, y + first, count);
                }
            }
        });
    }

    /// <summary>Scans whole numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Whole<P, T>(P step, T* a, T* y)
        where P : struct, IStep
        where T : unmanaged, IBinaryInteger<T>
    {
        for (nint row = 0; row < Outer * Inner; row++)
        {
            var (outer, inner) = Math.DivRem(row, Inner);
            var at = (outer * Length * Inner) + inner + (Reverse ? (Length - 1) * Inner : 0);
            var by = Reverse ? -Inner : Inner;
            var state = step.Unit<Whole<T>>();
            for (nint i = 0; i < Length; i++, at += by)
            {
                state = step.I(state, new Whole<T>(a[at]));
                y[at] = state.Value;
            }
        }
    }

    /// <summary>A long row in pieces: their totals, where each begins, and then each.</summary>
    private static unsafe void InPieces<P, S, T, C>(P step, S* a, S* y, nint length)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        // Four pieces are one unit of work; the last ones may be shorter.
        var units = (int)((length + (Rows * Piece) - 1) / (Rows * Piece));
        var pieces = units * Rows;
        var piece = (length + pieces - 1) / pieces;
        var isLarge = length >= Fold.SharedElements;
        var unit = step.Unit<One<double>>();
        fixed (One<double>* states = new One<double>[pieces])
        {
            var begin = states;
            new Span<One<double>>(begin, pieces).Fill(unit);
            Team.Run(units, isLarge, part => Four<P, S, T, C>(step, a, null, length, piece, part * Rows, begin));
            var sum = unit;
            for (var i = 0; i < pieces; i++)
            {
                var total = begin[i];
                begin[i] = sum;
                sum = step.Next(sum, total, default);
            }

            Team.Run(units, isLarge, part => Four<P, S, T, C>(step, a, y, length, piece, part * Rows, begin));
        }
    }

    /// <summary>Four pieces of a row side by side; without a place for results, their totals only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Four<P, S, T, C>(P step, S* a, S* y, nint length, nint piece, nint first, One<double>* states)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        var start = first * piece;
        if (start + (Rows * piece) > length)
        {
            // The end: piece by piece.
            for (var i = first; i < first + Rows; i++)
            {
                var end = Math.Min((i + 1) * piece, length);
                for (var at = i * piece; at < end; at++)
                {
                    states[i] = step.Next(states[i], Widened<S, T, C>(a[at]), default);
                    if (y != null)
                    {
                        y[at] = Narrowed<S, T, C>(states[i]);
                    }
                }
            }

            return;
        }

        var (s0, s1, s2, s3) = (states[first], states[first + 1], states[first + 2], states[first + 3]);
        var (a0, a1, a2, a3) = ((nint)(a + start), (nint)(a + start + piece), (nint)(a + start + (2 * piece)), (nint)(a + start + (3 * piece)));
        if (y == null)
        {
            for (nint i = 0; i < piece; i++)
            {
                s0 = step.Next(s0, Widened<S, T, C>(((S*)a0)[i]), default);
                s1 = step.Next(s1, Widened<S, T, C>(((S*)a1)[i]), default);
                s2 = step.Next(s2, Widened<S, T, C>(((S*)a2)[i]), default);
                s3 = step.Next(s3, Widened<S, T, C>(((S*)a3)[i]), default);
            }
        }
        else
        {
            var (y0, y1, y2, y3) = ((nint)(y + start), (nint)(y + start + piece), (nint)(y + start + (2 * piece)), (nint)(y + start + (3 * piece)));
            for (nint i = 0; i < piece; i++)
            {
                s0 = step.Next(s0, Widened<S, T, C>(((S*)a0)[i]), default);
                s1 = step.Next(s1, Widened<S, T, C>(((S*)a1)[i]), default);
                s2 = step.Next(s2, Widened<S, T, C>(((S*)a2)[i]), default);
                s3 = step.Next(s3, Widened<S, T, C>(((S*)a3)[i]), default);
                ((S*)y0)[i] = Narrowed<S, T, C>(s0);
                ((S*)y1)[i] = Narrowed<S, T, C>(s1);
                ((S*)y2)[i] = Narrowed<S, T, C>(s2);
                ((S*)y3)[i] = Narrowed<S, T, C>(s3);
            }
        }

        (states[first], states[first + 1], states[first + 2], states[first + 3]) = (s0, s1, s2, s3);
    }

    private static One<double> Widened<S, T, C>(S x)
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T> => new(double.CreateTruncating(C.Widen(x)));

    private static S Narrowed<S, T, C>(One<double> x)
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T> => C.Narrow(T.CreateTruncating(x.Value));

    /// <summary>Up to four rows side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Lines<P, S, T, C>(P step, S* a, S* b, S* y, nint row, int count, nint length)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        var by = Reverse ? -1 : 1;
        var at = (row * length) + (Reverse ? length - 1 : 0);
        if (count < Rows)
        {
            for (var line = 0; line < count; line++)
            {
                One<double> state = default;
                for (nint i = 0; i < length; i++)
                {
                    var place = at + (line * length) + (i * by);
                    state = Step<P, S, T, C>(step, state, a, b, place, i == 0);
                    y[place] = Narrowed<S, T, C>(state);
                }
            }

            return;
        }

        One<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint i = 0; i < length; i++, at += by)
        {
            s0 = Step<P, S, T, C>(step, s0, a, b, at, i == 0);
            s1 = Step<P, S, T, C>(step, s1, a, b, at + length, i == 0);
            s2 = Step<P, S, T, C>(step, s2, a, b, at + (2 * length), i == 0);
            s3 = Step<P, S, T, C>(step, s3, a, b, at + (3 * length), i == 0);
            y[at] = Narrowed<S, T, C>(s0);
            y[at + length] = Narrowed<S, T, C>(s1);
            y[at + (2 * length)] = Narrowed<S, T, C>(s2);
            y[at + (3 * length)] = Narrowed<S, T, C>(s3);
        }
    }

    /// <summary>Some columns side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Beside<P, S, T, C>(P step, S* a, S* b, S* y, int count)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        var states = stackalloc One<double>[Columns];
        var at = Reverse ? (Length - 1) * Inner : 0;
        for (nint i = 0; i < Length; i++, at += Reverse ? -Inner : Inner)
        {
            for (var column = 0; column < count; column++)
            {
                states[column] = Step<P, S, T, C>(step, states[column], a, b, at + column, i == 0);
                y[at + column] = Narrowed<S, T, C>(states[column]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe One<double> Step<P, S, T, C>(P step, One<double> state, S* a, S* b, nint at, bool isFirst)
        where P : struct, IStep
        where S : unmanaged
        where T : unmanaged, IFloatingPointIeee754<T>
        where C : struct, IStored<S, T>
    {
        var (first, second) = (Widened<S, T, C>(a[at]), b == null ? default : Widened<S, T, C>(b[at]));
        return isFirst ? step.First(first, second) : step.Next(state, first, second);
    }
}
