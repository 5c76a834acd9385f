using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Moves rows between a table and values that lie one after another: taken, added, put in place, or set to zero. Tables and values are contiguous,
/// row numbers dense int64. Each number is held against the table where it is used, because hooks may have changed what was checked before.
/// </summary>
internal static unsafe class Rows
{
    private delegate void Move(byte* table, nint height, long* rows, byte* values, nint first, nint end, nint width);

    /// <summary>values[i] = table[rows[i]]. Only reads what several rows may share, so it is divided between threads.</summary>
    public static void Take(Tensor table, Tensor rows, Tensor values, nint width)
    {
        var size = width * table.DType.ItemSize;
        Run(table, rows, values, width, size, isDivided: true, size switch
        {
            2 => static (t, h, r, v, first, end, _) => TakeEach((short*)t, h, r, (short*)v, first, end),
            4 => static (t, h, r, v, first, end, _) => TakeEach((int*)t, h, r, (int*)v, first, end),
            8 => static (t, h, r, v, first, end, _) => TakeEach((long*)t, h, r, (long*)v, first, end),
            _ => TakeBytes,
        });
    }

    /// <summary>table[rows[i]] = values[i], in sequence: the last write wins.</summary>
    public static void Put(Tensor table, Tensor rows, Tensor values, nint width)
    {
        var size = width * table.DType.ItemSize;
        Run(table, rows, values, width, size, isDivided: false, static (t, h, r, v, first, end, size) =>
        {
            for (var i = first; i < end; i++)
            {
                Buffer.MemoryCopy(v + (i * size), t + (Checked(r[i], h) * size), size, size);
            }
        });
    }

    /// <summary>table[rows[i]] = 0.</summary>
    public static void Erase(Tensor table, Tensor rows, nint width)
    {
        var size = width * table.DType.ItemSize;
        Run(table, rows, null, width, size, isDivided: false, static (t, h, r, _, first, end, size) =>
        {
            for (var i = first; i < end; i++)
            {
                NativeMemory.Clear(t + (Checked(r[i], h) * size), (nuint)size);
            }
        });
    }

    /// <summary>table[rows[i]] += values[i], in sequence.</summary>
    public static void Add(Tensor table, Tensor rows, Tensor values, nint width)
    {
        if (table.DType is { IsNarrow: true, IsFloatingPoint: false })
        {
            var wide = Op.Wide(table);
            Add(wide, rows, Op.Wide(values), width);
            Op.CopyInto(wide, table);
            return;
        }

        var job = default(Adding);
        table.DType.Visit(ref job);
        Run(table, rows, values, width, width, isDivided: false, job.Each);
    }

    /// <summary>Runs a move over all row numbers.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The row numbers.</param>
    /// <param name="values">As many rows as there are numbers; null for none.</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="unit">The length of a row as the move counts it: in elements or in bytes.</param>
    /// <param name="isDivided">Whether threads may share the numbers.</param>
    /// <param name="move">The move.</param>
    private static void Run(Tensor table, Tensor rows, Tensor? values, nint width, nint unit, bool isDivided, Move move)
    {
        Guard.Dense(table, table.DType, table.Layout.Count);
        Guard.Dense(rows, DType.Int64, rows.Layout.Count, "indices");
        Guard.Dense(values, table.DType, rows.Layout.Count * width);
        var height = width == 0 ? nint.MaxValue : table.Layout.Count / width;
        var other = values ?? table;
        fixed (byte* t = &table.Storage.Origin, r = &rows.Storage.Origin, v = &other.Storage.Origin)
        {
            byte* to = At(table, t), from = At(other, v);
            var number = (long*)At(rows, r);
            if (isDivided && rows.Layout.Count * width >= Work.SharedFrom(Work.Single, table.DType.ItemSize))
            {
                Divide((nint)to, height, (nint)number, (nint)from, rows.Layout.Count, unit, move);
            }
            else
            {
                move(to, height, number, from, 0, rows.Layout.Count, unit);
            }
        }

        GC.KeepAlive(table);
        GC.KeepAlive(rows);
        GC.KeepAlive(values);
    }

    private static void Divide(nint table, nint height, nint rows, nint values, nint count, nint unit, Move move)
    {
        var parts = (int)Math.Min(count, 2 * Team.MaxThreads);
        Team.Run(parts, isLarge: true, part => move(
            (byte*)table, height, (long*)rows, (byte*)values, count * part / parts, count * (part + 1) / parts, unit));
    }

    /// <summary>A row number that the table has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Checked(long row, nint height) => (ulong)row < (ulong)height ? (nint)row : throw Outside(row, height);

    private static TensorIndexException Outside(long row, nint height) => new(string.Create(
        CultureInfo.InvariantCulture, $"index out of range in self. Row {row} was asked of a table of {height} rows."));

    private static byte* At(Tensor x, byte* origin) => origin + (x.Layout.Offset * x.DType.ItemSize);

    private static void TakeBytes(byte* table, nint height, long* rows, byte* values, nint first, nint end, nint size)
    {
        for (var i = first; i < end; i++)
        {
            Buffer.MemoryCopy(table + (Checked(rows[i], height) * size), values + (i * size), size, size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeEach<T>(T* table, nint height, long* rows, T* values, nint first, nint end)
        where T : unmanaged
    {
        for (var i = first; i < end; i++)
        {
            values[i] = table[Checked(rows[i], height)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEach<T>(T* table, nint height, long* rows, T* values, nint first, nint end, nint width)
        where T : unmanaged, INumber<T>
    {
        for (var i = first; i < end; i++)
        {
            T* to = table + (Checked(rows[i], height) * width), from = values + (i * width);
            nint j = 0;
            for (; j <= width - Vector<T>.Count; j += Vector<T>.Count)
            {
                Vector.Store(Vector.Load(to + j) + Vector.Load(from + j), to + j);
            }

            for (; j < width; j++)
            {
                to[j] += from[j];
            }
        }
    }

    /// <summary>The same for elements that are stored in fewer bits than they are computed with: each sum is rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddStored<S, T, C>(S* table, nint height, long* rows, S* values, nint first, nint end, nint width)
        where S : unmanaged
        where T : unmanaged, INumberBase<T>
        where C : struct, IStored<S, T>
    {
        for (var i = first; i < end; i++)
        {
            S* to = table + (Checked(rows[i], height) * width), from = values + (i * width);
            for (nint j = 0; j < width; j++)
            {
                to[j] = C.Narrow(C.Widen(to[j]) + C.Widen(from[j]));
            }
        }
    }

    /// <summary>Finds the move that adds.</summary>
    private struct Adding : IDTypeJob
    {
        public Move Each;

        void IDTypeJob.Truth() => Each = static (t, h, r, v, first, end, width) => AddEach(t, h, r, v, first, end, width);

        void IDTypeJob.Whole<T>() => Each = static (t, h, r, v, first, end, width) => AddEach((T*)t, h, r, (T*)v, first, end, width);

        void IDTypeJob.Real<S, T, C>() => Each = typeof(S) == typeof(T)
            ? static (t, h, r, v, first, end, width) => AddEach((T*)t, h, r, (T*)v, first, end, width)
            : static (t, h, r, v, first, end, width) => AddStored<S, T, C>((S*)t, h, r, (S*)v, first, end, width);
    }
}
