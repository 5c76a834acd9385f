using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Loops over runs of neighbouring elements that normalisations are made of, in one register width.</summary>
internal static unsafe class NormaliseLanes<T, V, L>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    /// <summary>The sum of elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Sum(T* x, nint n)
    {
        V a = L.Splat(T.Zero), b = a, c = a, d = a;
        nint i = 0;
        for (; i <= n - (4 * L.Count); i += 4 * L.Count)
        {
            a = L.Add(a, L.Load(x + i));
            b = L.Add(b, L.Load(x + i + L.Count));
            c = L.Add(c, L.Load(x + i + (2 * L.Count)));
            d = L.Add(d, L.Load(x + i + (3 * L.Count)));
        }

        for (; i <= n - L.Count; i += L.Count)
        {
            a = L.Add(a, L.Load(x + i));
        }

        var sum = L.Sum(L.Add(L.Add(a, b), L.Add(c, d)));
        for (; i < n; i++)
        {
            sum += x[i];
        }

        return sum;
    }

    /// <summary>The sum of squared distances from a mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Squares(T* x, nint n, T mean)
    {
        var shift = L.Splat(-mean);
        V a = L.Splat(T.Zero), b = a, c = a, d = a;
        nint i = 0;
        for (; i <= n - (4 * L.Count); i += 4 * L.Count)
        {
            var p = L.Add(L.Load(x + i), shift);
            var q = L.Add(L.Load(x + i + L.Count), shift);
            var r = L.Add(L.Load(x + i + (2 * L.Count)), shift);
            var s = L.Add(L.Load(x + i + (3 * L.Count)), shift);
            a = L.MultiplyAdd(p, p, a);
            b = L.MultiplyAdd(q, q, b);
            c = L.MultiplyAdd(r, r, c);
            d = L.MultiplyAdd(s, s, d);
        }

        for (; i <= n - L.Count; i += L.Count)
        {
            var p = L.Add(L.Load(x + i), shift);
            a = L.MultiplyAdd(p, p, a);
        }

        var sum = L.Sum(L.Add(L.Add(a, b), L.Add(c, d)));
        for (; i < n; i++)
        {
            sum += (x[i] - mean) * (x[i] - mean);
        }

        return sum;
    }

    /// <summary>y = x * scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(T* x, nint n, T scale, T shift, T* y)
    {
        V a = L.Splat(scale), b = L.Splat(shift);
        nint i = 0;
        for (; i <= n - L.Count; i += L.Count)
        {
            L.Store(L.MultiplyAdd(L.Load(x + i), a, b), y + i);
        }

        for (; i < n; i++)
        {
            y[i] = T.MultiplyAddEstimate(x[i], scale, shift);
        }
    }

    /// <summary>y = (x - mean) * scale * weight + bias, where weight and bias may be null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(T* x, nint n, T mean, T scale, T* weight, T* bias, T* y)
    {
        V a = L.Splat(scale), b = L.Splat(-mean * scale);
        nint i = 0;
        for (; i <= n - L.Count; i += L.Count)
        {
            var z = L.MultiplyAdd(L.Load(x + i), a, b);
            z = weight == null ? z : L.Multiply(z, L.Load(weight + i));
            z = bias == null ? z : L.Add(z, L.Load(bias + i));
            L.Store(z, y + i);
        }

        for (; i < n; i++)
        {
            var z = T.MultiplyAddEstimate(x[i], scale, -mean * scale);
            z = weight == null ? z : z * weight[i];
            y[i] = bias == null ? z : z + bias[i];
        }
    }

    /// <summary>The sums of g and of g * (x - mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (T Sum, T Product) Moments(T* g, T* x, nint n, T mean)
    {
        var shift = L.Splat(-mean);
        V a = L.Splat(T.Zero), b = a, c = a, d = a;
        nint i = 0;
        for (; i <= n - (2 * L.Count); i += 2 * L.Count)
        {
            V p = L.Load(g + i), q = L.Load(g + i + L.Count);
            a = L.Add(a, p);
            b = L.Add(b, q);
            c = L.MultiplyAdd(p, L.Add(L.Load(x + i), shift), c);
            d = L.MultiplyAdd(q, L.Add(L.Load(x + i + L.Count), shift), d);
        }

        var (sum, product) = (L.Sum(L.Add(a, b)), L.Sum(L.Add(c, d)));
        for (; i < n; i++)
        {
            sum += g[i];
            product += g[i] * (x[i] - mean);
        }

        return (sum, product);
    }

    /// <summary>y = g * a + x * b + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(T* g, T* x, nint n, T a, T b, T c, T* y)
    {
        V p = L.Splat(a), q = L.Splat(b), r = L.Splat(c);
        nint i = 0;
        for (; i <= n - L.Count; i += L.Count)
        {
            L.Store(L.MultiplyAdd(L.Load(g + i), p, L.MultiplyAdd(L.Load(x + i), q, r)), y + i);
        }

        for (; i < n; i++)
        {
            y[i] = T.MultiplyAddEstimate(g[i], a, T.MultiplyAddEstimate(x[i], b, c));
        }
    }

    /// <summary>
    /// The gradient of one row of a layer norm, and what the row adds to the gradients of weight and bias; what is not wanted is null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PullRow(T* g, T* x, nint n, T mean, T scale, T* weight, T* dx, T* dWeight, T* dBias)
    {
        V shift = L.Splat(-mean * scale), factor = L.Splat(scale);
        V sums = L.Splat(T.Zero), products = sums;
        T sum = T.Zero, product = T.Zero;
        nint i = 0;
        for (; i <= n - L.Count; i += L.Count)
        {
            var gradient = L.Load(g + i);
            var z = L.MultiplyAdd(L.Load(x + i), factor, shift);
            if (dWeight != null)
            {
                L.Store(L.MultiplyAdd(gradient, z, L.Load(dWeight + i)), dWeight + i);
            }

            if (dBias != null)
            {
                L.Store(L.Add(gradient, L.Load(dBias + i)), dBias + i);
            }

            var weighted = weight == null ? gradient : L.Multiply(gradient, L.Load(weight + i));
            sums = L.Add(sums, weighted);
            products = L.MultiplyAdd(weighted, z, products);
        }

        for (; i < n; i++)
        {
            var z = T.MultiplyAddEstimate(x[i], scale, -mean * scale);
            if (dWeight != null)
            {
                dWeight[i] += g[i] * z;
            }

            if (dBias != null)
            {
                dBias[i] += g[i];
            }

            var weighted = weight == null ? g[i] : g[i] * weight[i];
            sum += weighted;
            product += weighted * z;
        }

        if (dx == null)
        {
            return;
        }

        var count = T.CreateChecked(n);
        var mean1 = (sum + L.Sum(sums)) / count;
        var mean2 = (product + L.Sum(products)) / count;

        // scale * (w * g - mean1 - z * mean2), with z = x * scale + shift.
        T ofX = -mean2 * scale * scale, rest = scale * ((mean * scale * mean2) - mean1);
        V vectorX = L.Splat(ofX), vectorRest = L.Splat(rest);
        for (i = 0; i <= n - L.Count; i += L.Count)
        {
            var weighted = weight == null ? L.Load(g + i) : L.Multiply(L.Load(g + i), L.Load(weight + i));
            L.Store(L.MultiplyAdd(weighted, factor, L.MultiplyAdd(L.Load(x + i), vectorX, vectorRest)), dx + i);
        }

        for (; i < n; i++)
        {
            var weighted = weight == null ? g[i] : g[i] * weight[i];
            dx[i] = T.MultiplyAddEstimate(weighted, scale, T.MultiplyAddEstimate(x[i], ofX, rest));
        }
    }
}
