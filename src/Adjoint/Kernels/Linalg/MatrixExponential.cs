using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>
/// The exponential of a matrix: it is halved until its norm is small, an approximant of Padé is taken, and the result squared as often (N. Higham,
/// The scaling and squaring method for the matrix exponential revisited, 2005, whose bounds of norms these are).
/// </summary>
internal static unsafe class MatrixExponential
{
    private const int MostSquarings = 2000;

    // Degrees, and the largest norms for which they are as good as the dtype: those of float64 and of float32.
    private static ReadOnlySpan<int> Degrees => [3, 5, 7, 13];

    private static ReadOnlySpan<double> Bounds => [1.495585217958292e-2, 2.539398330063230e-1, 9.504178996162932e-1, 5.371920351148152];

    private static ReadOnlySpan<double> BoundsOfFloat => [4.258730016922831e-1, 1.880152677804762, 3.925724783138660];

    /// <summary>Puts the exponential in the place of a matrix.</summary>
    public static void Run<T>(MatrixView<T> a)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = a.Rows;
        var norm = Norm(a);
        if (!T.IsFinite(norm))
        {
            a.Fill(T.NaN);
            return;
        }

        var bounds = sizeof(T) == sizeof(float) ? BoundsOfFloat : Bounds;
        var choice = 0;
        while (choice < bounds.Length - 1 && double.CreateTruncating(norm) > bounds[choice])
        {
            choice++;
        }

        var ratio = double.CreateTruncating(norm) / bounds[choice];
        var squarings = ratio > 1 ? Math.Min(MostSquarings, (int)Math.Ceiling(Math.Log2(ratio))) : 0;
        for (var left = squarings; left > 0; left -= 100)
        {
            Multiply(a, T.ScaleB(T.One, -Math.Min(left, 100)));
        }

        using var scratch = new Scratch<T>(6L * n * n);
        using var pivots = new Scratch<float>(n);
        var square = new MatrixView<T>(scratch.Data, n, n);
        var fourth = Next(square);
        var sixth = Next(fourth);
        var odd = Next(sixth);
        var even = Next(odd);
        var spare = Next(even);
        var degree = Degrees[choice];
        Product(a, a, square);
        if (degree > 3)
        {
            Product(square, square, fourth);
        }

        if (degree > 5)
        {
            Product(fourth, square, sixth);
        }

        Approximant(degree, a, square, fourth, sixth, odd, even, spare);

        // (even - odd)^-1 (even + odd).
        for (long i = 0; i < (long)n * n; i++)
        {
            var (x, y) = (even.Data[i], odd.Data[i]);
            even.Data[i] = x + y;
            odd.Data[i] = x - y;
        }

        var order = (int*)pivots.Data;
        _ = LuFactor.Run(odd, order);
        LuFactor.Solve(odd, order, transposed: false, even);
        for (var i = 0; i < squarings; i++)
        {
            Product(even, even, spare);
            (even, spare) = (spare, even);
        }

        even.CopyTo(a);
    }

    /// <summary>The odd and the even part of the numerator, whose coefficients are (2m - j)! m! / ((2m)! (m - j)! j!).</summary>
    private static void Approximant<T>(
        int degree, MatrixView<T> a, MatrixView<T> square, MatrixView<T> fourth, MatrixView<T> sixth, MatrixView<T> odd, MatrixView<T> even,
        MatrixView<T> spare)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> c = stackalloc T[degree + 1];
        var value = 1.0;
        for (var j = 0; j <= degree; j++)
        {
            c[j] = T.CreateTruncating(value);
            value *= (degree - j) / ((2.0 * degree - j) * (j + 1));
        }

        if (degree < 13)
        {
            Combine(c[1], c[3], degree > 3 ? c[5] : T.Zero, degree > 5 ? c[7] : T.Zero, degree, square, fourth, sixth, spare);
            Combine(c[0], c[2], degree > 3 ? c[4] : T.Zero, degree > 5 ? c[6] : T.Zero, degree, square, fourth, sixth, even);
            Product(a, spare, odd);
            return;
        }

        Combine(c[1], c[3], c[5], c[7], degree, square, fourth, sixth, spare);
        Combine(T.Zero, c[9], c[11], c[13], degree, square, fourth, sixth, even);
        MatrixView<T>.Multiply(T.One, sixth, even, T.One, spare);
        Product(a, spare, odd);
        Combine(c[0], c[2], c[4], c[6], degree, square, fourth, sixth, even);
        Combine(T.Zero, c[8], c[10], c[12], degree, square, fourth, sixth, spare);
        MatrixView<T>.Multiply(T.One, sixth, spare, T.One, even);
    }

    /// <summary>c0 I + c1 A^2 + c2 A^4 + c3 A^6, as far as there are such powers.</summary>
    private static void Combine<T>(
        T c0, T c1, T c2, T c3, int degree, MatrixView<T> square, MatrixView<T> fourth, MatrixView<T> sixth, MatrixView<T> to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = to.Rows;
        for (long i = 0; i < (long)n * n; i++)
        {
            var sum = c1 * square.Data[i];
            sum += degree > 3 ? c2 * fourth.Data[i] : T.Zero;
            to.Data[i] = sum + (degree > 5 ? c3 * sixth.Data[i] : T.Zero);
        }

        for (var i = 0; i < n; i++)
        {
            to[i, i] += c0;
        }
    }

    private static MatrixView<T> Next<T>(MatrixView<T> before)
        where T : unmanaged, IFloatingPointIeee754<T> => new(before.Data + ((long)before.Rows * before.Columns), before.Rows, before.Columns);

    private static void Product<T>(MatrixView<T> a, MatrixView<T> b, MatrixView<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> => MatrixView<T>.Multiply(T.One, a, b, T.Zero, c);

    private static void Multiply<T>(MatrixView<T> a, T factor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < (long)a.Rows * a.Columns; i++)
        {
            a.Data[i] *= factor;
        }
    }

    /// <summary>The largest sum of the magnitudes of a row, which bounds the powers as that of a column does.</summary>
    private static T Norm<T>(MatrixView<T> a)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = T.Zero;
        for (var i = 0; i < a.Rows; i++)
        {
            var sum = T.Zero;
            for (var j = 0; j < a.Columns; j++)
            {
                sum += T.Abs(a[i, j]);
            }

            largest = T.Max(largest, sum);
        }

        return largest;
    }
}
