using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>The operands of attention: heads one after another, all dense but for the mask.</summary>
internal unsafe struct AttentionCall<T>
    where T : unmanaged
{
    /// <summary>Batch times heads, heads, queries, keys, the length of a query, the length of a value.</summary>
    public int All, Heads, Queries, Keys, Length, Width;

    public T* Q, K, V, Result;

    /// <summary>
    /// For each query its largest score, and the reciprocal of the sum of exponentials of the distances from it. In one number, the logarithm of the
    /// whole sum, large scores would round the second away.
    /// </summary>
    public T* Sums;

    /// <summary>What is added to scores, with its steps by batch, head, query and key; null for nothing.</summary>
    public T* Mask;
    public nint MaskBatch, MaskHead, MaskQuery, MaskKey;

    /// <summary>A query sees no key with a larger number than its own.</summary>
    public bool IsCausal;
    public T Scale;

    /// <summary>
    /// For the way back: the gradient of the result, and the gradients asked for. Those of queries and keys are both null where neither is wanted;
    /// then values and result are not read. That of values is never null.
    /// </summary>
    public T* Gradient, OfQ, OfK, OfV;
}

/// <summary>
/// Attention, softmax(q k^T scale + mask) v, head by head and in blocks of queries: scores of a block stay in the second-level cache and are never
/// written to memory. The way back computes them again from each query's largest score and sum. A query that sees nothing gets zeros.
/// Heads are shared out to threads.
/// </summary>
internal static unsafe class AttentionHeads<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, ITile<T>
{
    // Scores in a block.
    private const int BlockScores = 32 << 10;

    public static void Forward(AttentionCall<T> call) => Split(call, head => Forward(call, head));

    public static void Backward(AttentionCall<T> call) => Split(call, head => Backward(call, head));

    private static void Split(AttentionCall<T> call, Action<int> work) =>
        Team.Run(call.All, (double)call.All * call.Queries * call.Keys * call.Length >= 1 << 18, work);

    private static int Rows(in AttentionCall<T> call) =>
        Math.Min(call.Queries, Math.Max(BlockScores / Math.Max(call.Keys, 1), TTile.Rows) / TTile.Rows * TTile.Rows);

    private static void Forward(AttentionCall<T> call, int head)
    {
        int most = Rows(call), keys = call.Keys, width = call.Width, length = call.Length;
        var block = BlockPool.Rent(Math.Max(64, (nint)most * keys * sizeof(T)));
        var scores = (T*)block.Pointer;
        T* q = call.Q + ((nint)head * call.Queries * length), v = call.V + ((nint)head * keys * width);
        for (var first = 0; first < call.Queries; first += most)
        {
            var rows = Math.Min(most, call.Queries - first);
            var seen = call.IsCausal ? Math.Min(keys, first + rows) : keys;
            Scores(call, head, first, rows, seen, scores);
            var at = (((nint)head * call.Queries) + first) * width;
            for (var r = 0; r < rows; r++)
            {
                var row = scores + ((nint)r * keys);
                var top = Largest(row, seen);
                top = T.IsNegativeInfinity(top) ? T.Zero : top;
                Exp(row, seen, top, T.One);
                var sum = Sum(row, seen);
                var share = sum == T.Zero ? T.Zero : T.One / sum;
                Multiply(row, seen, share);
                var kept = call.Sums + (2 * (((nint)head * call.Queries) + first + r));
                (kept[0], kept[1]) = (top, share);
            }

            Product(rows, width, seen, T.One, scores, keys, 1, v, width, 1, T.Zero, call.Result + at, width);
        }

        block.Return();
    }

    private static void Backward(AttentionCall<T> call, int head)
    {
        int most = Rows(call), keys = call.Keys, width = call.Width, length = call.Length;
        var block = BlockPool.Rent(Math.Max(64, 2 * (nint)most * keys * sizeof(T)));
        T* scores = (T*)block.Pointer, slopes = scores + ((nint)most * keys);
        var start = (nint)head * keys;
        T* q = call.Q + ((nint)head * call.Queries * length), k = call.K + (start * length), v = call.V + (start * width);
        T* ofK = call.OfK + (start * length), ofV = call.OfV + (start * width);
        var ofValuesAlone = call.OfK == null;
        if (!ofValuesAlone)
        {
            NativeMemory.Clear(ofK, (nuint)keys * (nuint)length * (nuint)sizeof(T));
        }

        NativeMemory.Clear(ofV, (nuint)keys * (nuint)width * (nuint)sizeof(T));
        for (var first = 0; first < call.Queries; first += most)
        {
            var rows = Math.Min(most, call.Queries - first);
            var seen = call.IsCausal ? Math.Min(keys, first + rows) : keys;
            var at = ((nint)head * call.Queries) + first;
            T* g = call.Gradient + (at * width), result = call.Result + (at * width);
            Scores(call, head, first, rows, seen, scores);
            for (var r = 0; r < rows; r++)
            {
                var kept = call.Sums + (2 * (at + r));
                Exp(scores + ((nint)r * keys), seen, kept[0], kept[1]);
            }

            Product(seen, width, rows, T.One, scores, 1, keys, g, width, 1, T.One, ofV, width);
            if (ofValuesAlone)
            {
                continue;
            }

            Product(rows, seen, width, T.One, g, width, 1, v, 1, width, T.Zero, slopes, keys);
            for (var r = 0; r < rows; r++)
            {
                var mean = Dot(g + ((nint)r * width), result + ((nint)r * width), width);
                Slope(slopes + ((nint)r * keys), scores + ((nint)r * keys), seen, mean, call.Scale);
            }

            Product(rows, length, seen, T.One, slopes, keys, 1, k, length, 1, T.Zero, call.OfQ + (at * length), length);
            Product(seen, length, rows, T.One, slopes, 1, keys, q + ((nint)first * length), length, 1, T.One, ofK, length);
        }

        block.Return();
    }

