using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// A P = Q R with the longest remaining column first, which shows the rank, and what makes a pseudo-inverse of it: the rows of R that count are
/// reduced from the right as well, [R11 R12] = T Z', so that A = Q T Z' P' with T of the rank's order.
/// </summary>
internal static unsafe class PivotedQr
{
    /// <summary>Factors a row-major matrix in place.</summary>
    /// <param name="a">The matrix.</param>
    /// <param name="tau">The factors of its reflectors.</param>
    /// <param name="order">Which column of A stands in each place.</param>
    /// <param name="rcond">What is smaller than the first of the diagonal of R by this factor counts as zero.</param>
    /// <returns>The rank.</returns>
    public static int Factor<T>(MatrixView<T> a, T* tau, int* order, T rcond)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T> { A = a, Tau = tau, Order = order };
        Width.Run<Job<T>, T>(ref job);
        var (rank, most) = (0, Math.Min(a.Rows, a.Columns));
        while (rank < most && T.Abs(a[rank, rank]) > rcond * T.Abs(a[0, 0]))
        {
            rank++;
        }

        return rank;
    }

    /// <summary>Reduces the rows that count from the right; z is n by n, and its first columns become reflectors and the transpose of T.</summary>
    public static void Reduce<T>(MatrixView<T> a, int rank, MatrixView<T> z, T* tau)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rank == a.Columns)
        {
            return;
        }

        for (var i = 0; i < a.Columns; i++)
        {
            for (var j = 0; j < rank; j++)
            {
                z[i, j] = i >= j ? a[j, i] : T.Zero;
            }
        }

        Householder.Factor(z.Block(0, z.Rows, 0, rank), tau);
    }

    /// <summary>x = A^+ b, or A^+' b. The memory of b, which has as many rows as A, or as columns, is used up.</summary>
    public static void Solve<T>(
        MatrixView<T> qr, T* tau, int* order, int rank, MatrixView<T> z, T* tauZ, bool transposed, MatrixView<T> b, MatrixView<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (n, k) = (qr.Columns, x.Columns);
        var reflectors = qr.Block(0, qr.Rows, 0, Math.Min(qr.Rows, n));
        var reducing = z.Block(0, z.Rows, 0, rank);
        var triangle = rank == n ? qr.Block(0, rank, 0, rank) : z.Block(0, rank, 0, rank).Transposed;
        x.Fill(T.Zero);
        if (!transposed)
        {
            Householder.Multiply(reflectors, tau, transposed: true, b);
            var known = b.Block(0, rank, 0, k);
            Triangular.Solve(upper: rank == n, unit: false, triangle, known);

            // What is left of b becomes the vector before its rows are put in order.
            using var scratch = new Scratch<T>((long)n * k);
            var ordered = new MatrixView<T>(scratch.Data, n, k);
            ordered.Fill(T.Zero);
            known.CopyTo(ordered.Block(0, rank, 0, k));
            if (rank < n)
            {
                Householder.Multiply(reducing, tauZ, transposed: false, ordered);
            }

            for (var i = 0; i < n; i++)
            {
                ordered.Block(i, 1, 0, k).CopyTo(x.Block(order[i], 1, 0, k));
            }

            return;
        }

        using var gathered = new Scratch<T>((long)n * k);
        var g = new MatrixView<T>(gathered.Data, n, k);
        for (var i = 0; i < n; i++)
        {
            b.Block(order[i], 1, 0, k).CopyTo(g.Block(i, 1, 0, k));
        }

        if (rank < n)
        {
            Householder.Multiply(reducing, tauZ, transposed: true, g);
        }

        var head = g.Block(0, rank, 0, k);
        Triangular.Solve(upper: rank != n, unit: false, triangle.Transposed, head);
        head.CopyTo(x.Block(0, rank, 0, k));
        Householder.Multiply(reflectors, tau, transposed: false, x);
    }

    private static void Factor<T, R, G>(MatrixView<T> a, T* tau, int* order)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var (m, n) = (a.Rows, a.Columns);
        using var scratch = new Scratch<T>(3L * n);
        T* sums = scratch.Data, norms = sums + n, known = norms + n;
        for (var j = 0; j < n; j++)
        {
            order[j] = j;
            norms[j] = known[j] = Householder.Norm(m, a.At(0, j), a.Row);
        }

        var tolerance = T.Sqrt(T.BitIncrement(T.One) - T.One);
        for (var k = 0; k < Math.Min(m, n); k++)
        {
            var longest = k;
            for (var j = k + 1; j < n; j++)
            {
                longest = norms[j] > norms[longest] ? j : longest;
            }

            if (longest != k)
            {
                for (var i = 0; i < m; i++)
                {
                    (a[i, k], a[i, longest]) = (a[i, longest], a[i, k]);
                }

                (order[k], order[longest]) = (order[longest], order[k]);
                (norms[longest], known[longest]) = (norms[k], known[k]);
            }

            tau[k] = Householder.Make(m - k, a.At(k, k), a.Row);
            Householder.Reflect<T, R, G>(a.Block(k, m - k, k, 1), tau[k], a.Block(k, m - k, k + 1, n - k - 1), sums);
            for (var j = k + 1; j < n; j++)
            {
                // The norm of what is left of a column, from what it was; anew where too much of it has gone.
                if (T.IsZero(norms[j]))
                {
                    continue;
                }

                var part = T.Abs(a[k, j]) / norms[j];
                var left = T.Max(T.Zero, (T.One + part) * (T.One - part));
                var share = norms[j] / known[j];
                if (left * share * share <= tolerance)
                {
                    norms[j] = known[j] = k + 1 < m ? Householder.Norm(m - k - 1, a.At(k + 1, j), a.Row) : T.Zero;
                }
                else
                {
                    norms[j] *= T.Sqrt(left);
                }
            }
        }
    }

    private struct Job<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> A;
        public T* Tau;
        public int* Order;

        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Factor<T, R, G>(A, Tau, Order);
    }
}
