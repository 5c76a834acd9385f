using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// A = Q T Q' with a tridiagonal T, of a symmetric matrix with both triangles, by reflectors in its rows. Large matrices are done some rows at a
/// time: what these rows do to the rest is kept as vectors V and W and subtracted at once, V'W + W'V, by a product of matrices (as LAPACK's latrd),
/// so that half of the work runs at its speed; the other half is the product of the rest with each vector, which reads all of it.
/// </summary>
internal static unsafe class Tridiagonal
{
    /// <summary>The rows that are done together.</summary>
    private const int Block = 32;

    /// <summary>The order up to which rows are done one by one.</summary>
    private const int MostDirect = 384;

    // Rows of a product that are one part for a thread, and the work that is worth waking one.
    private const int RowsOfPart = 32;
    private const long Parallel = 1 << 16;

    /// <summary>The elements of scratch memory for an order.</summary>
    public static long ScratchFor(int n) => n <= MostDirect ? n : 4L * Block * n;

    /// <summary>Reduces a matrix.</summary>
    /// <param name="a">The matrix, dense and row-major; reflectors come in its rows, beginning right of the diagonal.</param>
    /// <param name="d">The diagonal of T.</param>
    /// <param name="e">The diagonal beside it.</param>
    /// <param name="tau">The factors of the reflectors.</param>
    /// <param name="scratch">As many elements as <see cref="ScratchFor"/> says.</param>
    public static void Reduce<T, R, G>(MatrixView<T> a, T* d, T* e, T* tau, T* scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var (n, k) = (a.Rows, 0);
        for (; n - k > MostDirect; k += Block)
        {
            Panel<T, R, G>(a, k, d, e, tau, scratch);
        }

        Direct<T, R, G>(a, k, d, e, tau, scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Direct<T, R, G>(MatrixView<T> a, int start, T* d, T* e, T* tau, T* p)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var n = a.Rows;
        for (var k = start; k < n - 1; k++)
        {
            var rest = n - k - 1;
            T* v = a.At(k, k + 1), corner = a.At(k + 1, k + 1);
            d[k] = a[k, k];
            tau[k] = Householder.Make(rest, v, 1);
            e[k] = *v;
            if (T.IsZero(tau[k]))
            {
                continue;
            }

            // A - v w' - w v' with w = p - (p'v tau / 2) v and p = tau A v.
            *v = T.One;
            for (var i = 0; i < rest; i++)
            {
                p[i] = tau[k] * Strip<T, R, G>.Dot(rest, corner + (i * a.Row), v);
            }

            var half = tau[k] * Strip<T, R, G>.Dot(rest, p, v) / (T.One + T.One);
            Strip<T, R, G>.AddScaled(rest, -half, v, p);
            for (var i = 0; i < rest; i++)
            {
                Subtract<T, R, G>(rest, v[i], p, p[i], v, corner + (i * a.Row));
            }
        }

        d[n - 1] = a[n - 1, n - 1];
    }

    private static void Panel<T, R, G>(MatrixView<T> a, int start, T* d, T* e, T* tau, T* scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        // V and W one upon the other, and the other way round.
        var n = a.Rows;
        var both = new MatrixView<T>(scratch, 2 * Block, n);
        var turned = new MatrixView<T>(scratch + (2L * Block * n), 2 * Block, n);
        for (var place = 0; place < Block; place++)
        {
            var k = start + place;
            var rest = n - k - 1;
            for (var q = 0; q < place; q++)
            {
                T* earlier = a.At(start + q, k), w = both.At(Block + q, k);
                Subtract<T, R, G>(rest + 1, *earlier, w, *w, earlier, a.At(k, k));
            }

            T* v = a.At(k, k + 1), made = both.At(Block + place, k + 1);
            d[k] = a[k, k];
            tau[k] = Householder.Make(rest, v, 1);
            e[k] = *v;
            if (T.IsZero(tau[k]))
            {
                new Span<T>(made, rest).Clear();
                continue;
            }

            *v = T.One;
            new Product<T, R, G>(a.Block(k + 1, rest, k + 1, rest), v, made).Run();
            for (var q = 0; q < place; q++)
            {
                T* earlier = a.At(start + q, k + 1), w = both.At(Block + q, k + 1);
                Subtract<T, R, G>(rest, Strip<T, R, G>.Dot(rest, w, v), earlier, Strip<T, R, G>.Dot(rest, earlier, v), w, made);
            }

            Strip<T, R, G>.Scale(rest, tau[k], made);
            Strip<T, R, G>.AddScaled(rest, -tau[k] * Strip<T, R, G>.Dot(rest, made, v) / (T.One + T.One), v, made);
        }

        var (next, left) = (start + Block, n - start - Block);
        a.Block(start, Block, next, left).CopyTo(both.Block(0, Block, next, left));
        a.Block(start, Block, next, left).CopyTo(turned.Block(Block, Block, next, left));
        both.Block(Block, Block, next, left).CopyTo(turned.Block(0, Block, next, left));
        MatrixView<T>.Multiply(
            -T.One, both.Block(0, 2 * Block, next, left).Transposed, turned.Block(0, 2 * Block, next, left), T.One, a.Block(next, left, next, left));
    }

    /// <summary>z -= a x + b y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract<T, R, G>(int n, T a, T* x, T b, T* y, T* z)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        R first = G.Splat(-a), second = G.Splat(-b);
        var i = 0;
        for (; i <= n - G.Count; i += G.Count)
        {
            G.Store(G.MultiplyAdd(first, G.Load(x + i), G.MultiplyAdd(second, G.Load(y + i), G.Load(z + i))), z + i);
        }

        for (; i < n; i++)
        {
            z[i] -= (a * x[i]) + (b * y[i]);
        }
    }

    /// <summary>The product of a matrix with a vector, whose rows are shared out to threads.</summary>
    private struct Product<T, R, G>(MatrixView<T> a, T* v, T* made)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        private readonly MatrixView<T> _a = a;
        private readonly T* _v = v;
        private readonly T* _made = made;

        public void Run()
        {
            var parts = (_a.Rows + RowsOfPart - 1) / RowsOfPart;
            if ((long)_a.Rows * _a.Columns < Parallel)
            {
                Rows(0, _a.Rows);
                return;
            }

            fixed (Product<T, R, G>* self = &this)
            {
                Team.Run(&Part, self, parts);
            }
        }

        private static void Part(void* context, int part)
        {
            ref var product = ref Unsafe.AsRef<Product<T, R, G>>(context);
            product.Rows(part * RowsOfPart, Math.Min(product._a.Rows, (part + 1) * RowsOfPart));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Rows(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                _made[i] = Strip<T, R, G>.Dot(_a.Columns, _a.At(i, 0), _v);
            }
        }
    }
}
