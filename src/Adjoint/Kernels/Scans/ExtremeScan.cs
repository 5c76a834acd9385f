using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The largest or the smallest of all elements so far and where it is: the last of equal ones, and the last NaN once there is one.</summary>
internal static unsafe class ExtremeScan
{
    /// <summary>Scans along the middle one of three dimensions without gaps.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="values">Takes the extremes.</param>
    /// <param name="positions">Takes where they are.</param>
    /// <param name="sizes">The three dimensions.</param>
    /// <param name="largest">The largest.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* x, T* values, long* positions, (nint Outer, nint Length, nint Inner) sizes, bool largest)
        where T : unmanaged, INumber<T>
    {
        for (nint row = 0; row < sizes.Outer * sizes.Inner; row++)
        {
            var (outer, inner) = Math.DivRem(row, sizes.Inner);
            var at = (outer * sizes.Length * sizes.Inner) + inner;
            var (best, place) = (x[at], 0L);
            for (nint i = 0; i < sizes.Length; i++, at += sizes.Inner)
            {
                if (T.IsNaN(x[at]) || (largest ? x[at] >= best : x[at] <= best))
                {
                    (best, place) = (x[at], i);
                }

                (values[at], positions[at]) = (best, place);
            }
        }
    }
}
