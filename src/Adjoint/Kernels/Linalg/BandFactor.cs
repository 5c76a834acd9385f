using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// A = P L U of a square matrix that is zero but on some diagonals around the main one, with the largest element of a column as its pivot. Exchanges
/// of rows stay among the next few, so that U has as many more diagonals above as A has below, and all the work is n times the number of elements
/// that a step sees. Multipliers stay in the rows in which they arose, and exchanges come between them (as in LAPACK's gbtrf).
/// </summary>
/// <remarks>
/// Factors lie in a square matrix or row by row in a strip of <see cref="Columns"/> columns, which is a matrix with another step from row to row:
/// both are views, whose elements outside of the diagonals are never touched.
/// </remarks>
internal static unsafe class BandFactor
{
    /// <summary>The diagonals below and above the main one that have an element which is not zero.</summary>
    public static (int Below, int Above) Find<T>(MatrixView<T> a)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (below, above) = (0, 0);
        for (var i = 0; i < a.Rows; i++)
        {
            // Only what lies outside of the diagonals that are known already is looked at.
            var row = new ReadOnlySpan<T>(a.At(i, 0), a.Columns);
            var first = i - below > 0 ? row[..(i - below)].IndexOfAnyExcept(T.Zero) : -1;
            below = first < 0 ? below : i - first;
            var last = i + above + 1 < row.Length ? row[(i + above + 1)..].LastIndexOfAnyExcept(T.Zero) : -1;
            above = last < 0 ? above : last + above + 1;
        }

        return (below, above);
    }

    /// <summary>The columns of a strip that holds the factors.</summary>
    public static int Columns(int below, int above) => (2 * below) + above + 1;

    /// <summary>A strip as the matrix that it is.</summary>
    public static MatrixView<T> View<T>(T* data, int order, int below, int above)
        where T : unmanaged, IFloatingPointIeee754<T> => new(data + below, order, order, Columns(below, above) - 1, 1);

    /// <summary>Factors a matrix.</summary>
    /// <param name="a">The matrix; it is only read, and only on its diagonals.</param>
    /// <param name="below">The diagonals below the main one.</param>
    /// <param name="above">Those above.</param>
    /// <param name="factors">The factors; given as zeros.</param>
    /// <param name="pivots">The row that each row was exchanged with, counted from 1.</param>
    /// <returns>0, or the place of the first pivot that is zero, counted from 1.</returns>
    public static int Run<T>(MatrixView<T> a, int below, int above, MatrixView<T> factors, int* pivots)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < a.Rows; i++)
        {
            var first = Math.Max(0, i - below);
            var count = Math.Min(a.Columns, i + above + 1) - first;
            new ReadOnlySpan<T>(a.At(i, first), count).CopyTo(new Span<T>(factors.At(i, first), count));
        }

        var job = new FactorJob<T> { Factors = factors, Below = below, Above = above, Pivots = pivots };
        Width.Run<FactorJob<T>, T>(ref job);
        return job.Info;
    }

    /// <summary>x = a^-1 * x, or with the transpose of a, from the factors of a; rows of x are dense.</summary>
    public static void Solve<T>(MatrixView<T> factors, int below, int above, int* pivots, bool transposed, MatrixView<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new SolveJob<T>
        {
            Factors = factors, Below = below, Reach = below + above, Pivots = pivots, Transposed = transposed, X = x,
        };
        Width.Run<SolveJob<T>, T>(ref job);
    }

    private struct FactorJob<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> Factors;
        public int Below;
        public int Above;
        public int* Pivots;
        public int Info;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (n, reach) = (Factors.Rows, 0);
            for (var k = 0; k < n; k++)
            {
                var last = Math.Min(n - 1, k + Below);
                var (pivot, largest) = (k, T.Abs(Factors[k, k]));
                for (var i = k + 1; i <= last; i++)
                {
                    var size = T.Abs(Factors[i, k]);
                    (pivot, largest) = size > largest ? (i, size) : (pivot, largest);
                }

                Pivots[k] = pivot + 1;
                reach = Math.Max(reach, Math.Min(n - 1, pivot + Above));
                if (T.IsZero(largest))
                {
                    Info = Info == 0 ? k + 1 : Info;
                    continue;
                }

                var row = Factors.At(k, k);
                if (pivot != k)
                {
                    Strip<T, R, G>.Swap(reach - k + 1, row, Factors.At(pivot, k));
                }

                for (var i = k + 1; i <= last; i++)
                {
                    var other = Factors.At(i, k);
                    var factor = *other /= *row;
                    Strip<T, R, G>.AddScaled(reach - k, -factor, row + 1, other + 1);
                }
            }
        }
    }

    private struct SolveJob<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public MatrixView<T> Factors;
        public int Below;
        public int Reach;
        public int* Pivots;
        public bool Transposed;
        public MatrixView<T> X;

        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            if (Transposed)
            {
                UpperTransposed<R, G>();
                LowerTransposed<R, G>();
            }
            else
            {
                Lower<R, G>();
                Upper<R, G>();
            }
        }

        private readonly void Lower<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (n, columns) = (X.Rows, X.Columns);
            for (var k = 0; k < n; k++)
            {
                Exchange<R, G>(k);
                for (var i = k + 1; i <= Math.Min(n - 1, k + Below); i++)
                {
                    Strip<T, R, G>.AddScaled(columns, -Factors[i, k], X.At(k, 0), X.At(i, 0));
                }
            }
        }

        private readonly void LowerTransposed<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (n, columns) = (X.Rows, X.Columns);
            for (var k = n - 1; k >= 0; k--)
            {
                for (var i = k + 1; i <= Math.Min(n - 1, k + Below); i++)
                {
                    Strip<T, R, G>.AddScaled(columns, -Factors[i, k], X.At(i, 0), X.At(k, 0));
                }

                Exchange<R, G>(k);
            }
        }

        private readonly void Upper<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (n, columns) = (X.Rows, X.Columns);
            for (var i = n - 1; i >= 0; i--)
            {
                var row = Factors.At(i, i);
                var count = Math.Min(n - 1 - i, Reach);
                if (columns == 1)
                {
                    // One right-hand side lies in a row of its own.
                    X[i, 0] = (X[i, 0] - Strip<T, R, G>.Dot(count, row + 1, X.At(i, 0) + 1)) / *row;
                    continue;
                }

                for (var j = 1; j <= count; j++)
                {
                    Strip<T, R, G>.AddScaled(columns, -row[j], X.At(i + j, 0), X.At(i, 0));
                }

                Divide(X.At(i, 0), *row);
            }
        }

        private readonly void UpperTransposed<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (n, columns) = (X.Rows, X.Columns);
            for (var i = 0; i < n; i++)
            {
                var row = Factors.At(i, i);
                var count = Math.Min(n - 1 - i, Reach);
                Divide(X.At(i, 0), *row);
                if (columns == 1)
                {
                    Strip<T, R, G>.AddScaled(count, -X[i, 0], row + 1, X.At(i, 0) + 1);
                    continue;
                }

                for (var j = 1; j <= count; j++)
                {
                    Strip<T, R, G>.AddScaled(columns, -row[j], X.At(i, 0), X.At(i + j, 0));
                }
            }
        }

        private readonly void Divide(T* row, T divisor)
        {
            for (var j = 0; j < X.Columns; j++)
            {
                row[j] /= divisor;
            }
        }

        private readonly void Exchange<R, G>(int k)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            if (Pivots[k] != k + 1)
            {
                Strip<T, R, G>.Swap(X.Columns, X.At(k, 0), X.At(Pivots[k] - 1, 0));
            }
        }
    }
}
