using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Singular values of a matrix with a diagonal and the one above, by the QR iteration that may shift by exactly zero, so that small values come out
/// with as many digits as large ones (J. Demmel, W. Kahan, Accurate singular values of bidiagonal matrices, 1990). A block is worked through from its
/// larger end; read from its last row it is the transpose of such a matrix, so that the other direction is the same code with the sides exchanged.
/// </summary>
internal static unsafe class BidiagonalQr
{
    // LAPACK allows as many times the square of the order.
    private const int MostTurns = 6;

    /// <summary>Makes the matrix diagonal.</summary>
    /// <param name="n">Its order.</param>
    /// <param name="d">The diagonal, in whose place singular values come, with signs and in no order.</param>
    /// <param name="e">The diagonal above.</param>
    /// <param name="u">Left vectors as rows, which are rotated along; no rows if they are not wanted.</param>
    /// <param name="v">Right vectors as rows.</param>
    /// <returns>0, or how many elements above the diagonal did not vanish.</returns>
    public static int Run<T, R, G>(int n, T* d, T* e, MatrixView<T> u, MatrixView<T> v)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var epsilon = Precise<T>.Epsilon / T.CreateTruncating(2);
        var tolerance = T.Clamp(T.Pow(epsilon, T.CreateTruncating(-0.125)), T.CreateTruncating(10), T.CreateTruncating(100)) * epsilon;
        var threshold = T.Max(tolerance * Least(n, d, e) / T.Sqrt(T.CreateTruncating(n)), Precise<T>.Vanishing);
        var (end, left, isDown) = (n - 1, (long)MostTurns * n * n, true);
        var (lastFirst, lastEnd) = (n, -1);
        while (end > 0)
        {
            var first = end;
            var largest = T.Abs(d[end]);
            while (first > 0 && !(T.Abs(e[first - 1]) <= threshold))
            {
                first--;
                largest = T.Max(largest, T.Max(T.Abs(d[first]), T.Abs(e[first])));
            }

            if (first > 0)
            {
                e[first - 1] = T.Zero;
            }

            if (first == end)
            {
                end--;
                continue;
            }

            if (first > lastEnd || end < lastFirst)
            {
                isDown = T.Abs(d[first]) >= T.Abs(d[end]);
            }

            (lastFirst, lastEnd) = (first, end);
            var block = new Block<T>(d, e, isDown ? first : end, isDown ? 1 : -1, end - first);
            if (block.Splits(tolerance, out var least))
            {
                continue;
            }

            left -= end - first;
            if (left < 0)
            {
                break;
            }

            var shift = T.Zero;
            if (T.CreateTruncating(n) * tolerance * (least / largest) > T.Max(epsilon, tolerance / T.CreateTruncating(100)))
            {
                shift = block.Shift();
                var ratio = shift / T.Abs(block.D(0));
                shift = ratio * ratio < epsilon ? T.Zero : shift;
            }

            if (T.IsZero(shift))
            {
                ZeroShift<T, R, G>(block, isDown ? u : v, isDown ? v : u);
            }
            else
            {
                Shifted<T, R, G>(block, shift, isDown ? u : v, isDown ? v : u);
            }

            if (T.Abs(block.E(block.Count - 1)) <= threshold)
            {
                block.E(block.Count - 1) = T.Zero;
            }
        }

        var open = 0;
        for (var i = 0; i < n - 1; i++)
        {
            open += T.IsZero(e[i]) ? 0 : 1;
        }