    /// <summary>Scaled and masked scores of some queries.</summary>
    private static void Scores(in AttentionCall<T> call, int head, int first, int rows, int seen, T* scores)
    {
        var q = call.Q + ((((nint)head * call.Queries) + first) * call.Length);
        var k = call.K + ((nint)head * call.Keys * call.Length);
        Product(rows, seen, call.Length, call.Scale, q, call.Length, 1, k, 1, call.Length, T.Zero, scores, call.Keys);
        for (var r = 0; r < rows; r++)
        {
            var row = scores + ((nint)r * call.Keys);
            if (call.Mask != null)
            {
                var mask = call.Mask + (head / call.Heads * call.MaskBatch) + (head % call.Heads * call.MaskHead) + ((first + r) * call.MaskQuery);
                for (var j = 0; j < seen; j++)
                {
                    row[j] += mask[j * call.MaskKey];
                }
            }

            for (var j = first + r + 1; call.IsCausal && j < seen; j++)
            {
                row[j] = T.NegativeInfinity;
            }
        }
    }

    private static void Product(
        int m, int n, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB, T beta, T* c, nint rsC) =>
        Gemm.Serial<T, TTile>(
            k == 0 ? GemmPath.Scale : GemmPath.Tiled, Gemm.Call(m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC, 1));

    private static void Exp(T* row, int count, T shift, T factor)
    {
        var body = default(ShiftedExp);
        var pointers = stackalloc byte*[4] { (byte*)row, (byte*)row, (byte*)&shift, (byte*)&factor };
        var steps = stackalloc nint[4] { 1, 1, 0, 0 };
        Loop.Real<ShiftedExp, T>()(&body, pointers, steps, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Largest(T* row, int count)
    {
        var top = T.NegativeInfinity;
        var j = 0;
        if (count >= Vector256<T>.Count)
        {
            var best = Vector256.Load(row);
            for (j = Vector256<T>.Count; j <= count - Vector256<T>.Count; j += Vector256<T>.Count)
            {
                best = Vector256.Max(best, Vector256.Load(row + j));
            }

            for (var i = 0; i < Vector256<T>.Count; i++)
            {
                top = T.Max(top, best[i]);
            }
        }

        for (; j < count; j++)
        {
            top = T.Max(top, row[j]);
        }

        return top;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Sum(T* row, int count)
    {
        var sums = Vector256<T>.Zero;
        var j = 0;
        for (; j <= count - Vector256<T>.Count; j += Vector256<T>.Count)
        {
            sums += Vector256.Load(row + j);
        }

        var sum = Vector256.Sum(sums);
        for (; j < count; j++)
        {
            sum += row[j];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(T* row, int count, T factor)
    {
        var all = Vector256.Create(factor);
        var j = 0;
        for (; j <= count - Vector256<T>.Count; j += Vector256<T>.Count)
        {
            (Vector256.Load(row + j) * all).Store(row + j);
        }

        for (; j < count; j++)
        {
            row[j] *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot(T* x, T* y, int count)
    {
        var sum = T.Zero;
        for (var j = 0; j < count; j++)
        {
            sum += x[j] * y[j];
        }

        return sum;
    }

    /// <summary>slopes = weights * (slopes - mean) * scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slope(T* slopes, T* weights, int count, T mean, T scale)
    {
        Vector256<T> middle = Vector256.Create(mean), factor = Vector256.Create(scale);
        var j = 0;
        for (; j <= count - Vector256<T>.Count; j += Vector256<T>.Count)
        {
            (Vector256.Load(weights + j) * (Vector256.Load(slopes + j) - middle) * factor).Store(slopes + j);
        }

        for (; j < count; j++)
        {
            slopes[j] = weights[j] * (slopes[j] - mean) * scale;
        }
    }

    /// <summary>exp(a - b) * c as a loop body.</summary>
    private readonly struct ShiftedExp : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => V.Call<Exp>(a - b) * c;
    }
}
