using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

// The register tile of convolutions: sums[i, v] += left[i] * right[v] over k steps, where i numbers rows and v registers. What differs from the tile
// of the matrix product is where the operands lie: one of them is read in place, at offsets from a table, so that patches
// of an image are never copied.
//
// The number of rows is a type. The JIT makes a copy of the loop for each number that a shape asks for, which holds just as many sums in registers:
// sixteen channels are two tiles of eight rows, not one of fourteen and one of two. Eight or more sums keep both multiply-add units busy.

/// <summary>A register tile: rows of one to four registers, whose sums are held in registers while the loop over k runs.</summary>
internal unsafe interface IConvolutionTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a register.</summary>
    static abstract int Lanes { get; }

    /// <summary>The most rows of a tile that is one, two or four registers wide.</summary>
    static abstract int MostRows(int registers);

    /// <summary>Adds a register in memory to another.</summary>
    static abstract void Add(T* target, T* source);

    /// <summary>The sum of a register in memory.</summary>
    static abstract T Sum(T* source);

    /// <summary>Writes the sums of k steps to c, row after row, or adds them to what is there.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="registers">One, two or four.</param>
    /// <param name="k">How many steps.</param>
    /// <param name="a">The left operand: a number, or a register, for each row and step.</param>
    /// <param name="b">The right operand: so many registers for each step.</param>
    /// <param name="offsets">Where each row begins in the left operand, if the order of operands says so.</param>
    /// <param name="steps">Where each step begins in the operand that is read in place.</param>
    /// <param name="isFresh">Whether c has nothing yet.</param>
    /// <param name="c">The sums.</param>
    static abstract void Multiply<O>(int rows, int registers, int k, T* a, T* b, nint* offsets, nint* steps, bool isFresh, T* c)
        where O : struct, IOperands;
}

/// <summary>The tile for registers <typeparamref name="V"/> of a processor that has <typeparamref name="R"/> of them.</summary>
internal readonly unsafe struct ConvolutionTile<T, V, L, R> : IConvolutionTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
    where R : struct, ICount
{
    public static int Lanes => L.Count;

    public static int MostRows(int registers) => registers switch
    {
        1 => R.Count < 32 ? 12 : 14,
        2 => R.Count < 32 ? 6 : 14,
        _ => R.Count < 32 ? 2 : 6,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(T* target, T* source) => L.Store(L.Add(L.Load(target), L.Load(source)), target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(T* source) => L.Sum(L.Load(source));

    public static void Multiply<O>(int rows, int registers, int k, T* a, T* b, nint* offsets, nint* steps, bool isFresh, T* c)
        where O : struct, IOperands
    {
        switch (rows)
        {
            case 1:
                Multiply<Count1, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 2:
                Multiply<Count2, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 3:
                Multiply<Count3, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 4:
                Multiply<Count4, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 5:
                Multiply<Count5, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 6:
                Multiply<Count6, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 7:
                Multiply<Count7, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 8:
                Multiply<Count8, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 9:
                Multiply<Count9, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 10:
                Multiply<Count10, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 11:
                Multiply<Count11, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 12:
                Multiply<Count12, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 13:
                Multiply<Count13, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            case 14:
                Multiply<Count14, O>(registers, k, a, b, offsets, steps, isFresh, c);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    private static void Multiply<N, O>(int registers, int k, T* a, T* b, nint* offsets, nint* steps, bool isFresh, T* c)
        where N : struct, ICount
        where O : struct, IOperands
    {
        if (registers == 1)
        {
            ConvolutionTileOne<T, V, L>.Multiply<N, O>(k, a, b, offsets, steps, isFresh, c);
        }
        else if (registers == 2)
        {
            ConvolutionTileTwo<T, V, L>.Multiply<N, O>(k, a, b, offsets, steps, isFresh, c);
        }
        else
        {
            ConvolutionTileFour<T, V, L>.Multiply<N, O>(k, a, b, offsets, steps, isFresh, c);
        }
    }
}
