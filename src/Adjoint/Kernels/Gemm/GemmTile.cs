using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>A register tile: how many elements of C are held in registers while the loop over k runs.</summary>
internal unsafe interface ITile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>
    /// C = alpha * A * B + beta * C for one tile: <paramref name="rows"/> of its rows and all of its columns.
    /// </summary>
    /// <remarks>
    /// A is read one element at a time, with any strides; rows of B and C are contiguous. No memory beyond <paramref
    /// name="rows"/> rows of A and C is touched, unless <typeparamref name="R"/> says that A is packed. With beta 0, C
    /// is not read.
    /// </remarks>
    static abstract void Multiply<R>(
        int rows, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, T beta, T* c, nint rsC)
        where R : struct, IRowOrder;

    /// <summary>y = alpha * A * x + beta * y, where A has a unit stride one way or the other, or neither.</summary>
    static abstract void MultiplyVector(
        int m, int k, T alpha, T* a, nint rsA, nint csA, T* x, nint stepX, T beta, T* y, nint stepY);

    /// <summary>C = alpha * x * y^T + beta * C.</summary>
    static abstract void Outer(
        int m, int n, T alpha, T* x, nint stepX, T* y, nint stepY, T beta, T* c, nint rsC, nint csC);
}

/// <summary>Where the rows of A lie under a register tile.</summary>
internal interface IRowOrder
{
    /// <summary>The offset of row <paramref name="i"/>, in elements.</summary>
    static abstract nint Row(int i, int rows, nint stride);

    /// <summary>The offset from one step of k to the next.</summary>
    static abstract nint Step(int tileRows, nint stride);
}

/// <summary>
/// A packed strip: its offsets are constants of the machine code, and rows beyond the matrix exist and are zero.
/// </summary>
internal readonly struct PackedRows : IRowOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Row(int i, int rows, nint stride) => i;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(int tileRows, nint stride) => tileRows;
}

/// <summary>Rows in place; a row beyond the matrix reads row 0, and what comes of it is not stored.</summary>
internal readonly struct StridedRows : IRowOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Row(int i, int rows, nint stride) => i < rows ? i * stride : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(int tileRows, nint stride) => stride;
}
