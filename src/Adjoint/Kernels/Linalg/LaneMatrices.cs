using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Many small matrices at once, one in each place of a register: elements of as many members as a register holds lie side by side, so that an
/// algorithm is written as for one matrix and every operation is one for all of them. Only rows that members exchange are moved one by one.
/// </summary>
internal static unsafe class LaneMatrices
{
    /// <summary>The largest matrices for which this wins over one after another.</summary>
    public const int MostOrder = 32;

    /// <summary>The fewest members for which it does.</summary>
    public const int FewestMembers = 3;

    private enum Kind
    {
        Triangular,
        Lu,
        LuSolve,
        Cholesky,
    }

    /// <summary>Solves triangular systems: operand 0 are the matrices, or turned their transposes, operand 1 right-hand sides, in whose place
    /// the solutions come.</summary>
    public static void SolveTriangular<T>(
        bool upper, bool left, bool unit, bool turned, int order, int rows, int columns, in MatrixOperands operands, int first, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T>(Kind.Triangular, operands, first, count)
        {
            Upper = upper, Left = left, Unit = unit, Turned = turned, Order = order, Rows = rows, Columns = columns,
        };
        Width.Run<Job<T>, T>(ref job);
    }

    /// <summary>Factors square matrices as <see cref="LuFactor"/> does: operand 0 in place, pivots into operand 1, infos into operand 2.</summary>
    public static void Lu<T>(int order, in MatrixOperands operands, int first, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T>(Kind.Lu, operands, first, count) { Order = order };
        Width.Run<Job<T>, T>(ref job);
    }

    /// <summary>Solves systems from factors in operand 0 and pivots in operand 1; right-hand sides and solutions are operand 2.</summary>
    public static void LuSolve<T>(bool transposed, int order, int columns, in MatrixOperands operands, int first, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T>(Kind.LuSolve, operands, first, count) { Upper = transposed, Order = order, Rows = order, Columns = columns };
        Width.Run<Job<T>, T>(ref job);
    }

    /// <summary>Factors positive definite matrices as <see cref="CholeskyFactor"/> does: operand 0 in place, infos into operand 1.</summary>
    public static void Cholesky<T>(int order, in MatrixOperands operands, int first, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T>(Kind.Cholesky, operands, first, count) { Order = order };
        Width.Run<Job<T>, T>(ref job);
    }

