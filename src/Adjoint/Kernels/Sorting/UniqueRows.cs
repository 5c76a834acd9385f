using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Which rows of a matrix differ from the row before them, in an order; NaN differs from itself.</summary>
internal static unsafe class UniqueRows
{
    /// <summary>The order of rows by their first element that differs; equal ones stay in their order.</summary>
    /// <param name="x">The rows, without gaps.</param>
    /// <param name="rows">How many.</param>
    /// <param name="length">How long they are.</param>
    /// <param name="order">Takes the order.</param>
    public static void Sort<T>(T* x, int rows, nint length, Span<long> order)
        where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < rows; i++)
        {
            order[i] = i;
        }

        order.Sort((first, second) =>
        {
            var a = x + ((nint)first * length);
            var b = x + ((nint)second * length);
            for (nint i = 0; i < length; i++)
            {
                if (a[i] < b[i])
                {
                    return -1;
                }

                if (a[i] > b[i])
                {
                    return 1;
                }
            }

            return first.CompareTo(second);
        });
    }

    /// <summary>Numbers groups of equal neighbours in an order.</summary>
    /// <param name="x">The rows, without gaps.</param>
    /// <param name="rows">How many.</param>
    /// <param name="length">How long they are.</param>
    /// <param name="order">The order; null if it is that of the rows.</param>
    /// <param name="groups">Takes the number of the group of each row.</param>
    /// <param name="firsts">Takes the first row of each group.</param>
    /// <returns>How many groups there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nint Group<T>(T* x, nint rows, nint length, long* order, long* groups, long* firsts)
        where T : unmanaged, INumber<T>
    {
        nint count = 0;
        for (nint i = 0; i < rows; i++)
        {
            var row = order == null ? i : (nint)order[i];
            if (i == 0 || !Same(x + (row * length), x + ((order == null ? i - 1 : (nint)order[i - 1]) * length), length))
            {
                firsts[count++] = row;
            }

            groups[row] = count - 1;
        }

        return count;
    }

    private static bool Same<T>(T* a, T* b, nint length)
        where T : unmanaged, INumber<T>
    {
        for (nint i = 0; i < length; i++)
        {
            if (a[i] != b[i])
            {
                return false;
            }
        }

        return true;
    }
}