        return open;
    }

    /// <summary>A lower bound of the smallest singular value, up to the root of n.</summary>
    private static T Least<T>(int n, T* d, T* e)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T least = T.Abs(*d), bound = least;
        for (var i = 1; i < n && !T.IsZero(least); i++)
        {
            bound = T.Abs(d[i]) * (bound / (bound + T.Abs(e[i - 1])));
            least = T.Min(least, bound);
        }

        return least;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ZeroShift<T, R, G>(Block<T> block, MatrixView<T> left, MatrixView<T> right)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        T c = T.One, oldC = T.One, oldS = T.Zero;
        for (var i = 0; i < block.Count; i++)
        {
            var turn = Rotation<T>.Of(block.D(i) * c, block.E(i));
            if (i > 0)
            {
                block.E(i - 1) = oldS * turn.R;
            }

            var other = Rotation<T>.Of(oldC * turn.R, block.D(i + 1) * turn.S);
            block.D(i) = other.R;
            (c, oldC, oldS) = (turn.C, other.C, other.S);
            block.Turn<R, G>(turn, right, i);
            block.Turn<R, G>(other, left, i);
        }

        var last = block.D(block.Count) * c;
        block.D(block.Count) = last * oldC;
        block.E(block.Count - 1) = last * oldS;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shifted<T, R, G>(Block<T> block, T shift, MatrixView<T> left, MatrixView<T> right)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        var top = block.D(0);
        var f = (T.Abs(top) - shift) * (T.CopySign(T.One, top) + (shift / top));
        var g = block.E(0);
        for (var i = 0; i < block.Count; i++)
        {
            var turn = Rotation<T>.Of(f, g);
            if (i > 0)
            {
                block.E(i - 1) = turn.R;
            }

            T d = block.D(i), e = block.E(i), next = block.D(i + 1);
            f = (turn.C * d) + (turn.S * e);
            e = (turn.C * e) - (turn.S * d);
            g = turn.S * next;
            next = turn.C * next;
            var other = Rotation<T>.Of(f, g);
            block.D(i) = other.R;
            f = (other.C * e) + (other.S * next);
            block.D(i + 1) = (other.C * next) - (other.S * e);
            if (i < block.Count - 1)
            {
                g = other.S * block.E(i + 1);
                block.E(i + 1) = other.C * block.E(i + 1);
            }

            block.Turn<R, G>(turn, right, i);
            block.Turn<R, G>(other, left, i);
        }

        block.E(block.Count - 1) = f;
    }

    /// <summary>Rows that hang together, read from one of their ends.</summary>
    private readonly struct Block<T>(T* d, T* e, int start, int step, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly T* _d = d + start;
        private readonly T* _e = e + (step > 0 ? start : start - 1);

        /// <summary>The elements above the diagonal, which are one fewer than those on it.</summary>
        public int Count => count;

        public ref T D(int i) => ref _d[step * i];

        public ref T E(int i) => ref _e[step * i];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Turn<R, G>(Rotation<T> turn, MatrixView<T> rows, int i)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            if (rows.Rows > 0)
            {
                turn.Apply<R, G>(rows.Columns, rows.At(start + (step * i), 0), rows.At(start + (step * (i + 1)), 0));
            }
        }

        /// <summary>Whether an element vanishes that is small against the singular values, which then are found without it.</summary>
        /// <param name="tolerance">How small.</param>
        /// <param name="least">A lower bound of the smallest singular value of the block.</param>
        public bool Splits(T tolerance, out T least)
        {
            least = T.Abs(D(0));
            if (T.Abs(E(count - 1)) <= tolerance * T.Abs(D(count)))
            {
                E(count - 1) = T.Zero;
                return true;
            }

            var bound = least;
            for (var i = 0; i < count; i++)
            {
                var beside = T.Abs(E(i));
                if (beside <= tolerance * bound)
                {
                    E(i) = T.Zero;
                    return true;
                }

                bound = T.Abs(D(i + 1)) * (bound / (bound + beside));
                least = T.Min(least, bound);
            }

            return false;
        }

        /// <summary>The smaller singular value of the last two rows.</summary>
        public T Shift()
        {
            T f = T.Abs(D(count - 1)), g = T.Abs(E(count - 1)), h = T.Abs(D(count));
            T most = T.Max(f, h), fewest = T.Min(f, h);
            if (T.IsZero(fewest))
            {
                return T.Zero;
            }

            // Both singular values are half of sqrt((f + h)^2 + g^2) +- sqrt((f - h)^2 + g^2), and their product is f h.
            var sum = T.Hypot(most + fewest, g) + T.Hypot(most - fewest, g);
            return T.CreateTruncating(2) * fewest * (most / sum);
        }
    }
}
