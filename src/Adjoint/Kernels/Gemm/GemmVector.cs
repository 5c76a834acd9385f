using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Products with a vector: matrix times vector in both layouts, the dot product, the outer product.</summary>
/// <remarks>
/// Memory bounds these, not arithmetic, so nothing is packed but a strided vector. Dot products are summed chunk by
/// chunk in independent lanes, and the chunks of a long one pairwise, so that the rounding error grows with the length
/// of a lane's share and not with the whole length.
/// </remarks>
internal static unsafe class GemmVector<T, V, L>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    // Elements that are summed without a pairwise step; a lane adds at most this over four registers of lanes.
    private const int Chunk = 2048;

    // Elements of y that are summed at a time when A is read column by column: they stay in the first-level cache.
    private const int Band = 1024;

    /// <summary>y = alpha * A * x + beta * y, with any strides.</summary>
    public static void Multiply(
        int m, int k, T alpha, T* a, nint rsA, nint csA, T* x, nint stepX, T beta, T* y, nint stepY)
    {
        if (rsA == 1 && csA != 1 && m > 1)
        {
            Columns(m, k, alpha, a, csA, x, stepX, beta, y, stepY);
            return;
        }

        var row = default(T*);
        if (stepX != 1 || csA != 1)
        {
            var bytes = GemmBuffer.Round((nuint)k * (nuint)sizeof(T));
            var buffer = (byte*)GemmBuffer.Rent(2 * bytes);
            row = (T*)(buffer + bytes);
            if (stepX != 1)
            {
                Gather(k, x, stepX, (T*)buffer);
                x = (T*)buffer;
            }
        }

        if (csA == 1)
        {
            Rows(m, k, alpha, a, rsA, x, beta, y, stepY);
            return;
        }

        for (var i = 0; i < m; i++)
        {
            Gather(k, a + i * rsA, csA, row);
            Update(alpha, Dot(k, row, x), beta, y + i * stepY);
        }
    }

    /// <summary>C = alpha * x * y^T + beta * C, with any strides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(
        int m, int n, T alpha, T* x, nint stepX, T* y, nint stepY, T beta, T* c, nint rsC, nint csC)
    {
        if (csC != 1 && rsC == 1)
        {
            Outer(n, m, alpha, y, stepY, x, stepX, beta, c, csC, rsC);
            return;
        }

        if (stepY != 1)
        {
            var copy = (T*)GemmBuffer.Rent((nuint)n * (nuint)sizeof(T));
            Gather(n, y, stepY, copy);
            y = copy;
        }

        var keep = L.Splat(beta);
        for (var i = 0; i < m; i++)
        {
            var factor = alpha * x[i * stepX];
            var target = c + i * rsC;
            var j = 0;
            if (csC == 1)
            {
                var factors = L.Splat(factor);
                if (T.IsZero(beta))
                {
                    for (; j <= n - L.Count; j += L.Count)
                    {
                        L.Store(L.Multiply(factors, L.Load(y + j)), target + j);
                    }
                }
                else
                {
                    for (; j <= n - L.Count; j += L.Count)
                    {
                        var product = L.Multiply(factors, L.Load(y + j));
                        L.Store(L.MultiplyAdd(keep, L.Load(target + j), product), target + j);
                    }
                }
            }

            for (; j < n; j++)
            {
                Update(factor, y[j], beta, target + j * csC);
            }
        }
    }

    /// <summary>The sum of x[i] * y[i], pairwise over chunks.</summary>
    private static T Dot(int k, T* x, T* y)
    {
        if (k <= Chunk)
        {
            return DotChunk(k, x, y);
        }

        // The left half is a whole number of chunks, so the tree depends on the length alone.
        var left = (k / 2 + Chunk - 1) / Chunk * Chunk;
        return Dot(left, x, y) + Dot(k - left, x + left, y + left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T DotChunk(int k, T* x, T* y)
    {
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        V sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        var p = 0;
        for (; p <= k - 8 * L.Count; p += 8 * L.Count)
        {
            sum0 = L.MultiplyAdd(L.Load(x + p), L.Load(y + p), sum0);
            sum1 = L.MultiplyAdd(L.Load(x + p + L.Count), L.Load(y + p + L.Count), sum1);
            sum2 = L.MultiplyAdd(L.Load(x + p + 2 * L.Count), L.Load(y + p + 2 * L.Count), sum2);
            sum3 = L.MultiplyAdd(L.Load(x + p + 3 * L.Count), L.Load(y + p + 3 * L.Count), sum3);
            sum4 = L.MultiplyAdd(L.Load(x + p + 4 * L.Count), L.Load(y + p + 4 * L.Count), sum4);
            sum5 = L.MultiplyAdd(L.Load(x + p + 5 * L.Count), L.Load(y + p + 5 * L.Count), sum5);
            sum6 = L.MultiplyAdd(L.Load(x + p + 6 * L.Count), L.Load(y + p + 6 * L.Count), sum6);
            sum7 = L.MultiplyAdd(L.Load(x + p + 7 * L.Count), L.Load(y + p + 7 * L.Count), sum7);
        }

        for (; p <= k - L.Count; p += L.Count)
        {
            sum0 = L.MultiplyAdd(L.Load(x + p), L.Load(y + p), sum0);
        }

        var rest = T.Zero;
        for (; p < k; p++)
        {
            rest = T.MultiplyAddEstimate(x[p], y[p], rest);
        }

        var even = L.Add(L.Add(sum0, sum4), L.Add(sum2, sum6));
        var odd = L.Add(L.Add(sum1, sum5), L.Add(sum3, sum7));
        return L.Sum(L.Add(even, odd)) + rest;
    }

    // Four rows share each register of x. Callers that split the rows do so at multiples of four, so that a row always
    // meets the same code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(int m, int k, T alpha, T* a, nint rsA, T* x, T beta, T* y, nint stepY)
    {
        var i = 0;
        for (; i <= m - 4; i += 4)
        {
            var row = a + i * rsA;
            T total0 = T.Zero, total1 = T.Zero, total2 = T.Zero, total3 = T.Zero;
            for (int start = 0, length; start < k; start += length)
            {
                length = Math.Min(Chunk, k - start);
                FourDots(length, row + start, rsA, x + start, ref total0, ref total1, ref total2, ref total3);
            }

            var target = y + i * stepY;
            Update(alpha, total0, beta, target);
            Update(alpha, total1, beta, target + stepY);
            Update(alpha, total2, beta, target + 2 * stepY);
            Update(alpha, total3, beta, target + 3 * stepY);
        }

        for (; i < m; i++)
        {
            Update(alpha, Dot(k, a + i * rsA, x), beta, y + i * stepY);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDots(
        int k, T* row0, nint rsA, T* x, ref T total0, ref T total1, ref T total2, ref T total3)
    {
        var row1 = row0 + rsA;
        var row2 = row1 + rsA;
        var row3 = row2 + rsA;
        V even0 = default, even1 = default, even2 = default, even3 = default;
        V odd0 = default, odd1 = default, odd2 = default, odd3 = default;
        var p = 0;
        for (; p <= k - 2 * L.Count; p += 2 * L.Count)
        {
            var even = L.Load(x + p);
            var odd = L.Load(x + p + L.Count);
            even0 = L.MultiplyAdd(even, L.Load(row0 + p), even0);
            odd0 = L.MultiplyAdd(odd, L.Load(row0 + p + L.Count), odd0);
            even1 = L.MultiplyAdd(even, L.Load(row1 + p), even1);
            odd1 = L.MultiplyAdd(odd, L.Load(row1 + p + L.Count), odd1);
            even2 = L.MultiplyAdd(even, L.Load(row2 + p), even2);
            odd2 = L.MultiplyAdd(odd, L.Load(row2 + p + L.Count), odd2);
            even3 = L.MultiplyAdd(even, L.Load(row3 + p), even3);
            odd3 = L.MultiplyAdd(odd, L.Load(row3 + p + L.Count), odd3);
        }

        T rest0 = T.Zero, rest1 = T.Zero, rest2 = T.Zero, rest3 = T.Zero;
        for (; p < k; p++)
        {
            rest0 = T.MultiplyAddEstimate(x[p], row0[p], rest0);
            rest1 = T.MultiplyAddEstimate(x[p], row1[p], rest1);
            rest2 = T.MultiplyAddEstimate(x[p], row2[p], rest2);
            rest3 = T.MultiplyAddEstimate(x[p], row3[p], rest3);
        }

        total0 += L.Sum(L.Add(even0, odd0)) + rest0;
        total1 += L.Sum(L.Add(even1, odd1)) + rest1;
        total2 += L.Sum(L.Add(even2, odd2)) + rest2;
        total3 += L.Sum(L.Add(even3, odd3)) + rest3;
    }

    // A is column-contiguous: y is the sum of columns, taken four at a time over a band of rows.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(int m, int k, T alpha, T* a, nint csA, T* x, nint stepX, T beta, T* y, nint stepY)
    {
        var sums = stackalloc T[Band];
        for (int start = 0, length; start < m; start += length)
        {
            length = Math.Min(Band, m - start);
            new Span<T>(sums, length).Clear();
            var column = a + start;
            var p = 0;
            for (; p <= k - 4; p += 4)
            {
                AddFour(length, column, csA, x + p * stepX, stepX, sums);
                column += 4 * csA;
            }

            for (; p < k; p++)
            {
                AddOne(length, column, x[p * stepX], sums);
                column += csA;
            }

            for (var i = 0; i < length; i++)
            {
                Update(alpha, sums[i], beta, y + (start + i) * stepY);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour(int length, T* column0, nint csA, T* x, nint stepX, T* sums)
    {
        var column1 = column0 + csA;
        var column2 = column1 + csA;
        var column3 = column2 + csA;
        T x0 = x[0], x1 = x[stepX], x2 = x[2 * stepX], x3 = x[3 * stepX];
        V v0 = L.Splat(x0), v1 = L.Splat(x1), v2 = L.Splat(x2), v3 = L.Splat(x3);
        var i = 0;
        for (; i <= length - L.Count; i += L.Count)
        {
            var sum = L.MultiplyAdd(v0, L.Load(column0 + i), L.Load(sums + i));
            sum = L.MultiplyAdd(v1, L.Load(column1 + i), sum);
            sum = L.MultiplyAdd(v2, L.Load(column2 + i), sum);
            L.Store(L.MultiplyAdd(v3, L.Load(column3 + i), sum), sums + i);
        }

        for (; i < length; i++)
        {
            var sum = T.MultiplyAddEstimate(x0, column0[i], sums[i]);
            sum = T.MultiplyAddEstimate(x1, column1[i], sum);
            sum = T.MultiplyAddEstimate(x2, column2[i], sum);
            sums[i] = T.MultiplyAddEstimate(x3, column3[i], sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne(int length, T* column, T x, T* sums)
    {
        var v = L.Splat(x);
        var i = 0;
        for (; i <= length - L.Count; i += L.Count)
        {
            L.Store(L.MultiplyAdd(v, L.Load(column + i), L.Load(sums + i)), sums + i);
        }

        for (; i < length; i++)
        {
            sums[i] = T.MultiplyAddEstimate(x, column[i], sums[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(int length, T* source, nint step, T* target)
    {
        for (var i = 0; i < length; i++)
        {
            target[i] = *source;
            source += step;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(T alpha, T product, T beta, T* target)
    {
        product *= alpha;
        *target = T.IsZero(beta) ? product : T.MultiplyAddEstimate(beta, *target, product);
    }
}
