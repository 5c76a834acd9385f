using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix: reflectors make it tridiagonal, and the implicit QR iteration with Wilkinson's shift makes
/// that diagonal, from the end where its elements are large to where they are small, so that graded matrices keep their small eigenvalues (B.
/// Parlett, The Symmetric Eigenvalue Problem, chapters 7 and 8). Eigenvectors are kept as rows, which are what rotations work on; those of large
/// matrices are found by <see cref="DividedEigen"/> instead.
/// </summary>
internal static unsafe class SymmetricEigen
{
    /// <summary>What is returned for a matrix with elements that are not finite.</summary>
    public const int NotFinite = -1;

    /// <summary>The order up to which eigenvectors are rotated along with the iteration; beyond, <see cref="DividedEigen"/> finds them.</summary>
    private const int MostIterated = 96;

    // LAPACK allows as many.
    private const int MostSweeps = 30;

    /// <summary>Finds eigenvalues in ascending order, and eigenvectors.</summary>
    /// <param name="a">A dense row-major matrix, both of whose triangles are given; it is overwritten.</param>
    /// <param name="values">The eigenvalues.</param>
    /// <param name="vectors">The eigenvectors as columns; no rows if they are not wanted.</param>
    /// <returns>0, <see cref="NotFinite"/>, or how many elements beside the diagonal did not vanish.</returns>
    public static int Run<T>(MatrixView<T> a, T* values, MatrixView<T> vectors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = a.Rows;
        if (n == 0)
        {
            return 0;
        }

        var largest = T.Zero;
        for (var i = 0; i < n * n; i++)
        {
            var size = T.Abs(a.Data[i]);
            if (!T.IsFinite(size))
            {
                return NotFinite;
            }

            largest = T.Max(largest, size);
        }

        var (down, up) = Precise<T>.Scale(largest);
        var isDivided = vectors.Rows > MostIterated;
        var spare = Math.Max(Tridiagonal.ScratchFor(n), isDivided ? DividedEigen.ScratchFor(n) : 0);
        using var scratch = new Scratch<T>((2L * n) + ((long)vectors.Rows * n) + spare);
        var job = new Job<T>
        {
            A = a, Values = values, Beside = scratch.Data, Tau = scratch.Data + n, Down = down, IsDivided = isDivided,
            Rows = new MatrixView<T>(scratch.Data + (2 * n), vectors.Rows, vectors.Rows),
            Spare = scratch.Data + (2 * n) + ((nint)vectors.Rows * n),
        };
        Width.Run<Job<T>, T>(ref job);
        for (var i = 0; i < n; i++)
        {
            values[i] *= up;
        }

        job.Rows.Transposed.CopyTo(vectors);
        return job.Info;
    }

    /// <summary>Makes a tridiagonal matrix diagonal by rotations, along with which rows are rotated.</summary>
    /// <returns>How many elements beside the diagonal did not vanish.</returns>
    internal static int Iterate<T, R, G>(int n, T* d, T* e, MatrixView<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var small = Precise<T>.Epsilon * Precise<T>.Epsilon / T.CreateTruncating(4);
        var (end, left, isDown) = (n - 1, MostSweeps * n, true);
        var (lastFirst, lastEnd) = (n, -1);
        while (end > 0)
        {
            var first = end;
            while (first > 0)
            {
                var beside = e[first - 1] * e[first - 1];
                if (beside <= (small * T.Abs(d[first - 1]) * T.Abs(d[first])) + Precise<T>.Vanishing)
                {
                    e[first - 1] = T.Zero;
                    break;
                }

                first--;
            }

            if (first == end)
            {
                end--;
                continue;
            }

            if (left-- == 0)
            {
                return Count(n - 1, e);
            }

            if (first > lastEnd || end < lastFirst)
            {
                isDown = T.Abs(d[end]) <= T.Abs(d[first]);
            }

            (lastFirst, lastEnd) = (first, end);
            Sweep<T, R, G>(d, e, isDown ? first : end, isDown ? 1 : -1, end - first, rows);
        }

        return 0;
    }