    private struct Job<T>(Kind kind, MatrixOperands operands, int first, int count) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public bool Upper;
        public bool Left;
        public bool Unit;
        public bool Turned;
        public int Order;
        public int Rows;
        public int Columns;

        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (square, other) = (Order * Order, Rows * Columns);
            using var scratch = new Scratch<T>((long)G.Count * (square + other + 1));
            T* a = scratch.Data, x = a + (square * G.Count), spare = x + ((long)other * G.Count);
            for (var start = first; start < first + count; start += G.Count)
            {
                var members = Math.Min(G.Count, first + count - start);
                Gather<R, G>(0, start, members, square, a);
                switch (kind)
                {
                    case Kind.Triangular:
                        Gather<R, G>(1, start, members, other, x);
                        Triangle<R, G>(a, x);
                        Scatter<R, G>(1, start, members, other, x);
                        break;
                    case Kind.Lu:
                        Lu<R, G>(a, spare, start, members);
                        Scatter<R, G>(0, start, members, square, a);
                        break;
                    case Kind.LuSolve:
                        Gather<R, G>(2, start, members, other, x);
                        LuSolve<R, G>(a, x, start, members);
                        Scatter<R, G>(2, start, members, other, x);
                        break;
                    default:
                        Cholesky<R, G>(a, spare, start, members);
                        Scatter<R, G>(0, start, members, square, a);
                        break;
                }
            }
        }

        /// <summary>Lays members side by side; the last one fills places that are left.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Gather<R, G>(int operand, int start, int members, int size, T* to)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            for (var lane = 0; lane < G.Count; lane++)
            {
                var from = operands.At<T>(operand, start + Math.Min(lane, members - 1));
                var place = to + lane;
                for (var i = 0; i < size; i++)
                {
                    *place = from[i];
                    place += G.Count;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Scatter<R, G>(int operand, int start, int members, int size, T* from)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            for (var lane = 0; lane < members; lane++)
            {
                var to = operands.At<T>(operand, start + lane);
                var place = from + lane;
                for (var i = 0; i < size; i++)
                {
                    to[i] = *place;
                    place += G.Count;
                }
            }
        }

        private readonly void Triangle<R, G>(T* a, T* x)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var (row, column) = Turned == Left ? (1, Order) : (Order, 1);
            if (Left)
            {
                Solve<R, G>(Upper, Unit, Order, Columns, a, row, column, x, Columns, 1);
            }
            else
            {
                Solve<R, G>(!Upper, Unit, Order, Rows, a, row, column, x, 1, Columns);
            }
        }

        private readonly void LuSolve<R, G>(T* a, T* x, int start, int members)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var transposed = Upper;
            if (transposed)
            {
                Solve<R, G>(upper: false, unit: false, Order, Columns, a, 1, Order, x, Columns, 1);
                Solve<R, G>(upper: true, unit: true, Order, Columns, a, 1, Order, x, Columns, 1);
            }

            for (var lane = 0; lane < members; lane++)
            {
                var pivots = operands.At<int>(1, start + lane);
                for (var i = 0; i < Order; i++)
                {
                    var row = transposed ? Order - 1 - i : i;
                    var other = pivots[row] - 1;
                    if (other != row && (uint)other < (uint)Order)
                    {
                        Exchange<R, G>(Columns, x + (row * Columns * G.Count) + lane, x + (other * Columns * G.Count) + lane);
                    }
                }
            }

            if (!transposed)
            {
                Solve<R, G>(upper: false, unit: true, Order, Columns, a, Order, 1, x, Columns, 1);
                Solve<R, G>(upper: true, unit: false, Order, Columns, a, Order, 1, x, Columns, 1);
            }
        }

        /// <summary>Exchanges the rows of one member.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Exchange<R, G>(int n, T* x, T* y)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            for (var j = 0; j < n; j++)
            {
                (*x, *y) = (*y, *x);
                x += G.Count;
                y += G.Count;
            }
        }

        /// <summary>x = a^-1 x; steps are in registers.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Solve<R, G>(bool upper, bool unit, int n, int columns, T* a, nint rowA, nint columnA, T* x, nint rowX, nint columnX)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            if (upper)
            {
                a += (n - 1) * (rowA + columnA) * G.Count;
                x += (n - 1) * rowX * G.Count;
                (rowA, columnA, rowX) = (-rowA, -columnA, -rowX);
            }

            (rowA, columnA, rowX, columnX) = (rowA * G.Count, columnA * G.Count, rowX * G.Count, columnX * G.Count);
            for (var i = 0; i < n; i++)
            {
                var row = a + (i * rowA);
                var inverse = unit ? G.Splat(T.One) : G.Load(row + (i * columnA));
                for (var c = 0; c < columns; c++)
                {
                    var column = x + (c * columnX);
                    var sum = G.Load(column + (i * rowX));
                    T* factor = row, known = column;
                    for (var k = 0; k < i; k++)
                    {
                        sum = G.MultiplyAdd(G.Negate(G.Load(factor)), G.Load(known), sum);
                        factor += columnA;
                        known += rowX;
                    }

                    G.Store(unit ? sum : G.Divide(sum, inverse), column + (i * rowX));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Lu<R, G>(T* a, T* spare, int start, int members)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var n = Order;
            nint step = n * G.Count;
            for (var lane = 0; lane < members; lane++)
            {
                *operands.At<int>(2, start + lane) = 0;
            }

            for (var k = 0; k < n; k++)
            {
                var top = a + ((k * step) + (k * G.Count));
                R largest = G.Abs(G.Load(top)), place = G.Splat(T.CreateTruncating(k));
                for (var i = k + 1; i < n; i++)
                {
                    var size = G.Abs(G.Load(top + ((i - k) * step)));
                    var isLarger = G.Less(largest, size);
                    largest = G.Select(isLarger, size, largest);
                    place = G.Select(isLarger, G.Splat(T.CreateTruncating(i)), place);
                }

                G.Store(place, spare);
                for (var lane = 0; lane < members; lane++)
                {
                    var pivot = int.CreateTruncating(spare[lane]);
                    operands.At<int>(1, start + lane)[k] = pivot + 1;
                    if (pivot != k)
                    {
                        Exchange<R, G>(n, a + (k * step) + lane, a + (pivot * step) + lane);
                    }

                    var info = operands.At<int>(2, start + lane);
                    if (T.IsZero(top[lane]) && *info == 0)
                    {
                        *info = k + 1;
                    }
                }

                var divisor = G.Load(top);
                var isZero = G.Equal(divisor, G.Splat(T.Zero));
                divisor = G.Select(isZero, G.Splat(T.One), divisor);
                for (var i = k + 1; i < n; i++)
                {
                    var row = top + ((i - k) * step);
                    var factor = G.Divide(G.Load(row), divisor);
                    G.Store(factor, row);
                    factor = G.Negate(factor);
                    for (var j = 1; j < n - k; j++)
                    {
                        G.Store(G.MultiplyAdd(factor, G.Load(top + (j * G.Count)), G.Load(row + (j * G.Count))), row + (j * G.Count));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cholesky<R, G>(T* a, T* spare, int start, int members)
            where R : struct
            where G : struct, IRegister<T, R>
        {
            var n = Order;
            nint step = n * G.Count;
            var zero = G.Splat(T.Zero);
            for (var lane = 0; lane < members; lane++)
            {
                *operands.At<int>(1, start + lane) = 0;
            }

            for (var j = 0; j < n; j++)
            {
                var rowJ = a + (j * step);
                var square = G.Load(rowJ + (j * G.Count));
                for (var k = 0; k < j; k++)
                {
                    var factor = G.Load(rowJ + (k * G.Count));
                    square = G.MultiplyAdd(G.Negate(factor), factor, square);
                }

                G.Store(square, spare);
                for (var lane = 0; lane < members; lane++)
                {
                    var info = operands.At<int>(1, start + lane);
                    if (!(spare[lane] > T.Zero) && *info == 0)
                    {
                        *info = j + 1;
                    }
                }

                var pivot = G.Sqrt(square);
                G.Store(pivot, rowJ + (j * G.Count));
                for (var i = j + 1; i < n; i++)
                {
                    var rowI = a + (i * step);
                    var sum = G.Load(rowI + (j * G.Count));
                    for (var k = 0; k < j; k++)
                    {
                        sum = G.MultiplyAdd(G.Negate(G.Load(rowI + (k * G.Count))), G.Load(rowJ + (k * G.Count)), sum);
                    }

                    G.Store(G.Divide(sum, pivot), rowI + (j * G.Count));
                    G.Store(zero, rowJ + (i * G.Count));
                }
            }
        }
    }
}
