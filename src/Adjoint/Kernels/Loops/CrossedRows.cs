using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Several rows of a strided loop at once, where an operand lies the other way round: its neighbours are in the rows below, not in the row. Row by
/// row each of its cache lines would be fetched once for each element in it; here the lines are read whole
/// and laid out as rows in tiles on the stack.
/// </summary>
internal unsafe readonly struct CrossedRows(
    delegate*<void*, byte**, nint*, nint, void> inner, void* op, nint* row, nint* below, int* items, int operands)
{
    /// <summary>The most rows at a time: a cache line of float32.</summary>
    public const int Most = 16;

    private const int Width = 128;

    private readonly delegate*<void*, byte**, nint*, nint, void> _inner = inner;
    private readonly void* _op = op;

    /// <summary>Strides in elements, along a row and from one row to the next.</summary>
    private readonly nint* _row = row;
    private readonly nint* _below = below;
    private readonly int* _items = items;
    private readonly int _operands = operands;

    /// <summary>Whether an operand lies the other way round.</summary>
    public static bool Has(nint* row, nint* below, int operands)
    {
        for (var k = 0; k < operands; k++)
        {
            if (below[k] == 1 && row[k] is not (0 or 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs up to <see cref="Most"/> rows of a length, the first of which begins at the pointers.</summary>
    [SkipLocalsInit]
    public void Run(byte** p, nint rows, nint length)
    {
        var tiles = stackalloc long[Walk.MaxOperands * Most * Width];
        var first = stackalloc byte*[Walk.MaxOperands];
        var q = stackalloc byte*[Walk.MaxOperands];
        var steps = stackalloc nint[Walk.MaxOperands];
        var next = stackalloc nint[Walk.MaxOperands];
        for (nint start = 0; start < length; start += Width)
        {
            var n = Math.Min(Width, length - start);
            for (var k = 0; k < _operands; k++)
            {
                var from = p[k] + (start * _row[k] * _items[k]);
                if (_row[k] == 1 || (_row[k] == 0 && k > 0))
                {
                    first[k] = from;
                    steps[k] = _row[k];
                    next[k] = _below[k] * _items[k];
                    continue;
                }

                var tile = (byte*)(tiles + (k * Most * Width));
                first[k] = tile;
                steps[k] = 1;
                next[k] = Width * _items[k];
                if (k > 0)
                {
                    Move(tile, 1, Width, from, _row[k], _below[k], _items[k], n, rows);
                }
            }

            for (nint r = 0; r < rows; r++)
            {
                for (var k = 0; k < _operands; k++)
                {
                    q[k] = first[k] + (r * next[k]);
                }

                _inner(_op, q, steps, n);
            }

            if (_row[0] != 1)
            {
                Move(p[0] + (start * _row[0] * _items[0]), _row[0], _below[0], first[0], 1, Width, _items[0], n, rows);
            }
        }
    }

    /// <summary>Copies a block column by column.</summary>
    private static void Move(
        byte* to, nint toRow, nint toBelow, byte* from, nint fromRow, nint fromBelow, int itemSize, nint width, nint height)
    {
        switch (itemSize)
        {
            case 1:
                Move((byte*)to, toRow, toBelow, from, fromRow, fromBelow, width, height);
                break;
            case 2:
                Move((short*)to, toRow, toBelow, (short*)from, fromRow, fromBelow, width, height);
                break;
            case 4:
                Move((int*)to, toRow, toBelow, (int*)from, fromRow, fromBelow, width, height);
                break;
            case 8:
                Move((long*)to, toRow, toBelow, (long*)from, fromRow, fromBelow, width, height);
                break;
            default:
                throw new NotSupportedException("Elements have 1, 2, 4 or 8 bytes.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move<T>(T* to, nint toRow, nint toBelow, T* from, nint fromRow, nint fromBelow, nint width, nint height)
        where T : unmanaged
    {
        for (nint i = 0; i < width; i++)
        {
            var source = from + (i * fromRow);
            var target = to + (i * toRow);
            for (nint r = 0; r < height; r++)
            {
                *target = *source;
                source += fromBelow;
                target += toBelow;
            }
        }
    }
}
