using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>One array that takes part in a pointwise loop: its first element, how it lies, and its element size in bytes.</summary>
internal unsafe struct Operand
{
    public byte* Data;
    public Layout Layout;
    public int ItemSize;
}

/// <summary>
/// Leads an inner loop over arrays of any layout. Dense arrays of one shape are a single call. Otherwise dimensions are broadcast (size 1
/// becomes stride 0), neighbouring dimensions that advance alike are merged, and the inner loop runs along the last one; operands whose stride
/// there is neither 0 nor 1 pass through a small tile on the stack.
/// </summary>
internal static unsafe class Walk
{
    public const int MaxRank = 32;
    public const int MaxOperands = 5;
    private const int TileLength = 128;

    /// <summary>More pieces than threads, so that one which comes late or is slow takes fewer.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>Pieces are whole multiples of this many elements, which keeps threads off each other's cache lines.</summary>
    private const int PieceUnit = 64;

    /// <summary>
    /// Results from this size on are stored past the caches. Measured: from 8 MB on that is a quarter faster even where the next operator reads the
    /// result at once, and at 4 MB it is slower.
    /// </summary>
    private const nint StreamedBytes = 6 << 20;

    /// <summary>Runs a loop of a weight (<see cref="Work"/>); <paramref name="operands"/>[0] is the output and has the full shape.</summary>
    public static void Run(
        delegate*<void*, byte**, nint*, nint, void> inner, void* op, ReadOnlySpan<Operand> operands, int weight)
    {
        var shape = operands[0].Layout;
        var p = stackalloc byte*[MaxOperands];
        var steps = stackalloc nint[MaxOperands];
        var flat = shape.IsContiguous;
        for (var k = 0; k < operands.Length; k++)
        {
            var layout = operands[k].Layout;
            p[k] = operands[k].Data;
            steps[k] = 1;
            if (layout.Count == 1 && shape.Count != 1)
            {
                steps[k] = 0;
            }
            else if (!layout.SameSizes(shape))
            {
                // Also where nothing is written, or one element: what does not fit is never read.
                ThrowUnlessBroadcast(layout, shape);
                flat &= shape.Count == 1;
            }
            else
            {
                flat &= layout.IsContiguous;
            }
        }

        if (shape.Count == 0)
        {
            return;
        }

        if (flat || shape.Count == 1)
        {
            var items = stackalloc int[MaxOperands];
            for (var k = 0; k < operands.Length; k++)
            {
                items[k] = operands[k].ItemSize;
            }

            Flat(inner, op, p, steps, items, operands.Length, shape.Count, weight);
            return;
        }

        Strided(inner, op, operands, weight);
    }

    /// <summary>One inner loop over dense arrays, shared among threads if it is long: elements do not depend on where the cuts are.</summary>
    public static void Flat(
        delegate*<void*, byte**, nint*, nint, void> inner, void* op, byte** p, nint* steps, int* items, int operands, nint n, int weight)
    {
        if (weight == Work.Light && n * items[0] >= StreamedBytes && IsFreshAndAligned(p, operands))
        {
            steps[0] = Loop.Streamed;
        }

        var share = Work.SharedFrom(weight, items[0]);
        if (n < share || Team.MaxThreads == 1)
        {
            inner(op, p, steps, n);
            if (steps[0] == Loop.Streamed)
            {
                Interlocked.MemoryBarrier();
            }

            return;
        }

        var piece = Math.Max((n / (PiecesPerThread * Team.MaxThreads)) + 1, share / PiecesPerThread);
        var job = new FlatJob
        {
            Inner = inner,
            Op = op,
            P = p,
            Steps = steps,
            Items = items,
            Operands = operands,
            Count = n,
            Piece = (piece + PieceUnit - 1) / PieceUnit * PieceUnit,
        };
        Team.Run(&FlatJob.Part, &job, (int)((n + job.Piece - 1) / job.Piece));
    }

    private static bool IsFreshAndAligned(byte** p, int operands)
    {
        for (var k = 1; k < operands; k++)
        {
            if (p[k] == p[0])
            {
                return false;
            }
        }

        return (nint)p[0] % 64 == 0;
    }

