using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// The gradient of a determinant, the matrix of cofactors, and derivatives of that, for every matrix, singular ones included. A is F D G with D
/// diagonal and determinants of F and G that are 1 or -1, with the largest element left as the next pivot: all that makes A singular is then in D,
/// for which cofactors are products that leave elements out. Nothing is divided by D.
/// </summary>
internal static unsafe class Cofactors
{
    /// <summary>det(A) A^-T, or its derivative along directions.</summary>
    /// <param name="a">The matrix, row-major; used up.</param>
    /// <param name="directions">The directions; the cofactors themselves if there are none.</param>
    /// <param name="c">The result.</param>
    public static void Run<T>(MatrixView<T> a, ReadOnlySpan<MatrixView<T>> directions, MatrixView<T> c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = a.Rows;
        int[] rows = [.. Enumerable.Range(0, n)], columns = [.. Enumerable.Range(0, n)];
        var isOdd = Factor(a, rows, columns);
        using var scratch = new Scratch<T>(((long)n * n * (directions.Length + 1)) + n);
        var inner = new MatrixView<T>(scratch.Data, n, n);
        var seen = new MatrixView<T>[directions.Length];
        for (var i = 0; i < seen.Length; i++)
        {
            seen[i] = new MatrixView<T>(scratch.Data + ((long)n * n * (i + 1)), n, n);
            Middle(a, directions[i], rows, columns, seen[i]);
        }

        var products = scratch.Data + ((long)n * n * (directions.Length + 1));
        switch (seen.Length)
        {
            case 0:
                LeaveOut(a, -1, -1, products);
                inner.Fill(T.Zero);
                for (var i = 0; i < n; i++)
                {
                    inner[i, i] = products[i];
                }

                break;
            case 1:
                inner = seen[0];
                Along(a, inner, products);
                break;
            case 2:
                Twice(a, seen[0], seen[1], inner, products);
                break;
            default:
                Minors.Run(a, seen, inner);
                break;
        }

        Triangular.Solve(upper: true, unit: true, a.Transposed, inner);
        Triangular.Solve(upper: true, unit: true, a, inner.Transposed);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                c[rows[i], columns[j]] = isOdd ? -inner[i, j] : inner[i, j];
            }
        }
    }

    /// <summary>A direction as D sees it, F^-1 E G^-1.</summary>
    private static void Middle<T>(MatrixView<T> a, MatrixView<T> direction, int[] rows, int[] columns, MatrixView<T> to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < a.Rows; j++)
            {
                to[i, j] = direction[rows[i], columns[j]];
            }
        }

        Triangular.Solve(upper: false, unit: true, a, to);
        Triangular.Solve(upper: false, unit: true, a.Transposed, to.Transposed);
    }

    /// <summary>The second derivative of the cofactors of D along E and H: minors of two rows and columns, times what is left.</summary>
    private static void Twice<T>(MatrixView<T> d, MatrixView<T> e, MatrixView<T> h, MatrixView<T> made, T* products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = d.Rows;
        for (var i = 0; i < n; i++)
        {
            var own = T.Zero;
            for (var j = 0; j < n; j++)
            {
                if (i == j)
                {
                    continue;
                }

                LeaveOut(d, i, j, products);
                var sum = T.Zero;
                for (var k = 0; k < n; k++)
                {
                    if (k == i || k == j)
                    {
                        continue;
                    }

                    sum += products[k] * ((e[i, k] * h[k, j]) + (h[i, k] * e[k, j]) - (e[i, j] * h[k, k]) - (h[i, j] * e[k, k]));
                    if (k > j)
                    {
                        own += products[k] * ((e[j, j] * h[k, k]) + (e[k, k] * h[j, j]) - (e[j, k] * h[k, j]) - (e[k, j] * h[j, k]));
                    }
                }

                made[j, i] = sum;
            }

            made[i, i] = own;
        }
    }

    /// <summary>In the place of a direction E, the derivative of the cofactors of the diagonal matrix D along it.</summary>
    private static void Along<T>(MatrixView<T> d, MatrixView<T> e, T* products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = d.Rows;
        using var scratch = new Scratch<T>(n);
        var sums = scratch.Data;
        for (var i = 0; i < n; i++)
        {
            LeaveOut(d, i, -1, products);
            sums[i] = T.Zero;
            for (var j = 0; j < n; j++)
            {
                if (j > i)
                {
                    // Cofactors are transposed to the adjugate, whose element i, j moves with -E[i, j].
                    (e[i, j], e[j, i]) = (-e[j, i] * products[j], -e[i, j] * products[j]);
                }

                sums[i] += j == i ? T.Zero : e[j, j] * products[j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            e[i, i] = sums[i];
        }
    }

    /// <summary>The products of the diagonal that leave out each element in turn, and two others always.</summary>
    private static void LeaveOut<T>(MatrixView<T> d, int one, int two, T* products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (n, before, after) = (d.Rows, T.One, T.One);
        for (var i = 0; i < n; i++)
        {
            products[i] = before;
            before *= i == one || i == two ? T.One : d[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            products[i] *= after;
            after *= i == one || i == two ? T.One : d[i, i];
        }
    }

    /// <summary>Factors a matrix by rows and columns; says whether their orders have an odd number of exchanges between them.</summary>
    private static bool Factor<T>(MatrixView<T> a, int[] rows, int[] columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (n, isOdd) = (a.Rows, false);
        for (var k = 0; k < n; k++)
        {
            var (row, column, largest) = (k, k, T.Zero);
            for (var i = k; i < n; i++)
            {
                for (var j = k; j < n; j++)
                {
                    if (T.Abs(a[i, j]) > largest)
                    {
                        (row, column, largest) = (i, j, T.Abs(a[i, j]));
                    }
                }
            }

            for (var j = 0; j < n && row != k; j++)
            {
                (a[k, j], a[row, j]) = (a[row, j], a[k, j]);
            }

            for (var i = 0; i < n && column != k; i++)
            {
                (a[i, k], a[i, column]) = (a[i, column], a[i, k]);
            }

            (rows[k], rows[row]) = (rows[row], rows[k]);
            (columns[k], columns[column]) = (columns[column], columns[k]);
            isOdd ^= (row != k) ^ (column != k);
            var pivot = a[k, k];
            for (var i = k + 1; i < n && pivot != T.Zero; i++)
            {
                var factor = a[i, k] /= pivot;
                for (var j = k + 1; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }
            }

            for (var j = k + 1; j < n && pivot != T.Zero; j++)
            {
                a[k, j] /= pivot;
            }
        }

        return isOdd;
    }
}
