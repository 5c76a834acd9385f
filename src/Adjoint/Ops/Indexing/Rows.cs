using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// Moves rows between a table and values that lie one after another: taken, added, put in place, or set to zero. Tables and values are contiguous, row
/// numbers dense int64 and within the table.
/// </summary>
internal static unsafe class Rows
{
    private delegate void Move(byte* table, long* rows, byte* values, nint first, nint end, nint width);

    /// <summary>values[i] = table[rows[i]]. Only reads what several rows may share, so it is divided between threads.</summary>
    public static void Take(Tensor table, Tensor rows, Tensor values, nint width)
    {
        var size = width * table.DType.ItemSize;
        Run(table, rows, values, size, isDivided: true, size switch
        {
            4 => static (t, r, v, first, end, _) => TakeEach((int*)t, r, (int*)v, first, end),
            8 => static (t, r, v, first, end, _) => TakeEach((long*)t, r, (long*)v, first, end),
            _ => TakeBytes,
        });
    }

    /// <summary>table[rows[i]] = values[i], in sequence: the last write wins.</summary>
    public static void Put(Tensor table, Tensor rows, Tensor values, nint width)
    {
        var size = width * table.DType.ItemSize;
        Run(table, rows, values, size, isDivided: false, static (t, r, v, first, end, size) =>
        {
            for (var i = first; i < end; i++)
            {
                Buffer.MemoryCopy(v + (i * size), t + ((nint)r[i] * size), size, size);
            }
        });
    }

    /// <summary>table[rows[i]] = 0.</summary>
    public static void Erase(Tensor table, Tensor rows, nint width)
    {
        var size = width * table.DType.ItemSize;
        Run(table, rows, table, size, isDivided: false, static (t, r, _, first, end, size) =>
        {
            for (var i = first; i < end; i++)
            {
                Unsafe.InitBlockUnaligned(t + ((nint)r[i] * size), 0, (uint)size);
            }
        });
    }

    /// <summary>table[rows[i]] += values[i], in sequence.</summary>
    public static void Add(Tensor table, Tensor rows, Tensor values, nint width) => Run(table, rows, values, width, isDivided: false, table.DType switch
    {
        DType.Float32 => static (t, r, v, first, end, width) => AddEach((float*)t, r, (float*)v, first, end, width),
        DType.Float64 => static (t, r, v, first, end, width) => AddEach((double*)t, r, (double*)v, first, end, width),
        DType.Int64 => static (t, r, v, first, end, width) => AddEach((long*)t, r, (long*)v, first, end, width),
        DType.Int32 => static (t, r, v, first, end, width) => AddEach((int*)t, r, (int*)v, first, end, width),
        _ => static (t, r, v, first, end, width) => AddEach(t, r, v, first, end, width),
    });

    private static void Run(Tensor table, Tensor rows, Tensor values, nint width, bool isDivided, Move move)
    {
        fixed (byte* t = &table.Storage.Origin, r = &rows.Storage.Origin, v = &values.Storage.Origin)
        {
            byte* to = At(table, t), from = At(values, v);
            var number = (long*)At(rows, r);
            if (isDivided && values.Layout.Count >= Work.SharedFrom(Work.Single, table.DType.ItemSize))
            {
                Divide((nint)to, (nint)number, (nint)from, rows.Layout.Count, width, move);
            }
            else
            {
                move(to, number, from, 0, rows.Layout.Count, width);
            }
        }

        GC.KeepAlive(table);
        GC.KeepAlive(rows);
        GC.KeepAlive(values);
    }

    private static void Divide(nint table, nint rows, nint values, nint count, nint width, Move move)
    {
        var parts = (int)Math.Min(count, 2 * Team.MaxThreads);
        Team.Run(parts, isLarge: true, part => move(
            (byte*)table, (long*)rows, (byte*)values, count * part / parts, count * (part + 1) / parts, width));
    }

    private static byte* At(Tensor x, byte* origin) => origin + (x.Layout.Offset * x.DType.ItemSize);

    private static void TakeBytes(byte* table, long* rows, byte* values, nint first, nint end, nint size)
    {
        for (var i = first; i < end; i++)
        {
            Buffer.MemoryCopy(table + ((nint)rows[i] * size), values + (i * size), size, size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeEach<T>(T* table, long* rows, T* values, nint first, nint end)
        where T : unmanaged
    {
        for (var i = first; i < end; i++)
        {
            values[i] = table[rows[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEach<T>(T* table, long* rows, T* values, nint first, nint end, nint width)
        where T : unmanaged, INumber<T>
    {
        for (var i = first; i < end; i++)
        {
            T* to = table + ((nint)rows[i] * width), from = values + (i * width);
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
}
