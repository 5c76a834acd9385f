using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Copies a strip of a strided matrix into the order in which the register tile reads it.</summary>
/// <remarks>
/// A strip is <c>width</c> lanes wide and <c>depth</c> steps long: <c>target[p * width + i] = source[i * across + p *
/// along]</c>. A strip of A has its lanes over rows, a strip of B over columns. Lanes from <c>count</c> on are zero.
/// </remarks>
internal static unsafe class GemmPack
{
    // What a group of strips reads from each row.
    private const int GroupBytes = 1024;

    public static void Strip<T>(int width, int count, int depth, T* source, nint across, nint along, T* target)
        where T : unmanaged
    {
        if (count < width)
        {
            // What the empty lanes give is dropped, but subnormal rubbish there would slow the multiply-adds down.
            NativeMemory.Clear(target, (nuint)width * (nuint)depth * (nuint)sizeof(T));
        }

        if (across == 1)
        {
            Copy(width, count, depth, source, along, target);
        }
        else if (along == 1)
        {
            Transpose(width, count, depth, source, across, target);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                Lane(depth, source + i * across, along, target + i, width);
            }
        }
    }

    /// <summary>
    /// Copies strips side by side whose lanes are contiguous, several in one pass: a strip alone would read a cache line or two from every page of a
    /// large matrix, which is slower than the arithmetic that follows.
    /// </summary>
    /// <returns>How many lanes were copied; the rest is for <see cref="Strip"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Groups<T>(int width, int count, int depth, T* source, nint along, T* target)
        where T : unmanaged
    {
        const int line = 64;
        var size = width * sizeof(T);
        if (size % line != 0)
        {
            return 0;
        }

        var lanes = GroupBytes / size * width;
        var bytes = lanes * sizeof(T);
        var strip = (nint)size * depth;
        var done = 0;
        for (; done <= count - lanes; done += lanes)
        {
            var row = (byte*)(source + done);
            var to = (byte*)(target + (nint)done * depth);
            for (var p = 0; p < depth; p++)
            {
                var place = to;
                for (var i = 0; i < bytes; i += size)
                {
                    for (var j = 0; j < size; j += line)
                    {
                        Vector256.Load(row + i + j).Store(place + j);
                        Vector256.Load(row + i + j + (line / 2)).Store(place + j + (line / 2));
                    }

                    place += strip;
                }

                row += along * sizeof(T);
                to += size;
            }
        }

        return done;
    }

    /// <summary>Asks for a tile of C, so that it has arrived when the loop over k ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<T>(T* c, int rows, nint stride, int columns)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < rows; i++)
            {
                Sse.Prefetch0(c);
                Sse.Prefetch0(c + columns - 1);
                c += stride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<T>(int width, int count, int depth, T* source, nint along, T* target)
        where T : unmanaged
    {
        // The widths of B's strips at 256 and 512 bits, without an inner loop.
        if (count == width && width * sizeof(T) == 64)
        {
            for (var p = 0; p < depth; p++)
            {
                var low = Vector256.Load((byte*)source);
                var high = Vector256.Load((byte*)source + 32);
                low.Store((byte*)target);
                high.Store((byte*)target + 32);
                source += along;
                target += width;
            }

            return;
        }

        var step = Vector128<byte>.Count / sizeof(T);
        for (var p = 0; p < depth; p++)
        {
            var i = 0;
            for (; i <= count - step; i += step)
            {
                Vector128.Load((byte*)(source + i)).Store((byte*)(target + i));
            }

            for (; i < count; i++)
            {
                target[i] = source[i];
            }

            source += along;
            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(int width, int count, int depth, T* source, nint across, T* target)
        where T : unmanaged
    {
        var i = 0;
        if (sizeof(T) == 4)
        {
            for (; i <= count - 4; i += 4)
            {
                Transpose4((float*)(source + i * across), across, depth, (float*)(target + i), width);
            }

            for (; i <= count - 2; i += 2)
            {
                Transpose2((float*)(source + i * across), across, depth, (float*)(target + i), width);
            }
        }
        else if (sizeof(T) == 8)
        {
            for (; Avx.IsSupported && i <= count - 4; i += 4)
            {
                Transpose4((double*)(source + i * across), across, depth, (double*)(target + i), width);
            }

            for (; i <= count - 2; i += 2)
            {
                Transpose2((double*)(source + i * across), across, depth, (double*)(target + i), width);
            }
        }

        for (; i < count; i++)
        {
            Lane(depth, source + i * across, 1, target + i, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lane<T>(int depth, T* source, nint along, T* target, int width)
        where T : unmanaged
    {
        for (var p = 0; p < depth; p++)
        {
            *target = *source;
            source += along;
            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose4(float* source, nint across, int depth, float* target, nint width)
    {
        var p = 0;
        for (; p <= depth - 4; p += 4)
        {
            var row0 = Vector128.Load(source + p);
            var row1 = Vector128.Load(source + across + p);
            var row2 = Vector128.Load(source + 2 * across + p);
            var row3 = Vector128.Load(source + 3 * across + p);
            var low01 = Low(row0, row1).AsDouble();
            var low23 = Low(row2, row3).AsDouble();
            var high01 = High(row0, row1).AsDouble();
            var high23 = High(row2, row3).AsDouble();
            Low(low01, low23).AsSingle().Store(target);
            High(low01, low23).AsSingle().Store(target + width);
            Low(high01, high23).AsSingle().Store(target + 2 * width);
            High(high01, high23).AsSingle().Store(target + 3 * width);
            target += 4 * width;
        }

        for (; p < depth; p++)
        {
            target[0] = source[p];
            target[1] = source[across + p];
            target[2] = source[2 * across + p];
            target[3] = source[3 * across + p];
            target += width;
        }
    }

    /// <summary>Needs <see cref="Avx"/>: elsewhere two rows at a time are as good.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose4(double* source, nint across, int depth, double* target, nint width)
    {
        var p = 0;
        for (; p <= depth - 4; p += 4)
        {
            var row0 = Vector256.Load(source + p);
            var row1 = Vector256.Load(source + across + p);
            var row2 = Vector256.Load(source + 2 * across + p);
            var row3 = Vector256.Load(source + 3 * across + p);
            Vector256<double> low01 = Avx.UnpackLow(row0, row1), high01 = Avx.UnpackHigh(row0, row1);
            Vector256<double> low23 = Avx.UnpackLow(row2, row3), high23 = Avx.UnpackHigh(row2, row3);
            Avx.Permute2x128(low01, low23, 0x20).Store(target);
            Avx.Permute2x128(high01, high23, 0x20).Store(target + width);
            Avx.Permute2x128(low01, low23, 0x31).Store(target + 2 * width);
            Avx.Permute2x128(high01, high23, 0x31).Store(target + 3 * width);
            target += 4 * width;
        }

        for (; p < depth; p++)
        {
            for (var i = 0; i < 4; i++)
            {
                target[i] = source[i * across + p];
            }

            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose2(float* source, nint across, int depth, float* target, nint width)
    {
        var p = 0;
        for (; p <= depth - 4; p += 4)
        {
            var row0 = Vector128.Load(source + p);
            var row1 = Vector128.Load(source + across + p);
            var low = Low(row0, row1);
            var high = High(row0, row1);
            low.GetLower().Store(target);
            low.GetUpper().Store(target + width);
            high.GetLower().Store(target + 2 * width);
            high.GetUpper().Store(target + 3 * width);
            target += 4 * width;
        }

        for (; p < depth; p++)
        {
            target[0] = source[p];
            target[1] = source[across + p];
            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose2(double* source, nint across, int depth, double* target, nint width)
    {
        var p = 0;
        for (; p <= depth - 2; p += 2)
        {
            var row0 = Vector128.Load(source + p);
            var row1 = Vector128.Load(source + across + p);
            Low(row0, row1).Store(target);
            High(row0, row1).Store(target + width);
            target += 2 * width;
        }

        if (p < depth)
        {
            target[0] = source[p];
            target[1] = source[across + p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Low(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> High(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Low(Vector128<double> x, Vector128<double> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> High(Vector128<double> x, Vector128<double> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[1], y[1]);
}
