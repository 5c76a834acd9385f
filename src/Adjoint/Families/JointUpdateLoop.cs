using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Kernels;

namespace Adjoint.Families;

/// <summary>
/// The inner loop of <see cref="IJointUpdate"/>: as <see cref="Loop"/>, but <c>p[0]</c> and as many of <c>p[2..]</c> as the update has states are
/// read and
/// written, <c>p[1]</c> is read, and all lie flat.
/// </summary>
internal static unsafe class JointUpdateLoop
{
    /// <summary>The loop of the processor's width.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> Real<U, T>()
        where U : struct, IJointUpdate
        where T : unmanaged
    {
        var choice = default(Choice<U, T>);
        Width.Run<Choice<U, T>, T>(ref choice);
        return choice.Loop;
    }

    /// <summary>The loop with a given lane.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Lanes<U, L, T>(void* op, byte** p, nint* strides, nint n)
        where U : struct, IJointUpdate
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var update = Unsafe.AsRef<U>(op);
        T* x = (T*)p[0], g = (T*)p[1], a = (T*)p[2], b = (T*)p[3], c = (T*)p[4];
        nint i = 0;
        for (; i + L.Count <= n; i += L.Count)
        {
            var (vx, va, vb, vc) = (L.Load(x + i), default(L), default(L), default(L));
            if (U.States > 0)
            {
                va = L.Load(a + i);
            }

            if (U.States > 1)
            {
                vb = L.Load(b + i);
            }

            if (U.States > 2)
            {
                vc = L.Load(c + i);
            }

            update.F(L.Load(g + i), ref vx, ref va, ref vb, ref vc);
            L.Store(vx, x + i);
            if (U.States > 0)
            {
                L.Store(va, a + i);
            }

            if (U.States > 1)
            {
                L.Store(vb, b + i);
            }

            if (U.States > 2)
            {
                L.Store(vc, c + i);
            }
        }

        if (i < n)
        {
            Rest<U, L, T>(ref update, x + i, g + i, a + i, b + i, c + i, (int)(n - i));
        }
    }

    /// <summary>The last elements, in the same lanes: an element's value does not depend on its position.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rest<U, L, T>(ref U update, T* x, T* g, T* a, T* b, T* c, int n)
        where U : struct, IJointUpdate
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var vx = L.LoadFirst(x, n);
        var va = U.States > 0 ? L.LoadFirst(a, n) : default;
        var vb = U.States > 1 ? L.LoadFirst(b, n) : default;
        var vc = U.States > 2 ? L.LoadFirst(c, n) : default;
        update.F(L.LoadFirst(g, n), ref vx, ref va, ref vb, ref vc);
        L.StoreFirst(vx, x, n);
        if (U.States > 0)
        {
            L.StoreFirst(va, a, n);
        }

        if (U.States > 1)
        {
            L.StoreFirst(vb, b, n);
        }

        if (U.States > 2)
        {
            L.StoreFirst(vc, c, n);
        }
    }

    private struct Choice<U, T> : IWidthJob<T>
        where U : struct, IJointUpdate
        where T : unmanaged
    {
        public delegate*<void*, byte**, nint*, nint, void> Loop;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Loop = &Lanes<U, Lane<T, R, G>, T>;
    }
}
