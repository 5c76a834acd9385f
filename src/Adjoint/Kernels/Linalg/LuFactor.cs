using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>A = P L U with the largest element of a column as its pivot, in place: L below the diagonal, whose ones are not stored, U
/// above.</summary>
internal static unsafe class LuFactor
{
    private const int Panel = 16;

    /// <summary>Factors a row-major matrix.</summary>
    /// <param name="a">The matrix, in whose place its factors come.</param>
    /// <param name="pivots">The row that each row was exchanged with, counted from 1; as many as the smaller size.</param>
    /// <param name="isPivoted">Whether rows are exchanged at all.</param>
    /// <returns>0, or the place of the first pivot that is zero, counted from 1.</returns>
    public static int Run<T>(MatrixView<T> a, int* pivots, bool isPivoted = true)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T> { A = a, Pivots = pivots, IsPivoted = isPivoted };
        Width.Run<Job<T>, T>(ref job);
        return job.Info;
    }

    /// <summary>b = a^-1 * b, or with the transpose of a, from the factors of a.</summary>
    public static void Solve<T>(MatrixView<T> lu, int* pivots, bool transposed, MatrixView<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = lu.Rows;
        if (!transposed)
        {
            Exchange(pivots, 0, n, b);
            Triangular.Solve(upper: false, unit: true, lu, b);
            Triangular.Solve(upper: true, unit: false, lu, b);
            return;
        }

        Triangular.Solve(upper: false, unit: false, lu.Transposed, b);
        Triangular.Solve(upper: true, unit: true, lu.Transposed, b);
        for (var i = n - 1; i >= 0; i--)
        {
            Exchange(pivots, i, i + 1, b);
        }
    }

    /// <summary>The inverse of a square matrix from its factors.</summary>
    public static void Invert<T>(MatrixView<T> lu, int* pivots, MatrixView<T> inverse)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // U^-1 L^-1 P': half of the work of L^-1 is zeros, and exchanges of columns come last.
        Triangular.Invert(unit: true, lu, inverse);
        Triangular.Solve(upper: true, unit: false, lu, inverse);
        for (var i = 0; i < lu.Rows; i++)
        {
            var row = inverse.Data + (i * inverse.Row);
            for (var j = lu.Rows - 1; j >= 0; j--)
            {
                var other = pivots[j] - 1;
                if ((uint)other < (uint)lu.Rows)
                {
                    (row[j], row[other]) = (row[other], row[j]);
                }
            }
        }
    }

    /// <summary>Exchanges rows in the order of the factorisation.</summary>
    /// <param name="pivots">Rows counted from 1; what points beyond the matrix is passed over.</param>
    /// <param name="from">The first exchange.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="b">The matrix.</param>
    public static void Exchange<T>(int* pivots, int from, int to, MatrixView<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = from; i < to; i++)
        {
            var other = pivots[i] - 1;
            if (other == i || (uint)other >= (uint)b.Rows)
            {
                continue;
            }

            T* x = b.At(i, 0), y = b.At(other, 0);
            if (b.Column == 1)
            {
                Swap(b.Columns, x, y);
                continue;
            }

            for (var j = 0; j < b.Columns; j++)
            {
                (*x, *y) = (*y, *x);
                x += b.Column;
                y += b.Column;
            }
        }
    }

    /// <summary>Exchanges two rows, in pieces that a register holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Swap<T>(int n, T* x, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        for (; i <= n - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> a = Vector256.Load(x + i), b = Vector256.Load(y + i);
            b.Store(x + i);
            a.Store(y + i);
        }

        for (; i < n; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }

    private static int Run<T, R, G>(MatrixView<T> a, int* pivots, bool isPivoted)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var (m, n) = (a.Rows, a.Columns);
        var most = Math.Min(m, n);
        if (most <= Panel)
        {
            var failed = Direct<T, R, G>(a.Block(0, m, 0, most), pivots, isPivoted);
            if (n > most)
            {
                var rest = a.Block(0, m, most, n - most);
                Exchange(pivots, 0, most, rest);
                Triangular.Solve<T, R, G>(upper: false, unit: true, a.Block(0, most, 0, most), rest);
            }

            return failed;
        }

        var half = (most / 2 + 7) & ~7;
        var info = Run<T, R, G>(a.Block(0, m, 0, half), pivots, isPivoted);
        var right = a.Block(0, m, half, n - half);
        Exchange(pivots, 0, half, right);
        var top = right.Block(0, half, 0, n - half);
        Triangular.Solve<T, R, G>(upper: false, unit: true, a.Block(0, half, 0, half), top);
        var below = right.Block(half, m - half, 0, n - half);
        MatrixView<T>.Multiply(-T.One, a.Block(half, m - half, 0, half), top, T.One, below);
        var second = Run<T, R, G>(below, pivots + half, isPivoted);
        Exchange(pivots + half, 0, most - half, a.Block(half, m - half, 0, half));
        for (var i = half; i < most; i++)
        {
            pivots[i] += half;
        }

        return info != 0 ? info : second != 0 ? second + half : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Direct<T, R, G>(MatrixView<T> a, int* pivots, bool isPivoted)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var (m, n, step) = (a.Rows, a.Columns, a.Row);
        var info = 0;
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            if (isPivoted)
            {
                var column = a.At(k, k);
                var largest = T.Abs(*column);
                for (var i = k + 1; i < m; i++)
                {
                    column += step;
                    var size = T.Abs(*column);
                    if (size > largest)
                    {
                        (pivot, largest) = (i, size);
                    }
                }
            }

            pivots[k] = pivot + 1;
            if (pivot != k)
            {
                Strip<T, R, G>.Swap(n, a.At(k, 0), a.At(pivot, 0));
            }

            var top = a.At(k, k);
            if (T.IsZero(*top))
            {
                info = info == 0 ? k + 1 : info;

                // With a pivot of zero all below it are zero too, and the rows stay as they are.
                if (isPivoted)
                {
                    continue;
                }
            }

            var divisor = *top;
            var row = top;
            for (var i = k + 1; i < m; i++)
            {
                row += step;
                var factor = *row / divisor;
                *row = factor;
                Strip<T, R, G>.AddScaled(n - k - 1, -factor, top + 1, row + 1);
            }
        }

        return info;
    }

    private struct Job<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> A;
        public int* Pivots;
        public bool IsPivoted;
        public int Info;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Info = LuFactor.Run<T, R, G>(A, Pivots, IsPivoted);
    }
}
