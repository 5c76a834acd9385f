using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// A = U diag(s) V': a matrix with more rows than columns is replaced by the triangle of its QR factorisation, reflectors from both sides leave two
/// diagonals, and those are made one by <see cref="BidiagonalQr"/>. Singular vectors are kept as rows, which are what rotations work on. A matrix
/// with more columns than rows is transposed.
/// </summary>
internal static unsafe class SingularValues
{
    /// <summary>Finds singular values in descending order, and singular vectors.</summary>
    /// <param name="a">A dense row-major matrix; it is only read.</param>
    /// <param name="values">As many singular values as the smaller size.</param>
    /// <param name="u">The left vectors as columns, as many as there are values, or all.</param>
    /// <param name="vt">The right vectors as rows.</param>
    /// <param name="vectors">Whether these are wanted.</param>
    /// <returns>0, <see cref="SymmetricEigen.NotFinite"/>, or how many elements beside the diagonal did not vanish.</returns>
    public static int Run<T>(MatrixView<T> a, T* values, MatrixView<T> u, MatrixView<T> vt, bool vectors)
        where T : unmanaged, IFloatingPointIeee754<T> => a.Rows >= a.Columns
        ? RunTall(a, values, u, vt, vectors)
        : RunTall(a.Transposed, values, vt.Transposed, u.Transposed, vectors);

    private static int RunTall<T>(MatrixView<T> a, T* values, MatrixView<T> u, MatrixView<T> vt, bool vectors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (m, n) = (a.Rows, a.Columns);
        if (n == 0)
        {
            u.FillIdentity();
            vt.FillIdentity();
            return 0;
        }

        var square = (long)n * n;
        using var scratch = new Scratch<T>(((long)m * n) + ((vectors ? 3 : 1) * square) + (5L * n));
        var work = new MatrixView<T>(scratch.Data, m, n);
        a.CopyTo(work);
        var largest = T.Zero;
        for (long i = 0; i < (long)m * n; i++)
        {
            var size = T.Abs(work.Data[i]);
            if (!T.IsFinite(size))
            {
                return SymmetricEigen.NotFinite;
            }

            largest = T.Max(largest, size);
        }

        var (down, up) = Precise<T>.Scale(largest);
        for (long i = 0; i < (long)m * n; i++)
        {
            work.Data[i] *= down;
        }

        var vector = work.Data + ((long)m * n);
        var core = new MatrixView<T>(vector + (5 * n), n, n);
        if (m > n)
        {
            Householder.Factor(work, vector);
            core.Fill(T.Zero);
            for (var i = 0; i < n; i++)
            {
                work.Block(i, 1, i, n - i).CopyTo(core.Block(i, 1, i, n - i));
            }
        }
        else
        {
            work.CopyTo(core);
        }

        var job = new Job<T>
        {
            A = core, Values = values, Beside = vector + n, TauLeft = vector + (2 * n), TauRight = vector + (3 * n), Spare = vector + (4 * n),
            U = new MatrixView<T>(core.Data + square, vectors ? n : 0, n),
            V = new MatrixView<T>(core.Data + (2 * square), vectors ? n : 0, n),
        };
        Width.Run<Job<T>, T>(ref job);
        for (var i = 0; i < n; i++)
        {
            values[i] *= up;
        }

        if (vectors)
        {
            job.V.CopyTo(vt);
            u.FillIdentity();
            job.U.Transposed.CopyTo(u);
            if (m > n)
            {
                Householder.Multiply(work, vector, transposed: false, u);
            }
        }

        return job.Info;
    }

    /// <summary>Leaves a matrix with its diagonal and the one above, between reflectors in its columns and its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bidiagonal<T, R, G>(MatrixView<T> a, T* d, T* e, T* tauLeft, T* tauRight, T* spare)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var n = a.Rows;
        for (var k = 0; k < n; k++)
        {
            var rest = n - k - 1;
            tauLeft[k] = Householder.Make(n - k, a.At(k, k), a.Row);
            d[k] = a[k, k];
            tauRight[k] = T.Zero;
            if (rest == 0)
            {
                break;
            }

            Householder.Reflect<T, R, G>(a.Block(k, n - k, k, 1), tauLeft[k], a.Block(k, n - k, k + 1, rest), spare);
            var v = a.At(k, k + 1);
            var tau = tauRight[k] = Householder.Make(rest, v, 1);
            e[k] = *v;
            if (T.IsZero(tau))
            {
                continue;
            }

            *v = T.One;
            for (var i = k + 1; i < n; i++)
            {
                var row = a.At(i, k + 1);
                Strip<T, R, G>.AddScaled(rest, -tau * Strip<T, R, G>.Dot(rest, row, v), v, row);
            }
        }
    }

    private static void Sort<T, R, G>(int n, T* d, MatrixView<T> u, MatrixView<T> v)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        for (var i = 0; i < n; i++)
        {
            if (d[i] < T.Zero || T.IsNegative(d[i]))
            {
                d[i] = -d[i];
                for (var j = 0; j < v.Rows; j++)
                {
                    v[i, j] = -v[i, j];
                }
            }
        }

        for (var i = 0; i < n - 1; i++)
        {
            var most = i;
            for (var j = i + 1; j < n; j++)
            {
                most = d[j] > d[most] ? j : most;
            }

            if (most != i)
            {
                (d[i], d[most]) = (d[most], d[i]);
                if (u.Rows > 0)
                {
                    Strip<T, R, G>.Swap(n, u.At(i, 0), u.At(most, 0));
                    Strip<T, R, G>.Swap(n, v.At(i, 0), v.At(most, 0));
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
        public T* TauLeft;
        public T* TauRight;
        public T* Spare;
        public MatrixView<T> U;
        public MatrixView<T> V;
        public int Info;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var n = A.Rows;
            Bidiagonal<T, R, G>(A, Values, Beside, TauLeft, TauRight, Spare);
            if (U.Rows > 0)
            {
                Householder.Form(A, TauLeft, U.Transposed);
                V.FillIdentity();
                Householder.Form(
                    new MatrixView<T>(A.Data + 1, n - 1, n - 1, 1, A.Row), TauRight, V.Block(1, n - 1, 1, n - 1).Transposed);
            }

            Info = BidiagonalQr.Run<T, R, G>(n, Values, Beside, U, V);
            Sort<T, R, G>(n, Values, U, V);
        }
    }
}
