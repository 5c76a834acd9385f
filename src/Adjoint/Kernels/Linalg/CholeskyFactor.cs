using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>A = L L' of a positive definite matrix, in place; only the lower triangle is read.</summary>
internal static unsafe class CholeskyFactor
{
    private const int Block = 32;

    /// <summary>Factors a row-major matrix; what is above the diagonal of the factor becomes zero.</summary>
    /// <returns>0, or the order of the first leading minor that is not positive.</returns>
    public static int Run<T>(MatrixView<T> a)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scratch = new Scratch<T>(a.Rows <= Block ? 1 : (long)a.Rows * ((a.Rows / 2) + 8));
        var job = new Job<T> { A = a, Scratch = scratch.Data };
        Width.Run<Job<T>, T>(ref job);
        for (var i = 0; i < a.Rows; i++)
        {
            a.Block(i, 1, i + 1, a.Columns - i - 1).Fill(T.Zero);
        }

        return job.Info;
    }

    private static int Run<T, R, G>(MatrixView<T> a, T* scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var n = a.Rows;
        if (n <= Block)
        {
            return Direct<T, R, G>(a);
        }

        var half = (n / 2 + 7) & ~7;
        var rest = n - half;
        var a11 = a.Block(0, half, 0, half);
        var info = Run<T, R, G>(a11, scratch);
        if (info != 0)
        {
            return info;
        }

        // The block below is L21 = A21 L11^-T: its transpose is solved for, in rows.
        var a21 = a.Block(half, rest, 0, half);
        var y = new MatrixView<T>(scratch, half, rest);
        a21.Transposed.CopyTo(y);
        Triangular.Solve<T, R, G>(upper: false, unit: false, a11, y);
        y.Transposed.CopyTo(a21);
        var a22 = a.Block(half, rest, half, rest);
        Subtract(y, a22);
        info = Run<T, R, G>(a22, scratch);
        return info == 0 ? 0 : info + half;
    }

    /// <summary>c -= y' y, at least in the lower triangle.</summary>
    private static void Subtract<T>(MatrixView<T> y, MatrixView<T> c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int width = 96;
        for (var j = 0; j < c.Columns; j += width)
        {
            var columns = Math.Min(width, c.Columns - j);
            MatrixView<T>.Multiply(
                -T.One, y.Block(0, y.Rows, j, y.Columns - j).Transposed, y.Block(0, y.Rows, j, columns), T.One,
                c.Block(j, c.Rows - j, j, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Direct<T, R, G>(MatrixView<T> a)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        // The transpose has the columns that are read as rows.
        var n = a.Rows;
        var block = stackalloc T[Block * Block];
        for (var i = 0; i < n; i++)
        {
            var column = a.At(i, i);
            for (var j = i; j < n; j++)
            {
                block[(i * Block) + j] = *column;
                column += a.Row;
            }
        }

        var info = 0;
        for (var k = 0; k < n; k++)
        {
            var row = block + (k * Block);
            var pivot = row[k];
            if (!(pivot > T.Zero))
            {
                info = k + 1;
                break;
            }

            pivot = T.Sqrt(pivot);
            row[k] = pivot;
            for (var j = k + 1; j < n; j++)
            {
                row[j] /= pivot;
            }

            for (var i = k + 1; i < n; i++)
            {
                Strip<T, R, G>.AddScaled(n - i, -row[i], row + i, block + (i * Block) + i);
            }
        }

        for (var i = 0; i < n; i++)
        {
            var column = a.At(i, i);
            for (var j = i; j < n; j++)
            {
                *column = block[(i * Block) + j];
                column += a.Row;
            }
        }

        return info;
    }

    private struct Job<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> A;
        public T* Scratch;
        public int Info;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Info = CholeskyFactor.Run<T, R, G>(A, Scratch);
    }
}
