using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Windows along one axis of an image.</summary>
/// <param name="Size">The axis.</param>
/// <param name="Kernel">The size of a window.</param>
/// <param name="Dilation">From one element of a window to the next.</param>
/// <param name="Padding">Zeros on both sides of the axis.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct WindowAxis(int Size, int Kernel, int Dilation, int Padding, int Stride, int Count)
{
    /// <summary>The windows in which an element of theirs lies inside of the axis, from the first to before the end.</summary>
    public (int First, int End) Inside(int element)
    {
        // Element e of window i is input e * dilation - padding + i * stride.
        var shift = ((long)element * Dilation) - Padding;
        var first = shift >= 0 ? 0 : (-shift + Stride - 1) / Stride;
        var end = shift >= Size ? 0 : ((Size - 1 - shift) / Stride) + 1;
        return ((int)Math.Min(first, Count), (int)Math.Clamp(end, Math.Min(first, Count), Count));
    }

    /// <summary>The input that an element of a window is.</summary>
    public nint Input(int element, int window) => (nint)(((long)element * Dilation) - Padding + ((long)window * Stride));
}

/// <summary>
/// All windows of dense images as columns of matrices, and the sums of columns as images. A matrix has a row for each element of a window; channels
/// are shared out to threads.
/// </summary>
/// <param name="Rows">The windows along the height.</param>
/// <param name="Columns">The windows along the width.</param>
internal readonly unsafe record struct ImageWindows(WindowAxis Rows, WindowAxis Columns)
{
    private const long Parallel = 1 << 15;

    /// <summary>The number of elements in a window.</summary>
    public long Area => (long)Rows.Kernel * Columns.Kernel;

    /// <summary>Takes windows out of images; zeros where they reach beyond.</summary>
    public void Take<T>(nint planes, T* image, T* matrix)
        where T : unmanaged
    {
        var all = this;
        Each(planes, plane =>
        {
            for (var i = 0; i < all.Rows.Kernel; i++)
            {
                for (var j = 0; j < all.Columns.Kernel; j++)
                {
                    all.TakeOne(i, j, image + (plane * all.Size), matrix + all.Row(plane, i, j));
                }
            }
        });
    }

    /// <summary>Adds columns up to images.</summary>
    public void Add<T>(nint planes, T* matrix, T* image)
        where T : unmanaged, INumberBase<T>
    {
        var all = this;
        Each(planes, plane =>
        {
            NativeMemory.Clear(image + (plane * all.Size), (nuint)all.Size * (nuint)sizeof(T));
            for (var i = 0; i < all.Rows.Kernel; i++)
            {
                for (var j = 0; j < all.Columns.Kernel; j++)
                {
                    all.AddOne(i, j, matrix + all.Row(plane, i, j), image + (plane * all.Size));
                }
            }
        });
    }

    /// <summary>The number of elements in a channel of the image.</summary>
    private nint Size => (nint)Rows.Size * Columns.Size;

    private nint Windows => (nint)Rows.Count * Columns.Count;

    /// <summary>Where the row of an element of a channel's windows begins in the matrix.</summary>
    private nint Row(nint plane, int i, int j) => ((plane * (nint)Area) + ((nint)i * Columns.Kernel) + j) * Windows;

    private void Each(nint planes, Action<nint> work)
    {
        var parts = (int)Math.Min(planes, 16);
        Team.Run(parts, planes * Area * Windows >= Parallel, part =>
        {
            for (var plane = planes * part / parts; plane < planes * (part + 1) / parts; plane++)
            {
                work(plane);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeOne<T>(int i, int j, T* image, T* matrix)
        where T : unmanaged
    {
        var (top, bottom) = Rows.Inside(i);
        var (left, right) = Columns.Inside(j);
        NativeMemory.Clear(matrix, (nuint)((nint)top * Columns.Count) * (nuint)sizeof(T));
        for (var r = top; r < bottom; r++)
        {
            var row = matrix + ((nint)r * Columns.Count);
            var source = image + (Rows.Input(i, r) * Columns.Size) + Columns.Input(j, 0);
            NativeMemory.Clear(row, (nuint)left * (nuint)sizeof(T));
            if (Columns.Stride == 1)
            {
                Buffer.MemoryCopy(source + left, row + left, (long)(right - left) * sizeof(T), (long)(right - left) * sizeof(T));
            }
            else
            {
                for (var c = left; c < right; c++)
                {
                    row[c] = source[(nint)c * Columns.Stride];
                }
            }

            NativeMemory.Clear(row + right, (nuint)(Columns.Count - right) * (nuint)sizeof(T));
        }

        NativeMemory.Clear(matrix + ((nint)bottom * Columns.Count), (nuint)((nint)(Rows.Count - bottom) * Columns.Count) * (nuint)sizeof(T));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddOne<T>(int i, int j, T* matrix, T* image)
        where T : unmanaged, INumberBase<T>
    {
        var (top, bottom) = Rows.Inside(i);
        var (left, right) = Columns.Inside(j);
        for (var r = top; r < bottom; r++)
        {
            var row = matrix + ((nint)r * Columns.Count);
            var target = image + (Rows.Input(i, r) * Columns.Size) + Columns.Input(j, 0);
            for (var c = left; c < right; c++)
            {
                target[(nint)c * Columns.Stride] += row[c];
            }
        }
    }
}
