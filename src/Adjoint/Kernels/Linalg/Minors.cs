using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// Derivatives of the cofactors of a diagonal matrix D along several directions. The determinant of D + t1 E1 + ... + tm Em + X, as far as it has
/// each t and one element of X, is a sum over choices of m + 1 rows: the product of what D has in the others, times the determinants of the square in
/// these rows and columns whose rows are taken, one each, from the E and X. An element of the result is what stands beside one of X. Nothing is
/// divided, so D may have zeros.
/// </summary>
/// <remarks>
/// The sum over the assignments of directions to rows and over the terms of their determinants runs row by row, over the set of columns and the set
/// of directions that are used up.
/// </remarks>
internal static unsafe class Minors
{
    /// <summary>Finds the derivative.</summary>
    /// <param name="d">A matrix, of which only the diagonal is read.</param>
    /// <param name="directions">The directions.</param>
    /// <param name="made">The result, in the places of cofactors.</param>
    public static void Run<T>(MatrixView<T> d, ReadOnlySpan<MatrixView<T>> directions, MatrixView<T> made)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (n, chosen) = (d.Rows, directions.Length + 1);
        made.Fill(T.Zero);
        if (chosen > n)
        {
            return;
        }

        // With so many directions that the shift is bounded, there is no such memory, which is what is said.
        using var sums = new Scratch<T>(1L << Math.Min(58, (2 * directions.Length) + 1));
        int[] rows = [.. Enumerable.Range(0, chosen)];
        while (true)
        {
            var rest = T.One;
            for (int i = 0, next = 0; i < n; i++)
            {
                if (next < chosen && rows[next] == i)
                {
                    next++;
                }
                else
                {
                    rest *= d[i, i];
                }
            }

            for (var left = 0; left < chosen && !T.IsZero(rest); left++)
            {
                AddRow(directions, rows, left, rest, sums.Data, made);
            }

            var last = chosen - 1;
            while (last >= 0 && rows[last] == n - chosen + last)
            {
                last--;
            }

            if (last < 0)
            {
                return;
            }

            rows[last]++;
            for (var i = last + 1; i < chosen; i++)
            {
                rows[i] = rows[i - 1] + 1;
            }
        }
    }

    /// <summary>Adds what belongs to elements of X in one of the chosen rows.</summary>
    private static void AddRow<T>(
        ReadOnlySpan<MatrixView<T>> directions, int[] rows, int left, T rest, T* sums, MatrixView<T> made)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (count, columns) = (directions.Length, 1 << rows.Length);
        for (var i = 0L; i < (long)columns << count; i++)
        {
            sums[i] = T.Zero;
        }

        // sums[used directions, used columns] of the rows so far, whose number is that of either.
        *sums = T.One;
        for (var used = 0L; used < 1L << count; used++)
        {
            var place = BitOperations.PopCount((ulong)used);
            if (place == count)
            {
                break;
            }

            var row = rows[place < left ? place : place + 1];
            for (var taken = 0; taken < columns; taken++)
            {
                var sum = sums[(used * columns) + taken];
                if (BitOperations.PopCount((uint)taken) != place || T.IsZero(sum))
                {
                    continue;
                }

                for (var column = 0; column < rows.Length; column++)
                {
                    if ((taken >> column & 1) != 0)
                    {
                        continue;
                    }

                    // Each column to the right that an earlier row has taken is an exchange.
                    var signed = (BitOperations.PopCount((uint)(taken >> column)) & 1) == 0 ? sum : -sum;
                    for (var direction = 0; direction < count; direction++)
                    {
                        if ((used >> direction & 1) == 0)
                        {
                            sums[((used | (1L << direction)) * columns) + (taken | (1 << column))] +=
                                signed * directions[direction][row, rows[column]];
                        }
                    }
                }
            }
        }

        var all = ((1L << count) - 1) * columns;
        for (var column = 0; column < rows.Length; column++)
        {
            var minor = rest * sums[all + (columns - 1 - (1 << column))];
            made[rows[left], rows[column]] += ((left + column) & 1) == 0 ? minor : -minor;
        }
    }
}
