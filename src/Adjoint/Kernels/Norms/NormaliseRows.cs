using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Algebra;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>Layer norm over dense rows: forward in two passes over a row that the cache holds, backward in two more.</summary>
internal static unsafe class NormaliseRows<T, V, L>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    // Rows are summed into so many parts at most, whatever the number of threads.
    private const int MostParts = 8;

    // More than so many sums are no managed array.
    private const nint MostManaged = 1 << 20;

    /// <summary>y, and the mean and the reciprocal deviation of each row.</summary>
    public static void Forward(nint rows, nint n, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales) =>
        Split(rows, n, (first, end, _) =>
        {
            var count = T.CreateChecked(n);
            for (var r = first; r < end; r++)
            {
                var from = x + (r * n);
                var mean = NormaliseLanes<T, V, L>.Sum(from, n) / count;
                var scale = T.One / T.Sqrt((NormaliseLanes<T, V, L>.Squares(from, n, mean) / count) + eps);
                means[r] = mean;
                scales[r] = scale;
                NormaliseLanes<T, V, L>.Row(from, n, mean, scale, weight, bias, y + (r * n));
            }
        });

    /// <summary>The gradients; what is not wanted is null. Means and scales may be null where x and the weight have none.</summary>
    public static void Backward(nint rows, nint n, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
    {
        var count = 2 * Parts(rows) * n;
        if (count > MostManaged)
        {
            var block = BlockPool.Rent(count * sizeof(T));
            NativeMemory.Clear(block.Pointer, (nuint)count * (nuint)sizeof(T));
            Pull(rows, n, g, x, weight, means, scales, dx, dWeight, dBias, (T*)block.Pointer);
            block.Return();
            return;
        }

        fixed (T* sums = new T[count])
        {
            Pull(rows, n, g, x, weight, means, scales, dx, dWeight, dBias, sums);
        }
    }

    /// <summary>The gradients, with zeros for what each part adds to the gradients of weight and bias.</summary>
    private static void Pull(
        nint rows, nint n, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias, T* sums)
    {
        Split(rows, n, (first, end, part) =>
        {
            T* ofWeight = dWeight == null ? null : sums + (2 * part * n), ofBias = dBias == null ? null : sums + (((2 * part) + 1) * n);
            for (var r = first; r < end; r++)
            {
                var (mean, scale) = means == null ? (T.Zero, T.Zero) : (means[r], scales[r]);
                NormaliseLanes<T, V, L>.PullRow(
                    g + (r * n), x + (r * n), n, mean, scale, weight, dx == null ? null : dx + (r * n), ofWeight, ofBias);
            }
        });
        Collect(sums, Parts(rows), n, dWeight);
        Collect(sums + n, Parts(rows), n, dBias);
    }

    private static void Collect(T* sums, int parts, nint n, T* target)
    {
        if (target == null)
        {
            return;
        }

        Buffer.MemoryCopy(sums, target, n * sizeof(T), n * sizeof(T));
        for (var part = 1; part < parts; part++)
        {
            NormaliseLanes<T, V, L>.Combine(sums + (2 * part * n), target, n, T.One, T.One, T.Zero, target);
        }
    }

    private static int Parts(nint rows) => (int)Math.Min(rows, MostParts);

    private static void Split(nint rows, nint n, Action<nint, nint, int> work)
    {
        var parts = Parts(rows);
        Team.Run(parts, rows * (double)n >= 1 << 15, part => work(rows * part / parts, rows * (part + 1) / parts, part));
    }
}
