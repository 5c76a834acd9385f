using System.Numerics;

namespace Adjoint.Kernels;

// Dense linear algebra.
//
// A factorisation works in place on a MatrixView, which is a pointer with two strides, so that a block and a transpose cost nothing. Whoever calls
// gives dense row-major memory; only right-hand sides and triangular matrices may have other strides.
//
// Large matrices: algorithms halve their columns and call themselves (LuFactor, CholeskyFactor, Triangular), so that nearly all arithmetic is a
// product of large blocks, which Gemm does; what is left are panels a few registers wide, where a row is a handful of registers (Strip).
// Reflectors are collected in blocks, I - V T V' (Householder).
//
// Small matrices in large batches: one matrix in each place of a register (LaneMatrices), so that the arithmetic of many matrices is one loop over
// whole registers, whatever their size.
//
// Invariants. Nothing is allocated but Scratch. No element outside of the view is read or written. NaN and singular matrices run through: what
// they give is not a number, and info says where the first pivot failed, counted from 1 as in LAPACK.

/// <summary>A matrix in memory by its steps from row to row and from column to column, in elements.</summary>
internal readonly unsafe struct MatrixView<T>(T* data, int rows, int columns, nint row, nint column)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly T* Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly nint Row = row;
    public readonly nint Column = column;

    /// <summary>A dense row-major matrix.</summary>
    public MatrixView(T* data, int rows, int columns)
        : this(data, rows, columns, columns, 1)
    {
    }

    public MatrixView<T> Transposed => new(Data, Columns, Rows, Column, Row);

    public ref T this[int i, int j] => ref Data[(i * Row) + (j * Column)];

    /// <summary>The address of an element.</summary>
    public T* At(int i, int j) => Data + (i * Row) + (j * Column);

    public MatrixView<T> Block(int row, int rows, int column, int columns) => new(At(row, column), rows, columns, Row, Column);

    public void CopyTo(MatrixView<T> to)
    {
        for (var i = 0; i < Rows; i++)
        {
            T* source = Data + (i * Row), target = to.Data + (i * to.Row);
            if (Column == 1 && to.Column == 1)
            {
                new ReadOnlySpan<T>(source, Columns).CopyTo(new Span<T>(target, Columns));
                continue;
            }

            for (var j = 0; j < Columns; j++)
            {
                target[j * to.Column] = source[j * Column];
            }
        }
    }

    public void Fill(T value)
    {
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Columns; j++)
            {
                this[i, j] = value;
            }
        }
    }

    /// <summary>Makes this the identity, or as much of it as there is.</summary>
    public void FillIdentity()
    {
        Fill(T.Zero);
        for (var i = 0; i < Math.Min(Rows, Columns); i++)
        {
            this[i, i] = T.One;
        }
    }

    /// <summary>c = alpha * a * b + beta * c.</summary>
    public static void Multiply(T alpha, MatrixView<T> a, MatrixView<T> b, T beta, MatrixView<T> c)
    {
        if (c.Rows > 0 && c.Columns > 0)
        {
            Gemm.Run(
                c.Rows, c.Columns, a.Columns, alpha, a.Data, a.Row, a.Column, b.Data, b.Row, b.Column, beta, c.Data, c.Row, c.Column);
        }
    }
}
