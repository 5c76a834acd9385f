using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Layer norm over dense rows: forward in two passes over a row that the cache holds, backward in two more.</summary>
internal static unsafe class NormaliseRows<T, V, L>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, ILanes<T, V>
{
    // Rows are summed into so many parts at most, whatever the number of threads.
    private const int MostParts = 8;

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

    /// <summary>The gradients; what is not wanted is null.</summary>
    public static void Backward(nint rows, nint n, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
    {
        var parts = Parts(rows);
        var size = checked((int)n);
        var partial = new T[checked(2 * parts * size)];
        fixed (T* sums = partial)
        {
            // A lambda cannot capture a fixed pointer by name.
            var start = sums;
            Split(rows, n, (first, end, part) =>
            {
                T* ofWeight = dWeight == null ? null : start + (2 * part * n), ofBias = dBias == null ? null : start + (((2 * part) + 1) * n);
                for (var r = first; r < end; r++)
                {
                    NormaliseLanes<T, V, L>.PullRow(
                        g + (r * n), x + (r * n), n, means[r], scales[r], weight, dx == null ? null : dx + (r * n), ofWeight, ofBias);
                }
            });
            Collect(sums, parts, n, dWeight);
            Collect(sums + n, parts, n, dBias);
        }
    }

    private static void Collect(T* sums, int parts, nint n, T* target)
    {
        if (target == null)
        {
            return;
        }

        new ReadOnlySpan<T>(sums, (int)n).CopyTo(new Span<T>(target, (int)n));
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
