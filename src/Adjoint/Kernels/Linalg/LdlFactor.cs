using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// A = P L D L' P' of a symmetric matrix by the pivots of Bunch and Kaufman, in place, as LAPACK's sytrf keeps it for the lower triangle: D has
/// blocks
/// of one or two; a negative pivot says of two rows that they are one block.
/// </summary>
internal static unsafe class LdlFactor
{
    /// <summary>Factors a matrix, of which only the lower triangle is read and written.</summary>
    /// <returns>0, or the first block of one that is zero, counted from 1.</returns>
    public static int Run<T>(MatrixView<T> a, int* pivots)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The growth of the two kinds of steps is the same with this bound.
        var alpha = (T.One + T.Sqrt(T.CreateTruncating(17))) / T.CreateTruncating(8);
        var (n, info, k) = (a.Rows, 0, 0);
        while (k < n)
        {
            var (size, pivot) = (1, k);
            var diagonal = T.Abs(a[k, k]);
            var (largestRow, largest) = Largest(a, k);
            if (T.Max(diagonal, largest) == T.Zero || T.IsNaN(diagonal))
            {
                info = info == 0 ? k + 1 : info;
                pivots[k] = k + 1;
                k++;
                continue;
            }

            if (diagonal < alpha * largest)
            {
                var inRow = T.Zero;
                for (var j = k; j < largestRow; j++)
                {
                    inRow = T.Max(inRow, T.Abs(a[largestRow, j]));
                }

                for (var i = largestRow + 1; i < n; i++)
                {
                    inRow = T.Max(inRow, T.Abs(a[i, largestRow]));
                }

                if (diagonal < alpha * largest * (largest / inRow))
                {
                    pivot = largestRow;
                    size = T.Abs(a[largestRow, largestRow]) >= alpha * inRow ? 1 : 2;
                }
            }

            Exchange(a, k + size - 1, pivot, isBlock: size == 2, k);
            if (size == 1)
            {
                One(a, k);
                pivots[k] = pivot + 1;
            }
            else
            {
                Two(a, k);
                pivots[k] = -(pivot + 1);
                pivots[k + 1] = -(pivot + 1);
            }

            k += size;
        }

        return info;
    }

    /// <summary>b = a^-1 * b from a packed factor.</summary>
    public static void Solve<T>(MatrixView<T> ld, int* pivots, MatrixView<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = ld.Rows;
        for (var k = 0; k < n;)
        {
            if (!IsBlock(pivots, k, n))
            {
                Swap(b, k, pivots[k] - 1);
                Eliminate(ld, b, k, k + 1);
                for (var j = 0; j < b.Columns; j++)
                {
                    b[k, j] /= ld[k, k];
                }

                k++;
                continue;
            }

            Swap(b, k + 1, -pivots[k] - 1);
            Eliminate(ld, b, k, k + 2);
            Eliminate(ld, b, k + 1, k + 2);
            var off = ld[k + 1, k];
            var (first, second) = (ld[k, k] / off, ld[k + 1, k + 1] / off);
            var scale = (first * second) - T.One;
            for (var j = 0; j < b.Columns; j++)
            {
                var (x, y) = (b[k, j] / off, b[k + 1, j] / off);
                b[k, j] = ((second * x) - y) / scale;
                b[k + 1, j] = ((first * y) - x) / scale;
            }

            k += 2;
        }

        for (var k = n - 1; k >= 0;)
        {
            var size = k > 0 && IsBlock(pivots, k - 1, n) && pivots[k] < 0 ? 2 : 1;
            for (var i = k + 1; i < n; i++)
            {
                for (var j = 0; j < b.Columns; j++)
                {
                    b[k, j] -= ld[i, k] * b[i, j];
                    if (size == 2)
                    {
                        b[k - 1, j] -= ld[i, k - 1] * b[i, j];
                    }
                }
            }

            Swap(b, k, Math.Abs(pivots[k]) - 1);
            k -= size;
        }
    }

    private static bool IsBlock(int* pivots, int k, int n) => pivots[k] < 0 && k + 1 < n;

    private static void Swap<T>(MatrixView<T> b, int i, int other)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (other == i || (uint)other >= (uint)b.Rows)
        {
            return;
        }

        for (var j = 0; j < b.Columns; j++)
        {
            (b[i, j], b[other, j]) = (b[other, j], b[i, j]);
        }
    }

    /// <summary>Takes multiples of row k off the rows from another on.</summary>
    private static void Eliminate<T>(MatrixView<T> ld, MatrixView<T> b, int k, int from)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = from; i < b.Rows; i++)
        {
            var factor = ld[i, k];
            for (var j = 0; j < b.Columns; j++)
            {
                b[i, j] -= factor * b[k, j];
            }
        }
    }

    private static (int Row, T Size) Largest<T>(MatrixView<T> a, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, size) = (k, T.Zero);
        for (var i = k + 1; i < a.Rows; i++)
        {
            if (T.Abs(a[i, k]) > size)
            {
                (row, size) = (i, T.Abs(a[i, k]));
            }
        }

        return (row, size);
    }

    /// <summary>Exchanges rows and columns of what is left of the lower triangle.</summary>
    private static void Exchange<T>(MatrixView<T> a, int kk, int pivot, bool isBlock, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (pivot == kk)
        {
            return;
        }

        for (var i = pivot + 1; i < a.Rows; i++)
        {
            (a[i, kk], a[i, pivot]) = (a[i, pivot], a[i, kk]);
        }

        for (var j = kk + 1; j < pivot; j++)
        {
            (a[j, kk], a[pivot, j]) = (a[pivot, j], a[j, kk]);
        }

        (a[kk, kk], a[pivot, pivot]) = (a[pivot, pivot], a[kk, kk]);
        if (isBlock)
        {
            (a[k + 1, k], a[pivot, k]) = (a[pivot, k], a[k + 1, k]);
        }
    }

    private static void One<T>(MatrixView<T> a, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var pivot = a[k, k];
        for (var j = k + 1; j < a.Rows; j++)
        {
            var factor = a[j, k] / pivot;
            for (var i = j; i < a.Rows; i++)
            {
                a[i, j] -= a[i, k] * factor;
            }
        }

        for (var i = k + 1; i < a.Rows; i++)
        {
            a[i, k] /= pivot;
        }
    }

    private static void Two<T>(MatrixView<T> a, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (k + 2 >= a.Rows)
        {
            return;
        }

        var off = a[k + 1, k];
        var (first, second) = (a[k + 1, k + 1] / off, a[k, k] / off);
        var scale = T.One / ((first * second) - T.One) / off;
        for (var j = k + 2; j < a.Rows; j++)
        {
            var x = scale * ((first * a[j, k]) - a[j, k + 1]);
            var y = scale * ((second * a[j, k + 1]) - a[j, k]);
            for (var i = j; i < a.Rows; i++)
            {
                a[i, j] -= (a[i, k] * x) + (a[i, k + 1] * y);
            }

            (a[j, k], a[j, k + 1]) = (x, y);
        }
    }
}
