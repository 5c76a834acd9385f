using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>Copies the triangles of dense matrices, whatever their elements are, row by row; rows are shared out to threads.</summary>
internal unsafe struct TriangleRows
{
    private const int MostParts = 16;

    public byte* From;
    public byte* To;
    public int Rows;
    public int Columns;
    public int ItemSize;
    public int Diagonal;
    public bool IsUpper;

    private nint _all;
    private int _parts;

    /// <summary>The columns of a row that lie in the triangle: from the first to before the end.</summary>
    public static (long First, long End) Kept(long row, long columns, long diagonal, bool isUpper) => isUpper
        ? (Math.Clamp(row + diagonal, 0, columns), columns)
        : (0, Math.Clamp(row + diagonal + 1, 0, columns));

    /// <summary>Copies as many elements as all matrices have together.</summary>
    public void Run(nint count)
    {
        if (count == 0)
        {
            return;
        }

        _all = count / Columns;
        _parts = count < Work.SharedFrom(Work.Light, ItemSize) ? 1 : (int)Math.Min(_all, MostParts);
        fixed (TriangleRows* self = &this)
        {
            Team.Run(&Part, self, _parts);
        }
    }

    private static void Part(void* context, int part)
    {
        var job = (TriangleRows*)context;
        for (var row = job->_all * part / job->_parts; row < job->_all * (part + 1) / job->_parts; row++)
        {
            job->Row(row);
        }
    }

    private readonly void Row(nint row)
    {
        var (first, end) = Kept(row % Rows, Columns, Diagonal, IsUpper);
        nint size = (nint)Columns * ItemSize, start = (nint)first * ItemSize, length = (nint)(end - first) * ItemSize;
        byte* from = From + (row * size), to = To + (row * size);
        NativeMemory.Clear(to, (nuint)start);
        Buffer.MemoryCopy(from + start, to + start, length, length);
        NativeMemory.Clear(to + start + length, (nuint)(size - start - length));
    }
}
