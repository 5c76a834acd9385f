using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// An inner loop whose results go past the caches, because they are too large for them: it runs over pieces whose results lie on the stack, in the nearest cache,
/// and these are then stored without reading the lines that they overwrite. So the loop itself knows nothing of it, and one text serves all loops.
/// </summary>
internal static unsafe class Streamed
{
    /// <summary>Bytes of results in a piece; with its inputs it fits into the first-level cache.</summary>
    public const int Piece = 4096;

    /// <summary>A cache line, to which the output is aligned.</summary>
    private const int Line = 64;

    /// <summary>Runs a loop whose output begins at a cache line and is none of its inputs.</summary>
    /// <param name="inner">The loop.</param>
    /// <param name="op">Its formula.</param>
    /// <param name="p">The output, then the inputs.</param>
    /// <param name="steps">1 or, for inputs that repeat, 0.</param>
    /// <param name="items">Bytes of each operand's elements.</param>
    /// <param name="operands">How many there are, the output included.</param>
    /// <param name="n">How many elements.</param>
    [SkipLocalsInit]
    public static void Run(
        delegate*<void*, byte**, nint*, nint, void> inner, void* op, byte** p, nint* steps, int* items, int operands, nint n)
    {
        var room = stackalloc byte[Piece + Line];
        var piece = (byte*)(((nint)room + Line - 1) & -Line);
        var q = stackalloc byte*[Walk.MaxOperands];
        var o = p[0];
        for (nint start = 0, count; start < n; start += count)
        {
            count = Math.Min(Piece / items[0], n - start);
            q[0] = piece;
            for (var k = 1; k < operands; k++)
            {
                q[k] = p[k] + (start * steps[k] * items[k]);
            }

            inner(op, q, steps, count);
            var job = new Copy { From = piece, To = o, Bytes = count * items[0] };
            Width.Run<Copy, double>(ref job);
            o += job.Bytes;
        }

        // Memory sees stores past the caches in any order.
        Interlocked.MemoryBarrier();
    }

    /// <summary>A copy of aligned memory past the caches; what does not fill a line at its end goes through them.</summary>
    private struct Copy : IWidthJob<double>
    {
        public byte* From;
        public byte* To;
        public nint Bytes;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<double, R>
        {
            var lines = Bytes & -Line;
            for (nint i = 0; i < lines; i += G.Count * sizeof(double))
            {
                G.StoreStreamed(G.Load((double*)(From + i)), (double*)(To + i));
            }

            Buffer.MemoryCopy(From + lines, To + lines, Bytes - lines, Bytes - lines);
        }
    }
}
