using System.Runtime.CompilerServices;

namespace Adjoint.Memory;

/// <summary>
/// Managed arrays that a thread has given back, for its next small storages. A fresh array of some kilobytes costs more than the operator that fills
/// it, because its memory is cold and brings the next garbage collection nearer; one that was just given back is warm.
/// </summary>
internal static class SpareArrays
{
    /// <summary>From this many bytes on an array is worth keeping; below it the garbage collector is as quick.</summary>
    public const int Smallest = 256;

    private const int Sets = 8;
    private const int Ways = 4;

    [ThreadStatic]
    private static byte[]?[]? t_arrays;

    /// <summary>An array of this length with whatever is in it; null if there is none.</summary>
    public static byte[]? Take(int length)
    {
        if (length < Smallest || t_arrays is not { } arrays)
        {
            return null;
        }

        var first = First(length);
        for (var i = first; i < first + Ways; i++)
        {
            if (arrays[i] is { } array && array.Length == length)
            {
                arrays[i] = null;
                return array;
            }
        }

        return null;
    }

    /// <summary>Keeps an array that nobody else can name; if there is no place, it takes that of another one.</summary>
    public static void Give(byte[] array)
    {
        var arrays = t_arrays ??= new byte[Sets * Ways][];
        var first = First(array.Length);
        for (var i = first; i < first + Ways; i++)
        {
            if (arrays[i] is null)
            {
                arrays[i] = array;
                return;
            }
        }

        arrays[first] = array;
    }

    /// <summary>The first place of the set that arrays of a length share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int First(int length) => (int)(((uint)length * 0x9E3779B1u) >> 29) * Ways;
}
