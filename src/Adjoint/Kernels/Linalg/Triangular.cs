using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Systems with a triangular matrix, in place: halves of the matrix are solved one after the other with a product between them, down to blocks that
/// are copied together and run through row by row.
/// </summary>
internal static unsafe class Triangular
{
    /// <summary>The rows of a block that is solved directly.</summary>
    private const int Block = 32;

    /// <summary>b = a^-1 * b; only the named triangle of a is read, and its diagonal only where it is not taken for ones.</summary>
    /// <remarks>For systems with the matrix on the right, give both transposed: x a = b is a' x' = b'.</remarks>
    public static void Solve<T>(bool upper, bool unit, MatrixView<T> a, MatrixView<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (b.Rows == 0 || b.Columns == 0)
        {
            return;
        }

        var job = new Job<T> { Upper = upper, Unit = unit, A = a, B = b };
        Width.Run<Job<T>, T>(ref job);
    }

    /// <inheritdoc cref="Solve{T}"/>
    public static void Solve<T, R, G>(bool upper, bool unit, MatrixView<T> a, MatrixView<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var n = b.Rows;
        if (n <= Block)
        {
            Direct<T, R, G>(upper, unit, a, b);
            return;
        }

        var half = (n / 2 + 7) & ~7;
        var (a11, a22) = (a.Block(0, half, 0, half), a.Block(half, n - half, half, n - half));
        var (b1, b2) = (b.Block(0, half, 0, b.Columns), b.Block(half, n - half, 0, b.Columns));
        if (upper)
        {
            Solve<T, R, G>(upper, unit, a22, b2);
            MatrixView<T>.Multiply(-T.One, a.Block(0, half, half, n - half), b2, T.One, b1);
            Solve<T, R, G>(upper, unit, a11, b1);
        }
        else
        {
            Solve<T, R, G>(upper, unit, a11, b1);
            MatrixView<T>.Multiply(-T.One, a.Block(half, n - half, 0, half), b1, T.One, b2);
            Solve<T, R, G>(upper, unit, a22, b2);
        }
    }

    /// <summary>The inverse of a lower triangular matrix, into another whose upper triangle becomes zero.</summary>
    public static void Invert<T>(bool unit, MatrixView<T> a, MatrixView<T> inverse)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = a.Rows;
        if (n <= Block)
        {
            inverse.FillIdentity();
            Solve(upper: false, unit, a, inverse);
            return;
        }

        var half = (n / 2 + 7) & ~7;
        var (first, last) = (inverse.Block(0, half, 0, half), inverse.Block(half, n - half, half, n - half));
        Invert(unit, a.Block(0, half, 0, half), first);
        Invert(unit, a.Block(half, n - half, half, n - half), last);
        inverse.Block(0, half, half, n - half).Fill(T.Zero);
        var below = inverse.Block(half, n - half, 0, half);
        MatrixView<T>.Multiply(-T.One, a.Block(half, n - half, 0, half), first, T.Zero, below);
        Solve(upper: false, unit, a.Block(half, n - half, half, n - half), below);
    }

    private static void Direct<T, R, G>(bool upper, bool unit, MatrixView<T> a, MatrixView<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var n = b.Rows;
        var block = stackalloc T[Block * Block];
        var packed = new MatrixView<T>(block, n, n, Block, 1);
        for (var i = 0; i < n; i++)
        {
            // Rows of an upper triangle are taken from the last; reversed, the matrix is a lower one.
            var row = upper ? n - 1 - i : i;
            for (var j = 0; j < i; j++)
            {
                packed[i, j] = a[row, upper ? n - 1 - j : j];
            }

            packed[i, i] = unit ? T.One : a[row, row];
        }

        var ordered = upper ? new MatrixView<T>(b.At(n - 1, 0), n, b.Columns, -b.Row, b.Column) : b;
        if (b.Column == 1 && b.Columns > 1)
        {
            Rows<T, R, G>(n, unit, block, ordered.Data, ordered.Row, b.Columns);
            return;
        }

        // Columns that do not lie in rows are gathered a few at a time; one alone is a sum along the rows of the matrix.
        var gathered = stackalloc T[Block * Block];
        for (var j = 0; j < b.Columns; j += Block)
        {
            var columns = Math.Min(Block, b.Columns - j);
            var some = ordered.Block(0, n, j, columns);
            if (columns == 1)
            {
                some.Transposed.CopyTo(new MatrixView<T>(gathered, 1, n));
                for (var i = 0; i < n; i++)
                {
                    var left = gathered[i] - Strip<T, R, G>.Dot(i, block + (i * Block), gathered);
                    gathered[i] = unit ? left : left / block[(i * Block) + i];
                }

                new MatrixView<T>(gathered, 1, n).CopyTo(some.Transposed);
                continue;
            }

            var rows = new MatrixView<T>(gathered, n, columns, Block, 1);
            some.CopyTo(rows);
            Rows<T, R, G>(n, unit, block, gathered, Block, columns);
            rows.CopyTo(some);
        }
    }

    /// <summary>Each row less the multiples of the rows before it, a few registers of it at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T, R, G>(int n, bool unit, T* a, T* b, nint step, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var j = 0;
        for (; j <= columns - (4 * G.Count); j += 4 * G.Count)
        {
            for (var i = 0; i < n; i++)
            {
                T* row = b + (i * step) + j, factors = a + (i * Block);
                R w = G.Load(row), x = G.Load(row + G.Count), y = G.Load(row + (2 * G.Count)), z = G.Load(row + (3 * G.Count));
                var earlier = b + j;
                for (var k = 0; k < i; k++)
                {
                    var factor = G.Splat(-factors[k]);
                    w = G.MultiplyAdd(factor, G.Load(earlier), w);
                    x = G.MultiplyAdd(factor, G.Load(earlier + G.Count), x);
                    y = G.MultiplyAdd(factor, G.Load(earlier + (2 * G.Count)), y);
                    z = G.MultiplyAdd(factor, G.Load(earlier + (3 * G.Count)), z);
                    earlier += step;
                }

                if (!unit)
                {
                    var pivot = G.Splat(factors[i]);
                    (w, x, y, z) = (G.Divide(w, pivot), G.Divide(x, pivot), G.Divide(y, pivot), G.Divide(z, pivot));
                }

                G.Store(w, row);
                G.Store(x, row + G.Count);
                G.Store(y, row + (2 * G.Count));
                G.Store(z, row + (3 * G.Count));
            }
        }

        for (; j < columns; j += G.Count)
        {
            var count = columns - j;
            for (var i = 0; i < n; i++)
            {
                T* row = b + (i * step) + j, factors = a + (i * Block);
                var earlier = b + j;
                var sum = count < G.Count ? G.LoadFirst(row, count) : G.Load(row);
                for (var k = 0; k < i; k++)
                {
                    sum = G.MultiplyAdd(G.Splat(-factors[k]), count < G.Count ? G.LoadFirst(earlier, count) : G.Load(earlier), sum);
                    earlier += step;
                }

                if (!unit)
                {
                    sum = G.Divide(sum, G.Splat(factors[i]));
                }

                if (count < G.Count)
                {
                    G.StoreFirst(sum, row, count);
                }
                else
                {
                    G.Store(sum, row);
                }
            }
        }
    }

    private struct Job<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public bool Upper;
        public bool Unit;
        public MatrixView<T> A;
        public MatrixView<T> B;

        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Triangular.Solve<T, R, G>(Upper, Unit, A, B);
    }
}
