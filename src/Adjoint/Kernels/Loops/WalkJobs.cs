using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>A loop over dense arrays, cut into pieces for several threads.</summary>
internal unsafe struct FlatJob
{
    public delegate*<void*, byte**, nint*, nint, void> Inner;
    public void* Op;
    public byte** P;
    public nint* Steps;
    public int* Items;
    public int Operands;
    public nint Count;
    public nint Piece;

    [SkipLocalsInit]
    public static void Part(void* context, int part)
    {
        var job = (FlatJob*)context;
        var start = part * job->Piece;
        var p = stackalloc byte*[Walk.MaxOperands];
        p[0] = job->P[0] + (start * job->Items[0]);
        for (var k = 1; k < job->Operands; k++)
        {
            p[k] = job->P[k] + (start * job->Steps[k] * job->Items[k]);
        }

        var count = Math.Min(job->Piece, job->Count - start);
        job->Inner(job->Op, p, job->Steps, count);
        if (job->Steps[0] == Loop.Streamed)
        {
            Interlocked.MemoryBarrier();
        }
    }
}

/// <summary>
/// A loop over arrays with gaps: the inner loop runs along the last dimension, the others are counted. Its units are rows, or pieces of rows
/// where there are few.
/// </summary>
internal unsafe struct StridedJob
{
    public delegate*<void*, byte**, nint*, nint, void> Inner;
    public void* Op;
    public byte** P;
    public int* Items;

    /// <summary>Merged sizes, slowest first, and strides in elements, as many for each dimension as there may be operands.</summary>
    public nint* Sizes;
    public nint* Strides;
    public int Operands;
    public int Rank;
    public nint Units;
    public nint PiecesPerRow;
    public nint Piece;
    public int Parts;

    [SkipLocalsInit]
    public static void Part(void* context, int part)
    {
        var job = (StridedJob*)context;
        var from = job->Units * part / job->Parts;
        job->Run(from, job->Units * (part + 1) / job->Parts);
    }

    [SkipLocalsInit]
    private readonly void Run(nint from, nint to)
    {
        var last = Rank - 1;
        var row = Strides + (last * Walk.MaxOperands);
        var length = Sizes[last];
        var staged = row[0] != 1;
        for (var k = 1; k < Operands; k++)
        {
            staged |= row[k] is not (0 or 1);
        }

        var index = stackalloc nint[Walk.MaxRank];
        var p = stackalloc byte*[Walk.MaxOperands];
        if (staged && PiecesPerRow == 0 && Rank > 1 && CrossedRows.Has(row, row - Walk.MaxOperands, Operands))
        {
            var crossed = new CrossedRows(Inner, Op, row, row - Walk.MaxOperands, Items, Operands);
            var height = Sizes[last - 1];
            for (nint unit = from, rows; unit < to; unit += rows)
            {
                Seek(unit, index, p);
                rows = Math.Min(Math.Min(CrossedRows.Most, to - unit), height - index[last - 1]);
                crossed.Run(p, rows, length);
            }

            return;
        }

        if (PiecesPerRow == 0)
        {
            Seek(from, index, p);
            for (var unit = from; unit < to; unit++)
            {
                Row(p, row, staged, length);
                Advance(index, p);
            }

            return;
        }

        for (var unit = from; unit < to; unit++)
        {
            var (number, piece) = Math.DivRem(unit, PiecesPerRow);
            Seek(number, index, p);
            for (var k = 0; k < Operands; k++)
            {
                p[k] += piece * Piece * row[k] * Items[k];
            }

            Row(p, row, staged, Math.Min(Piece, length - (piece * Piece)));
        }
    }

    private readonly void Row(byte** p, nint* row, bool staged, nint count)
    {
        if (staged)
        {
            Walk.Staged(Inner, Op, p, row, Items, Operands, count);
        }
        else if (count > 0)
        {
            Inner(Op, p, row, count);
        }
    }

    /// <summary>Goes to a row by its number.</summary>
    private readonly void Seek(nint number, nint* index, byte** p)
    {
        for (var k = 0; k < Operands; k++)
        {
            p[k] = P[k];
        }

        for (var d = Rank - 2; d >= 0; d--)
        {
            (number, index[d]) = Math.DivRem(number, Sizes[d]);
            for (var k = 0; k < Operands; k++)
            {
                p[k] += index[d] * Strides[(d * Walk.MaxOperands) + k] * Items[k];
            }
        }
    }

    /// <summary>Goes to the next row; from the last one back to the first.</summary>
    private readonly void Advance(nint* index, byte** p)
    {
        for (var d = Rank - 2; d >= 0; d--)
        {
            var step = Strides + (d * Walk.MaxOperands);
            if (++index[d] < Sizes[d])
            {
                for (var k = 0; k < Operands; k++)
                {
                    p[k] += step[k] * Items[k];
                }

                return;
            }

            index[d] = 0;
            for (var k = 0; k < Operands; k++)
            {
                p[k] -= step[k] * Items[k] * (Sizes[d] - 1);
            }
        }
    }
}
