using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>An inner loop of one operator at one lane width.</summary>
internal unsafe delegate void Kernel(byte** p, nint* strides, nint n);

/// <summary>Inner loops at every width, whatever the processor has: where it lacks one, .NET's software form of the vector stands in.</summary>
internal static unsafe class Lanes
{
    private const int Guard = 64;
    private const byte Canary = 0xA5;

    /// <summary>The loops of an operator's formula.</summary>
    public static (string Width, Kernel Run)[] Of<T>(Pointwise op)
        where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        ("one", (p, strides, n) => op.Values<One<T>, T>(p, strides, n)),
        ("128", (p, strides, n) => op.Values<Lane<T, Vector128<T>, Register128<T>>, T>(p, strides, n)),
        ("256", (p, strides, n) => op.Values<Lane<T, Vector256<T>, Register256<T>>, T>(p, strides, n)),
        ("512", (p, strides, n) => op.Values<Lane<T, Vector512<T>, Register512<T>>, T>(p, strides, n)),
    ];

    /// <summary>The loops of an operator's pull against one input.</summary>
    public static (string Width, Kernel Run)[] OfPull<T>(Pointwise op, int input)
        where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        ("one", (p, strides, n) => op.Pulls<One<T>, T>(input, p, strides, n)),
        ("128", (p, strides, n) => op.Pulls<Lane<T, Vector128<T>, Register128<T>>, T>(input, p, strides, n)),
        ("256", (p, strides, n) => op.Pulls<Lane<T, Vector256<T>, Register256<T>>, T>(input, p, strides, n)),
        ("512", (p, strides, n) => op.Pulls<Lane<T, Vector512<T>, Register512<T>>, T>(input, p, strides, n)),
    ];

    /// <summary>Runs a loop over columns from a position on; a column of one element repeats. Fails if it writes outside its result.</summary>
    public static T[] Run<T>(Kernel kernel, T[][] columns, int n, int start = 0)
        where T : unmanaged
    {
        var p = stackalloc byte*[1 + columns.Length];
        var strides = stackalloc nint[1 + columns.Length];
        var handles = new GCHandle[columns.Length];
        var output = new byte[(n * sizeof(T)) + (2 * Guard)];
        Array.Fill(output, Canary);
        try
        {
            for (var i = 0; i < columns.Length; i++)
            {
                var repeats = columns[i].Length == 1;
                handles[i] = GCHandle.Alloc(columns[i], GCHandleType.Pinned);
                p[i + 1] = (byte*)((T*)handles[i].AddrOfPinnedObject() + (repeats ? 0 : start));
                strides[i + 1] = repeats ? 0 : 1;
            }

            fixed (byte* o = output)
            {
                p[0] = o + Guard;
                strides[0] = 1;
                kernel(p, strides, n);
            }
        }
        finally
        {
            foreach (var handle in handles)
            {
                handle.Free();
            }
        }

        Assert.DoesNotContain(output[..Guard], value => value != Canary);
        Assert.DoesNotContain(output[^Guard..], value => value != Canary);
        return MemoryMarshal.Cast<byte, T>(output.AsSpan(Guard, n * sizeof(T))).ToArray();
    }

    /// <summary>The bits, so that zeros with signs and NaNs compare as what they are.</summary>
    public static ReadOnlySpan<byte> Bits<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values);
}
