using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Some of the dimensions of arrays of one shape, merged: sizes, slowest first, how many elements they span, and how far each array goes along them.
/// </summary>
internal unsafe struct FoldDims
{
    public const int MaxOperands = 4;

    public int Rank;
    public int Operands;
    public nint Count;
    private fixed long _sizes[Walk.MaxRank];
    private fixed long _strides[Walk.MaxRank * MaxOperands];

    /// <summary>The size of the last dimension; 1 when there is none.</summary>
    public readonly nint LastSize => Rank == 0 ? 1 : (nint)_sizes[Rank - 1];

    /// <summary>Whether every array stands still along the last dimension or goes on to its neighbour.</summary>
    public readonly bool LastIsNear
    {
        get
        {
            for (var k = 0; Rank > 0 && k < Operands; k++)
            {
                if (LastStride(k) is not (0 or 1))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether the first array's neighbours along the last dimension are neighbours in memory.</summary>
    public readonly bool LastIsDense => Rank > 0 && LastStride(0) == 1;

    /// <summary>The reduced dimensions, or the kept ones, of arrays that all have the first one's sizes.</summary>
    public static FoldDims Of(ReadOnlySpan<Operand> arrays, ReadOnlySpan<bool> reduced, bool wanted)
    {
        Unsafe.SkipInit(out FoldDims dims);
        dims.Rank = 0;
        dims.Operands = arrays.Length;
        dims.Count = 1;
        var sizes = arrays[0].Layout.Sizes;
        for (var d = 0; d < sizes.Length; d++)
        {
            if (reduced[d] != wanted)
            {
                continue;
            }

            nint size = sizes[d];
            dims.Count *= size;

            // Where there are no elements nobody goes along a dimension.
            if (size == 1 || arrays[0].Layout.Count == 0)
            {
                continue;
            }

            var merges = dims.Rank > 0;
            for (var k = 0; merges && k < arrays.Length; k++)
            {
                merges = dims._strides[((dims.Rank - 1) * MaxOperands) + k] == arrays[k].Layout.Strides[d] * size;
            }

            if (!merges)
            {
                if (dims.Rank == Walk.MaxRank)
                {
                    throw new ShapeException(
                        $"Tensors have at most {Walk.MaxRank} dimensions here that do not lie in one piece with their neighbours. The shape is " +
                        $"{Shape.Text(sizes)}: make it contiguous, or reduce some dimensions after the others.");
                }

                dims._sizes[dims.Rank++] = 1;
            }

            dims._sizes[dims.Rank - 1] *= size;
            for (var k = 0; k < arrays.Length; k++)
            {
                dims._strides[((dims.Rank - 1) * MaxOperands) + k] = arrays[k].Layout.Strides[d];
            }
        }

        return dims;
    }

    /// <summary>Where the arrays are at the i-th element in row-major order of these dimensions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Seek<T>(in FoldReads<T> from, nint i, out FoldReads<T> reads)
        where T : unmanaged
    {
        reads = from;
        if (Rank > 1)
        {
            SeekFar(ref reads, ref i);
        }

        if (Rank > 0)
        {
            Move(ref reads, i, 0);
        }
    }

    /// <summary>Goes along all dimensions but the first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void SeekFar<T>(ref FoldReads<T> reads, ref nint i)
        where T : unmanaged
    {
        for (var d = Rank - 1; d > 0; d--)
        {
            (i, var index) = Math.DivRem(i, (nint)_sizes[d]);
            Move(ref reads, index, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Move<T>(ref FoldReads<T> reads, nint index, int d)
        where T : unmanaged
    {
        reads.A += index * (nint)_strides[d * MaxOperands];
        if (Operands > 1)
        {
            reads.B += index * (nint)_strides[(d * MaxOperands) + 1];
            reads.C += Operands > 2 ? index * (nint)_strides[(d * MaxOperands) + 2] : 0;
            reads.D += Operands > 3 ? index * (nint)_strides[(d * MaxOperands) + 3] : 0;
        }
    }

    private readonly nint LastStride(int operand) => (nint)_strides[((Rank - 1) * MaxOperands) + operand];

    /// <summary>Arrays that will be read along the last dimension.</summary>
    public readonly FoldReads<T> Along<T>(FoldReads<T> reads)
        where T : unmanaged
    {
        // A single element has neighbours as good as any.
        reads.StepA = Rank == 0 ? 1 : LastStride(0);
        reads.StepB = Operands > 1 && Rank > 0 ? LastStride(1) : 1;
        reads.StepC = Operands > 2 && Rank > 0 ? LastStride(2) : 1;
        reads.StepD = Operands > 3 && Rank > 0 ? LastStride(3) : 1;
        return reads;
    }
}

/// <summary>
/// Where up to four arrays are read, and how far each goes from one element to the next. It is handed on by reference: a copy of what was just
/// written would wait until that has left the processor's store queue.
/// </summary>
internal unsafe struct FoldReads<T>
    where T : unmanaged
{
    public T* A;
    public T* B;
    public T* C;
    public T* D;
    public nint StepA;
    public nint StepB;
    public nint StepC;
    public nint StepD;

    /// <summary>Goes on by some elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(nint count)
    {
        A += count * StepA;
        B += count * StepB;
        C += count * StepC;
        D += count * StepD;
    }
}
