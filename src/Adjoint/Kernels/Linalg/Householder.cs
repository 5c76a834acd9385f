using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reflectors H = I - tau v v', with v[0] = 1 not stored, and products of them: as LAPACK keeps them, in the columns below a diagonal. A block of
/// them is I - V T V' with T triangular, so that applying it is three products of matrices.
/// </summary>
internal static unsafe class Householder
{
    /// <summary>The reflectors that are applied together.</summary>
    private const int Block = 32;

    /// <summary>
    /// Makes the reflector that takes a vector to a multiple of the first unit vector. The vector becomes v, its first element the multiple.
    /// </summary>
    /// <param name="n">The length of the vector.</param>
    /// <param name="x">Its first element.</param>
    /// <param name="step">The step from one to the next.</param>
    /// <returns>tau; 0 where nothing has to be done.</returns>
    public static T Make<T>(int n, T* x, nint step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rest = Norm(n - 1, x + step, step);
        if (n <= 1 || T.IsZero(rest))
        {
            return T.Zero;
        }

        var alpha = *x;
        var beta = -T.CopySign(T.Hypot(alpha, rest), alpha);
        var tau = (beta - alpha) / beta;
        var divisor = alpha - beta;
        for (nint i = 1; i < n; i++)
        {
            x[i * step] /= divisor;
        }

        *x = beta;
        return tau;
    }

    /// <summary>The Euclidean norm, which neither overflows nor underflows before it has to.</summary>
    public static T Norm<T>(int n, T* x, nint step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Four sums, whose roundings are a quarter of one's: what is wrong with a norm, a product of many reflectors gathers.
        T first = T.Zero, second = T.Zero, third = T.Zero, fourth = T.Zero, largest = T.Zero;
        nint i = 0;
        for (; i <= n - 4; i += 4)
        {
            T a = x[i * step], b = x[(i + 1) * step], c = x[(i + 2) * step], d = x[(i + 3) * step];
            first = T.MultiplyAddEstimate(a, a, first);
            second = T.MultiplyAddEstimate(b, b, second);
            third = T.MultiplyAddEstimate(c, c, third);
            fourth = T.MultiplyAddEstimate(d, d, fourth);
            largest = T.Max(largest, T.Max(T.Max(T.Abs(a), T.Abs(b)), T.Max(T.Abs(c), T.Abs(d))));
        }

        var sum = (first + second) + (third + fourth);
        for (; i < n; i++)
        {
            var value = x[i * step];
            sum = T.MultiplyAddEstimate(value, value, sum);
            largest = T.Max(largest, T.Abs(value));
        }

        if (T.IsZero(largest) || T.IsNaN(largest) || T.IsInfinity(largest))
        {
            return largest;
        }

        if (T.IsFinite(sum) && sum > T.ScaleB(T.Epsilon, 120))
        {
            return T.Sqrt(sum);
        }

        sum = T.Zero;
        for (i = 0; i < n; i++)
        {
            var value = x[i * step] / largest;
            sum += value * value;
        }

        return largest * T.Sqrt(sum);
    }