    private static void Strided(
        delegate*<void*, byte**, nint*, nint, void> inner, void* op, ReadOnlySpan<Operand> operands, int weight)
    {
        var count = operands.Length;
        var shape = operands[0].Layout;
        if (shape.Rank > MaxRank)
        {
            throw new ShapeException($"Tensors have at most {MaxRank} dimensions here, got {shape.Rank}.");
        }

        // strides[d * MaxOperands + k], outermost dimension first, merged as we go.
        var sizes = stackalloc nint[MaxRank];
        var strides = stackalloc nint[MaxRank * MaxOperands];
        var rank = Merge(operands, sizes, strides);

        var p = stackalloc byte*[MaxOperands];
        var items = stackalloc int[MaxOperands];
        for (var k = 0; k < count; k++)
        {
            p[k] = operands[k].Data;
            items[k] = operands[k].ItemSize;
        }

        var job = new StridedJob
        {
            Inner = inner,
            Op = op,
            P = p,
            Items = items,
            Sizes = sizes,
            Strides = strides,
            Operands = count,
            Rank = rank,
            Units = shape.Count / sizes[rank - 1],
            Piece = sizes[rank - 1],
        };
        var share = Work.SharedFrom(weight, operands[0].ItemSize);
        var threads = shape.Count < share ? 1 : Team.MaxThreads;
        if (threads > 1 && job.Units < PiecesPerThread * threads)
        {
            // Too few rows to share: cut the rows themselves.
            job.PiecesPerRow = Math.Min(PiecesPerThread * threads, (job.Piece + PieceUnit - 1) / PieceUnit);
            job.Piece = (job.Piece + job.PiecesPerRow - 1) / job.PiecesPerRow;
            job.Units *= job.PiecesPerRow;
        }

        job.Parts = (int)Math.Min(job.Units, threads == 1 ? 1 : PiecesPerThread * threads);
        Team.Run(&StridedJob.Part, &job, job.Parts);
    }

    private static int Merge(ReadOnlySpan<Operand> operands, nint* sizes, nint* strides)
    {
        var count = operands.Length;
        var shape = operands[0].Layout;
        var current = stackalloc nint[MaxOperands];
        var rank = 0;
        for (var d = 0; d < shape.Rank; d++)
        {
            var size = shape.Sizes[d];
            if (size == 1)
            {
                continue;
            }

            for (var k = 0; k < count; k++)
            {
                var layout = operands[k].Layout;
                var own = d - (shape.Rank - layout.Rank);
                current[k] = own < 0 || layout.Sizes[own] == 1 ? 0 : layout.Strides[own];
            }

            var outer = strides + ((rank - 1) * MaxOperands);
            var merges = rank > 0;
            for (var k = 0; merges && k < count; k++)
            {
                merges = outer[k] == current[k] * size;
            }

            if (!merges)
            {
                outer += MaxOperands;
                sizes[rank++] = 1;
            }

            sizes[rank - 1] *= size;
            for (var k = 0; k < count; k++)
            {
                outer[k] = current[k];
            }
        }

        return rank;
    }

    /// <summary>Every loop over memory passes here, so that no shape can lead one out of bounds.</summary>
    private static void ThrowUnlessBroadcast(Layout layout, Layout shape)
    {
        var extra = shape.Rank - layout.Rank;
        for (var d = 0; d < layout.Rank; d++)
        {
            if (layout.Sizes[d] != 1 && (d + extra < 0 || layout.Sizes[d] != shape.Sizes[d + extra]))
            {
                throw new ShapeException(
                    $"output with shape {Shape.Text(shape.Sizes)} doesn't match the broadcast shape of an input of shape " +
                    $"{Shape.Text(layout.Sizes)}.");
            }
        }
    }

    [SkipLocalsInit]
    public static void Staged(
        delegate*<void*, byte**, nint*, nint, void> inner, void* op, byte** p, nint* row, int* items, int count, nint length)
    {
        var tiles = stackalloc long[MaxOperands * TileLength];
        var q = stackalloc byte*[MaxOperands];
        var steps = stackalloc nint[MaxOperands];
        for (nint start = 0; start < length; start += TileLength)
        {
            var n = Math.Min(TileLength, length - start);
            for (var k = 0; k < count; k++)
            {
                var from = p[k] + (start * row[k] * items[k]);
                if (row[k] == 1 || (row[k] == 0 && k > 0))
                {
                    q[k] = from;
                    steps[k] = row[k];
                    continue;
                }

                q[k] = (byte*)(tiles + (k * TileLength));
                steps[k] = 1;
                if (k > 0)
                {
                    Move(q[k], 1, from, row[k], items[k], n);
                }
            }

            inner(op, q, steps, n);
            if (row[0] != 1)
            {
                Move(p[0] + (start * row[0] * items[0]), row[0], q[0], 1, items[0], n);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(byte* to, nint toStep, byte* from, nint fromStep, int itemSize, nint n)
    {
        switch (itemSize)
        {
            case 1:
                for (nint i = 0; i < n; i++)
                {
                    to[i * toStep] = from[i * fromStep];
                }

                break;
            case 2:
                for (nint i = 0; i < n; i++)
                {
                    ((short*)to)[i * toStep] = ((short*)from)[i * fromStep];
                }

                break;
            case 4:
                for (nint i = 0; i < n; i++)
                {
                    ((int*)to)[i * toStep] = ((int*)from)[i * fromStep];
                }

                break;
            case 8:
                for (nint i = 0; i < n; i++)
                {
                    ((long*)to)[i * toStep] = ((long*)from)[i * fromStep];
                }

                break;
            default:
                throw new NotSupportedException("Elements have 1, 2, 4 or 8 bytes.");
        }
    }
}
