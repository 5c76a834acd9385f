using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Where the operands of a <see cref="ConvolutionTile{T, V, L, R}"/> lie; its constants become part of the machine code.</summary>
internal unsafe interface IOperands
{
    /// <summary>Entries of the table for one step.</summary>
    static abstract int StepLength { get; }

    /// <summary>Where a row begins in the left operand.</summary>
    static abstract nint Row(nint* offsets, int row);

    /// <summary>Where a step begins in the left operand.</summary>
    static abstract nint LeftStep(nint* steps);

    /// <summary>Where a step begins in the right operand.</summary>
    static abstract nint RightStep(nint* steps);

    /// <summary>From one step to the next in the left operand, beside what the table says.</summary>
    static abstract int AdvanceLeft(int rows);

    /// <summary>From one step to the next in the right operand, beside what the table says.</summary>
    static abstract int AdvanceRight(int width);

    /// <summary>Which lanes of the left operand count in a step.</summary>
    static abstract V Mask<T, V, L>(nint* steps)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V>;

    /// <summary>The left operand of one row.</summary>
    static abstract V Left<T, V, L>(T* source, V mask)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V>;
}

/// <summary>
/// Lanes are channels: rows read one number of an image each, from the table's offset for the step and that of the row; the right operand is packed.
/// </summary>
internal readonly unsafe struct ChannelOperands : IOperands
{
    public static int StepLength => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Row(nint* offsets, int row) => offsets[row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint LeftStep(nint* steps) => *steps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint RightStep(nint* steps) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AdvanceLeft(int rows) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AdvanceRight(int width) => width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mask<T, V, L>(nint* steps)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V> => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Left<T, V, L>(T* source, V mask)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V> => L.Splat(*source);
}

/// <summary>Lanes are positions: the left operand is packed, so many numbers for each step;
/// the right one is an image at the table's offset.</summary>
internal readonly unsafe struct PositionOperands : IOperands
{
    public static int StepLength => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Row(nint* offsets, int row) => row;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint LeftStep(nint* steps) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint RightStep(nint* steps) => *steps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AdvanceLeft(int rows) => rows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AdvanceRight(int width) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mask<T, V, L>(nint* steps)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V> => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Left<T, V, L>(T* source, V mask)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V> => L.Splat(*source);
}

/// <summary>
/// Lanes are positions that are summed over in the end: rows read a register of an image each,
/// and lanes outside the step's mask count as zero, whatever they hold.
/// </summary>
internal readonly unsafe struct DotOperands : IOperands
{
    public static int StepLength => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Row(nint* offsets, int row) => offsets[row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint LeftStep(nint* steps) => *steps;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint RightStep(nint* steps) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AdvanceLeft(int rows) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AdvanceRight(int width) => width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mask<T, V, L>(nint* steps)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V> => L.Load((T*)steps[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Left<T, V, L>(T* source, V mask)
        where T : unmanaged
        where V : struct
        where L : struct, IRegister<T, V> => L.And(L.Load(source), mask);
}

/// <summary>A number that the JIT knows.</summary>
internal interface ICount
{
    static abstract int Count { get; }
}

internal readonly struct Count1 : ICount
{
    public static int Count => 1;
}

internal readonly struct Count2 : ICount
{
    public static int Count => 2;
}

internal readonly struct Count3 : ICount
{
    public static int Count => 3;
}

internal readonly struct Count4 : ICount
{
    public static int Count => 4;
}

internal readonly struct Count5 : ICount
{
    public static int Count => 5;
}

internal readonly struct Count6 : ICount
{
    public static int Count => 6;
}

internal readonly struct Count7 : ICount
{
    public static int Count => 7;
}

internal readonly struct Count8 : ICount
{
    public static int Count => 8;
}

internal readonly struct Count9 : ICount
{
    public static int Count => 9;
}

internal readonly struct Count10 : ICount
{
    public static int Count => 10;
}

internal readonly struct Count11 : ICount
{
    public static int Count => 11;
}

internal readonly struct Count12 : ICount
{
    public static int Count => 12;
}

internal readonly struct Count13 : ICount
{
    public static int Count => 13;
}

internal readonly struct Count14 : ICount
{
    public static int Count => 14;
}

internal readonly struct Count16 : ICount
{
    public static int Count => 16;
}

internal readonly struct Count32 : ICount
{
    public static int Count => 32;
}
