using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Some of a layout's dimensions, merged: sizes and strides, slowest first, and how many elements they span.</summary>
internal unsafe struct FoldDims
{
    public int Rank;
    public nint Count;
    private fixed long _sizes[Walk.MaxRank];
    private fixed long _strides[Walk.MaxRank];

    /// <summary>The stride of the last dimension; 0 when there is none.</summary>
    public nint Fastest => Rank == 0 ? 0 : (nint)_strides[Rank - 1];

    public nint LastSize => Rank == 0 ? 1 : (nint)_sizes[Rank - 1];

    public nint LastStride => Fastest;

    public static FoldDims Of(Layout layout, ReadOnlySpan<bool> reduced, bool wanted)
    {
        Unsafe.SkipInit(out FoldDims dims);
        dims.Rank = 0;
        dims.Count = 1;
        for (var d = 0; d < layout.Rank; d++)
        {
            if (reduced[d] != wanted)
            {
                continue;
            }

            var size = layout.Sizes[d];
            dims.Count *= size;
            if (size == 1)
            {
                continue;
            }

            var stride = layout.Strides[d];
            if (dims.Rank > 0 && dims._strides[dims.Rank - 1] == stride * size)
            {
                dims._sizes[dims.Rank - 1] *= size;
                dims._strides[dims.Rank - 1] = stride;
            }
            else
            {
                dims._sizes[dims.Rank] = size;
                dims._strides[dims.Rank] = stride;
                dims.Rank++;
            }
        }

        return dims;
    }

    /// <summary>The offset of the i-th element in row-major order of these dimensions.</summary>
    public readonly nint Position(nint i)
    {
        if (Rank <= 1)
        {
            return Rank == 0 ? 0 : i * (nint)_strides[0];
        }

        nint position = 0;
        for (var d = Rank - 1; d > 0; d--)
        {
            var (rest, index) = Math.DivRem(i, (nint)_sizes[d]);
            position += index * (nint)_strides[d];
            i = rest;
        }

        return position + (i * (nint)_strides[0]);
    }
}