    /// <summary>A = Q R of a row-major matrix, in place: R on and above the diagonal, the vectors of the reflectors below it.</summary>
    public static void Factor<T>(MatrixView<T> a, T* tau)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var most = Math.Min(a.Rows, a.Columns);
        using var scratch = new Scratch<T>(ScratchFor(a.Rows, a.Columns));
        for (var k = 0; k < most; k += Block)
        {
            var count = Math.Min(Block, most - k);
            var panel = a.Block(k, a.Rows - k, k, count);
            var job = new PanelJob<T> { A = panel, Tau = tau + k, Scratch = scratch.Data };
            Width.Run<PanelJob<T>, T>(ref job);
            if (k + count < a.Columns)
            {
                Apply(panel, tau + k, transposed: true, a.Block(k, a.Rows - k, k + count, a.Columns - k - count), scratch.Data);
            }
        }
    }

    /// <summary>c = Q c or Q' c, where Q is the product of the reflectors in the columns of a matrix; c may have any strides.</summary>
    /// <remarks>For products from the right, give c transposed and the other of both.</remarks>
    public static void Multiply<T>(MatrixView<T> reflectors, T* tau, bool transposed, MatrixView<T> c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = reflectors.Columns;
        using var scratch = new Scratch<T>(ScratchFor(c.Rows, c.Columns));
        var blocks = (count + Block - 1) / Block;
        for (var i = 0; i < blocks; i++)
        {
            var k = (transposed ? i : blocks - 1 - i) * Block;
            var columns = Math.Min(Block, count - k);
            Apply(
                reflectors.Block(k, reflectors.Rows - k, k, columns), tau + k, transposed, c.Block(k, c.Rows - k, 0, c.Columns), scratch.Data);
        }
    }

    /// <summary>The first columns of Q, the product of the reflectors below the diagonal of a matrix.</summary>
    public static void Form<T>(MatrixView<T> reflectors, T* tau, MatrixView<T> q)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        q.FillIdentity();
        var count = reflectors.Columns;
        using var scratch = new Scratch<T>(ScratchFor(q.Rows, q.Columns));
        for (var k = (count - 1) / Block * Block; k >= 0 && count > 0; k -= Block)
        {
            // Columns before k are still those of the identity, whose rows from k on are zero.
            var columns = Math.Min(Block, count - k);
            Apply(
                reflectors.Block(k, reflectors.Rows - k, k, columns), tau + k, transposed: false,
                q.Block(k, q.Rows - k, k, q.Columns - k), scratch.Data);
        }
    }

    private static long ScratchFor(int rows, int columns) => ((long)rows * Block) + (2L * Block * Block) + (2L * Block * columns);

    /// <summary>c = (I - V T V') c, or its transpose, for one block of reflectors.</summary>
    private static void Apply<T>(MatrixView<T> reflectors, T* tau, bool transposed, MatrixView<T> c, T* scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (m, k) = (reflectors.Rows, reflectors.Columns);
        if (k == 0 || c.Columns == 0)
        {
            return;
        }

        var v = new MatrixView<T>(scratch, m, k);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < k; j++)
            {
                v[i, j] = i > j ? reflectors[i, j] : i == j ? T.One : T.Zero;
            }
        }

        var t = new MatrixView<T>(v.Data + ((long)m * k), k, k);
        var gram = new MatrixView<T>(t.Data + (k * k), k, k);
        MatrixView<T>.Multiply(T.One, v.Transposed, v, T.Zero, gram);
        for (var j = 0; j < k; j++)
        {
            // Column j is -tau_j T (V' v_j), by the columns before it.
            for (var i = 0; i < j; i++)
            {
                var sum = T.Zero;
                for (var l = i; l < j; l++)
                {
                    sum = T.MultiplyAddEstimate(t[i, l], gram[l, j], sum);
                }

                t[i, j] = -tau[j] * sum;
            }

            t[j, j] = tau[j];
            for (var i = j + 1; i < k; i++)
            {
                t[i, j] = T.Zero;
            }
        }

        var w = new MatrixView<T>(gram.Data + (k * k), k, c.Columns);
        var tw = new MatrixView<T>(w.Data + ((long)k * c.Columns), k, c.Columns);
        MatrixView<T>.Multiply(T.One, v.Transposed, c, T.Zero, w);
        MatrixView<T>.Multiply(T.One, transposed ? t.Transposed : t, w, T.Zero, tw);
        MatrixView<T>.Multiply(-T.One, v, tw, T.One, c);
    }

    /// <summary>Factors a few columns, which are laid out one after the other meanwhile: each is read many times.</summary>
    private static void Panel<T, R, G>(MatrixView<T> a, T* tau, T* scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var (m, n) = (a.Rows, a.Columns);
        var columns = new MatrixView<T>(scratch, n, m);
        a.Transposed.CopyTo(columns);
        for (var k = 0; k < n; k++)
        {
            var vector = columns.At(k, k);
            tau[k] = Make(m - k, vector, 1);
            if (T.IsZero(tau[k]))
            {
                continue;
            }

            var first = *vector;
            *vector = T.One;
            for (var j = k + 1; j < n; j++)
            {
                var column = columns.At(j, k);
                Strip<T, R, G>.AddScaled(m - k, -tau[k] * Strip<T, R, G>.Dot(m - k, vector, column), vector, column);
            }

            *vector = first;
        }

        columns.Transposed.CopyTo(a);
    }

    /// <summary>c = H c for one reflector; rows of c are contiguous.</summary>
    internal static void Reflect<T, R, G>(MatrixView<T> v, T tau, MatrixView<T> c, T* sums)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        if (T.IsZero(tau) || c.Columns == 0)
        {
            return;
        }

        new ReadOnlySpan<T>(c.Data, c.Columns).CopyTo(new Span<T>(sums, c.Columns));
        for (var i = 1; i < c.Rows; i++)
        {
            Strip<T, R, G>.AddScaled(c.Columns, v.Data[i * v.Row], c.At(i, 0), sums);
        }

        Strip<T, R, G>.AddScaled(c.Columns, -tau, sums, c.Data);
        for (var i = 1; i < c.Rows; i++)
        {
            Strip<T, R, G>.AddScaled(c.Columns, -tau * v.Data[i * v.Row], sums, c.At(i, 0));
        }
    }

    private struct PanelJob<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> A;
        public T* Tau;
        public T* Scratch;

        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Panel<T, R, G>(A, Tau, Scratch);
    }
}
