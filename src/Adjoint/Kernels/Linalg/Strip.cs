using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Rows of neighbouring elements: inner products and sums of multiples, in registers.</summary>
internal static unsafe class Strip<T, R, G>
    where T : unmanaged, IFloatingPointIeee754<T>
    where R : struct
    where G : struct, IRegister<T, R>
{
    /// <summary>The inner product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot(int n, T* x, T* y)
    {
        var sum = T.Zero;
        var i = 0;
        if (n >= G.Count)
        {
            R first = G.Splat(T.Zero), second = first;
            for (; i <= n - (2 * G.Count); i += 2 * G.Count)
            {
                first = G.MultiplyAdd(G.Load(x + i), G.Load(y + i), first);
                second = G.MultiplyAdd(G.Load(x + i + G.Count), G.Load(y + i + G.Count), second);
            }

            for (; i <= n - G.Count; i += G.Count)
            {
                first = G.MultiplyAdd(G.Load(x + i), G.Load(y + i), first);
            }

            sum = G.Sum(G.Add(first, second));
        }

        for (; i < n; i++)
        {
            sum = T.MultiplyAddEstimate(x[i], y[i], sum);
        }

        return sum;
    }

    /// <summary>y += a * x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(int n, T a, T* x, T* y)
    {
        var factor = G.Splat(a);
        var i = 0;
        for (; i <= n - G.Count; i += G.Count)
        {
            G.Store(G.MultiplyAdd(factor, G.Load(x + i), G.Load(y + i)), y + i);
        }

        if (i < n)
        {
            G.StoreFirst(G.MultiplyAdd(factor, G.LoadFirst(x + i, n - i), G.LoadFirst(y + i, n - i)), y + i, n - i);
        }
    }

    /// <summary>x *= a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(int n, T a, T* x)
    {
        for (var i = 0; i < n; i++)
        {
            x[i] *= a;
        }
    }

    /// <summary>Exchanges two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Swap(int n, T* x, T* y)
    {
        var i = 0;
        for (; i <= n - G.Count; i += G.Count)
        {
            R a = G.Load(x + i), b = G.Load(y + i);
            G.Store(b, x + i);
            G.Store(a, y + i);
        }

        for (; i < n; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }
}