    private static int Count<T>(int n, T* e)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = 0;
        for (var i = 0; i < n; i++)
        {
            count += T.IsZero(e[i]) ? 0 : 1;
        }

        return count;
    }

    /// <summary>One QR step over a block. With a step of -1 the block is read from its end, which is the QL step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep<T, R, G>(T* d, T* e, int start, int step, int count, MatrixView<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        d += start;
        e += step > 0 ? start : start - 1;
        T first = *e, last = e[step * (count - 1)], goal = d[step * count], two = T.One + T.One;

        // The eigenvalue of the last two rows that is nearer to the last, minus which the first row is.
        var ratio = (d[step * (count - 1)] - goal) / (two * last);
        var g = *d - goal + (last / (ratio + T.CopySign(T.Hypot(ratio, T.One), ratio)));
        T c = T.One, s = T.One, p = T.Zero;
        for (var i = 0; i < count; i++)
        {
            T beside = e[step * i], f = s * beside, b = c * beside;
            var turn = Rotation<T>.Of(g, f);
            if (i > 0)
            {
                e[step * (i - 1)] = turn.R;
            }

            (c, s) = (turn.C, turn.S);
            g = d[step * i] - p;
            var r = ((d[step * (i + 1)] - g) * s) + (two * c * b);
            p = s * r;
            d[step * i] = g + p;
            g = (c * r) - b;
            if (rows.Rows > 0)
            {
                turn.Apply<R, G>(rows.Columns, rows.At(start + (step * i), 0), rows.At(start + (step * (i + 1)), 0));
            }
        }

        d[step * count] -= p;
        e[step * (count - 1)] = g;
    }

    /// <summary>Brings eigenvalues, and their vectors, into ascending order.</summary>
    internal static void Sort<T, R, G>(int n, T* d, MatrixView<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        for (var i = 0; i < n - 1; i++)
        {
            var least = i;
            for (var j = i + 1; j < n; j++)
            {
                least = d[j] < d[least] ? j : least;
            }

            if (least != i)
            {
                (d[i], d[least]) = (d[least], d[i]);
                if (rows.Rows > 0)
                {
                    Strip<T, R, G>.Swap(n, rows.At(i, 0), rows.At(least, 0));
                }
            }
        }
    }

    private struct Job<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> A;
        public T* Values;
        public T* Beside;
        public T* Tau;
        public T* Spare;
        public T Down;
        public bool IsDivided;
        public MatrixView<T> Rows;
        public int Info;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var n = A.Rows;
            Strip<T, R, G>.Scale(n * n, Down, A.Data);
            Tridiagonal.Reduce<T, R, G>(A, Values, Beside, Tau, Spare);
            Rows.FillIdentity();

            // Reflectors begin one row below the diagonal.
            var reflectors = new MatrixView<T>(A.Data + 1, n - 1, n - 1, 1, A.Row);
            if (IsDivided)
            {
                Info = DividedEigen.Run<T, R, G>(n, Values, Beside, Rows, Spare);
                Householder.Multiply(reflectors, Tau, transposed: false, Rows.Block(0, n, 1, n - 1).Transposed);
                MakeUnits<R, G>();
                return;
            }

            if (Rows.Rows > 0)
            {
                Householder.Form(reflectors, Tau, Rows.Block(1, n - 1, 1, n - 1).Transposed);
            }

            Info = Iterate<T, R, G>(n, Values, Beside, Rows);
            Sort<T, R, G>(n, Values, Rows);
            MakeUnits<R, G>();
        }

        /// <summary>
        /// Takes back what rotations and reflectors have done to the lengths of vectors, each some roundings: a step of Newton's to 1.
        /// </summary>
        private readonly void MakeUnits<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var two = T.One + T.One;
            for (var i = 0; i < Rows.Rows; i++)
            {
                T* row = Rows.At(i, 0);
                Strip<T, R, G>.Scale(Rows.Columns, T.One + ((T.One - Strip<T, R, G>.Dot(Rows.Columns, row, row)) / two), row);
            }
        }
    }
}
