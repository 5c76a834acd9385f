using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Kernels;
using CsCheck;
using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>The matrix product against a plain triple loop.</summary>
/// <remarks>
/// The bound is Higham's (Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.5): a sum of k products in
/// any order is within gamma_k |A| |B| of the exact one, with gamma_k = k u / (1 - k u); scaling by alpha and adding
/// beta C add a few roundings. The reference is summed in double, so for double operands its own error counts once
/// more.
/// </remarks>
public sealed unsafe class GemmTests
{
    private delegate void Multiplier<T>(in GemmCall<T> call, int batch, nint stepA, nint stepB, nint stepC)
        where T : unmanaged;

    /// <summary>How a matrix lies in its buffer.</summary>
    public enum Order
    {
        Rows,
        Columns,
        PaddedRows,
        PaddedColumns,
        EverySecond,
        SameRow,
        SameColumn,
    }

    // What C may be: no two elements at one place.
    private static readonly Order[] s_withoutOverlap =
        [Order.Rows, Order.Columns, Order.PaddedRows, Order.PaddedColumns, Order.EverySecond];

    public static readonly TheoryData<string> Tiles = ["6x128", "14x128", "6x256", "14x512", "chosen"];

    public static readonly TheoryData<int, int, int> Shapes = new()
    {
        { 0, 3, 4 }, { 3, 0, 4 }, { 3, 4, 0 }, { 0, 0, 0 }, { 1, 1, 0 }, { 1, 1, 1 }, { 1, 1, 7 }, { 1, 1, 5000 },
        { 5, 1, 33 }, { 67, 1, 130 }, { 1, 5, 33 }, { 1, 67, 130 }, { 1100, 1, 9 }, { 1, 1100, 9 }, { 9, 1, 4500 },
        { 13, 17, 1 }, { 130, 70, 1 }, { 2, 2, 2 }, { 3, 3, 3 }, { 4, 4, 4 }, { 2, 1, 16 }, { 2, 16, 5 }, { 90, 2, 70 },
        { 90, 5, 70 }, { 2, 90, 70 }, { 4, 90, 70 }, { 6, 16, 9 },
        { 7, 33, 20 }, { 14, 32, 3 }, { 15, 31, 64 }, { 64, 10, 128 }, { 10, 64, 30 }, { 64, 128, 300 },
        { 150, 300, 70 }, { 65, 130, 1025 }, { 300, 30, 530 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryTileAgreesWithTheTripleLoop(int m, int n, int k)
    {
        foreach (var tile in Tiles)
        {
            Check(Float(tile.Data), m, n, k, Order.Rows, Order.Rows, Order.Rows, 1, 0);
            Check(Double(tile.Data), m, n, k, Order.Rows, Order.Rows, Order.Rows, 1, 0);
            Check(Float(tile.Data), m, n, k, Order.Columns, Order.Columns, Order.PaddedRows, -0.75, 0.5);
            Check(Double(tile.Data), m, n, k, Order.Columns, Order.Columns, Order.PaddedRows, -0.75, 0.5);
        }
    }

    [Theory]
    [InlineData(9, 37, 21)]
    [InlineData(70, 140, 19)]
    [InlineData(75, 70, 300)]
    [InlineData(23, 1, 41)]
    [InlineData(1, 23, 41)]
    [InlineData(23, 41, 1)]
    [InlineData(1, 1, 300)]
    public void EveryLayoutOfEveryOperandAgrees(int m, int n, int k)
    {
        foreach (var a in Enum.GetValues<Order>())
        {
            foreach (var b in Enum.GetValues<Order>())
            {
                foreach (var c in s_withoutOverlap)
                {
                    Check(Float("chosen"), m, n, k, a, b, c, 1, 0);
                    Check(Double("chosen"), m, n, k, a, b, c, 2, -1);
                }
            }
        }
    }

    /// <summary>Wide enough for several strips of B to be packed in one pass, with strips and lanes left over.</summary>
    [Theory]
    [MemberData(nameof(Tiles))]
    public void WideProductsAgree(string tile)
    {
        foreach (var b in new[] { Order.Rows, Order.PaddedRows })
        {
            Check(Float(tile), 180, 611, 9, Order.Rows, b, Order.Rows, 1, 0);
            Check(Double(tile), 180, 333, 9, Order.Rows, b, Order.Rows, 1, 0);
        }
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void RandomProductsAgree(string tile)
    {
        var size = Gen.Frequency((1, Gen.Int[0, 3]), (4, Gen.Int[1, 40]), (2, Gen.Int[41, 150]));
        var depth = Gen.Frequency((1, Gen.Int[0, 3]), (4, Gen.Int[1, 60]), (1, Gen.Int[61, 900]));
        var order = OneOf(Enum.GetValues<Order>());
        var target = OneOf(s_withoutOverlap);
        var factor = OneOf(0, 1, -1, 0.3, 2.5);
        Gen.Select(Gen.Select(size, size, depth), Gen.Select(order, order, target), Gen.Select(factor, factor)).Sample(
            (shape, orders, factors) =>
            {
                var (m, n, k) = shape;
                var (a, b, c) = orders;
                Check(Float(tile), m, n, k, a, b, c, factors.Item1, factors.Item2);
                Check(Double(tile), m, n, k, a, b, c, factors.Item1, factors.Item2);
            },
            iter: 150,
            threads: 1);
    }

    [Theory]
    [InlineData(600, 500, 4)]
    [InlineData(150, 400, 300)]
    [InlineData(403, 149, 300)]
    [InlineData(3000, 1, 500)]
    [InlineData(1, 3000, 500)]
    [InlineData(700, 500, 1)]
    [InlineData(700, 500, 0)]
    public void TheNumberOfThreadsDoesNotChangeABit(int m, int n, int k)
    {
        foreach (var a in new[] { Order.Rows, Order.Columns })
        {
            foreach (var b in new[] { Order.Rows, Order.Columns })
            {
                foreach (var tile in Tiles)
                {
                    var alone = WithThreads(1, () => Run(tile.Data, a, b));
                    Assert.True(Same(alone, WithThreads(2, () => Run(tile.Data, a, b))), $"2 threads, {tile.Data}");
                    Assert.True(Same(alone, WithThreads(5, () => Run(tile.Data, a, b))), $"5 threads, {tile.Data}");
                }
            }
        }

        float[] Run(string tile, Order a, Order b) =>
            new Product<float>(Float(tile), m, n, k, a, b, Order.PaddedRows, 0.7, 0.3).C;
    }

    [Fact]
    public void ThreadsThatMultiplyAtTheSameTimeDoNotDisturbEachOther()
    {
        var expected = WithThreads(1, Run);
        var right = 0;
        WithThreads(4, () => Parallel.For(0, 64, _ =>
        {
            if (Same(expected, Run()))
            {
                Interlocked.Increment(ref right);
            }
        }));
        Assert.Equal(64, right);

        static double[] Run() =>
            new Product<double>(Double("chosen"), 120, 130, 140, Order.Rows, Order.Columns, Order.Rows, 1, 0).C;
    }

    [Theory]
    [InlineData(1, 40, 50, 60)]
    [InlineData(7, 3, 4, 5)]
    [InlineData(40, 33, 17, 64)]
    [InlineData(3, 130, 120, 110)]
    [InlineData(9, 40, 1, 2000)]
    [InlineData(0, 4, 4, 4)]
    public void ABatchIsItsMembers(int batch, int m, int n, int k)
    {
        // Member i reads A at i * m * k and the same B each time (step 0), and leaves a gap of three elements in C.
        var random = new Random(5);
        var a = Values<float>(random, batch * m * k);
        var b = Values<float>(random, k * n);
        var stepC = m * n + 3;
        var batched = new float[batch * stepC];
        Array.Fill(batched, float.NaN);
        var one = (float[])batched.Clone();
        fixed (float* pa = a, pb = b, pc = batched, pd = one)
        {
            Gemm.RunBatched(batch, m, n, k, 1f, pa, m * k, k, 1, pb, 0, n, 1, 0f, pc, stepC, n, 1);
            for (var i = 0; i < batch; i++)
            {
                Gemm.Run(m, n, k, 1f, pa + i * m * k, k, 1, pb, n, 1, 0f, pd + i * stepC, n, 1);
            }
        }

        Assert.True(Same(one, batched));
        for (var i = 0; i < batch; i++)
        {
            Assert.True(float.IsFinite(batched[i * stepC]), "a member was not computed");
            Assert.True(float.IsNaN(batched[i * stepC + m * n]), "the gap was written");
        }
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 5, 9)]
    [InlineData(5, 1, 9)]
    [InlineData(5, 7, 1)]
    [InlineData(5, 7, 0)]
    [InlineData(3, 3, 3)]
    [InlineData(20, 37, 40)]
    public void BetaZeroDoesNotReadC(int m, int n, int k)
    {
        // BLAS: "when beta is supplied as zero then C need not be set on input".
        foreach (var order in new[] { Order.Rows, Order.Columns, Order.EverySecond })
        {
            foreach (var tile in Tiles)
            {
                var product = new Product<double>(
                    Double(tile.Data), m, n, k, Order.Rows, Order.Rows, order, 1, 0, double.NaN);
                Assert.All(product.Elements, value => Assert.True(double.IsFinite(value)));
            }
        }
    }

    [Fact]
    public void NaNAndInfinityOfTheOperandsReachTheResult()
    {
        foreach (var tile in Tiles)
        {
            var (m, n, k) = (9, 21, 30);
            var a = Enumerable.Repeat(1f, m * k).ToArray();
            var b = Enumerable.Repeat(1f, k * n).ToArray();
            var c = new float[m * n];
            a[3 * k + 4] = float.NaN;
            a[8 * k + 29] = float.PositiveInfinity;
            fixed (float* pa = a, pb = b, pc = c)
            {
                Float(tile.Data)(Gemm.Call(m, n, k, 1f, pa, k, 1, pb, n, 1, 0f, pc, n, 1), 1, 0, 0, 0);
            }

            for (var i = 0; i < m * n; i++)
            {
                Assert.Equal((i / n) switch { 3 => float.NaN, 8 => float.PositiveInfinity, _ => k }, c[i]);
            }
        }
    }

    [Fact]
    public void ALongDotProductIsSummedInParts()
    {
        // The exact sum of 2^22 times 0.1f * 1 is 2^22 * 0.1f; adding one by one would be off by more than a thousandth
        // of it.
        const int k = 1 << 22;
        var a = new float[k];
        Array.Fill(a, 0.1f);
        float one = 1, sum = 0;
        fixed (float* pa = a)
        {
            Gemm.Run(1, 1, k, 1f, pa, k, 1, &one, 0, 1, 0f, &sum, 1, 1);
            Assert.Equal(k * (double)0.1f, sum, k * 0.1 * 1e-6);
            sum = 0;
            fixed (float* pb = Enumerable.Repeat(1f, k).ToArray())
            {
                Gemm.Run(1, 1, k, 1f, pa, k, 1, pb, 1, 1, 0f, &sum, 1, 1);
            }
        }

        Assert.Equal(k * (double)0.1f, sum, k * 0.1 * 1e-6);
    }

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(200, 1, 300)]
    [InlineData(30, 30, 1)]
    public void AWarmCallAllocatesNothing(int m, int n, int k)
    {
        var a = new double[m * k];
        var b = new double[k * n];
        var c = new double[m * n];
        WithThreads(1, () =>
        {
            fixed (double* pa = a, pb = b, pc = c)
            {
                Gemm.Run(m, n, k, 1d, pa, 1, m, pb, 1, k, 0d, pc, n, 1);
                var before = GC.GetAllocatedBytesForCurrentThread();
                Gemm.Run(m, n, k, 1d, pa, 1, m, pb, 1, k, 0d, pc, n, 1);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        });
    }

    private static T[] WithThreads<T>(int threads, Func<T[]> run)
    {
        T[] result = [];
        WithThreads(threads, () => { result = run(); });
        return result;
    }

    private static void WithThreads(int threads, Action run)
    {
        var before = Gemm.MaxThreads;
        Gemm.MaxThreads = threads;
        try
        {
            run();
        }
        finally
        {
            Gemm.MaxThreads = before;
        }
    }

    private static bool Same<T>(T[] x, T[] y)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(
            MemoryMarshal.AsBytes(y.AsSpan()));

    private static void Check<T>(
        Multiplier<T> multiply, int m, int n, int k, Order a, Order b, Order c, double alpha, double beta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var product = new Product<T>(multiply, m, n, k, a, b, c, alpha, beta);
        if (product.Fault() is { } fault)
        {
            Assert.Fail($"{typeof(T).Name} {m}x{k}x{n} {a} {b} {c} alpha {alpha} beta {beta}: {fault}");
        }
    }

    // Reproducible operands in buffers of the asked order, and C after the product.
    private sealed class Product<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly int _m, _n, _k;
        private readonly T _alpha, _beta;
        private readonly T[] _a, _b, _before;
        private readonly (int Row, int Column, int Size) _inA, _inB, _inC;

        public Product(
            Multiplier<T> multiply, int m, int n, int k, Order a, Order b, Order c, double alpha, double beta,
            T? fill = null)
        {
            var random = new Random(m + 31 * n + 977 * k);
            (_m, _n, _k, _alpha, _beta) = (m, n, k, T.CreateChecked(alpha), T.CreateChecked(beta));
            (_inA, _inB, _inC) = (Strides(m, k, a), Strides(k, n, b), Strides(m, n, c));
            (_a, _b) = (Values<T>(random, _inA.Size), Values<T>(random, _inB.Size));
            _before = Values<T>(random, _inC.Size + 8);
            if (fill is { } value)
            {
                Array.Fill(_before, value);
            }

            C = [.. _before];
            fixed (T* pa = _a, pb = _b, pc = C)
            {
                var call = Gemm.Call(
                    m, n, k, _alpha, pa, _inA.Row, _inA.Column, pb, _inB.Row, _inB.Column,
                    _beta, pc, _inC.Row, _inC.Column);
                multiply(call, 1, 0, 0, 0);
            }
        }

        /// <summary>The whole buffer of C.</summary>
        public T[] C { get; }

        /// <summary>The elements of C, row by row.</summary>
        public IEnumerable<T> Elements =>
            from i in Enumerable.Range(0, _m)
            from j in Enumerable.Range(0, _n)
            select C[i * _inC.Row + j * _inC.Column];

        /// <summary>What is wrong with the result, or null.</summary>
        public string? Fault()
        {
            var (a, b) = (Array.ConvertAll(_a, double.CreateChecked), Array.ConvertAll(_b, double.CreateChecked));
            var unit = typeof(T) == typeof(float) ? Math.ScaleB(1, -24) : 2 * Math.ScaleB(1, -53);
            var gamma = (_k + 4) * unit / (1 - (_k + 4) * unit);
            var (alpha, beta) = (double.CreateChecked(_alpha), double.CreateChecked(_beta));
            var inside = new bool[C.Length];
            for (var i = 0; i < _m; i++)
            {
                for (var j = 0; j < _n; j++)
                {
                    double sum = 0, size = 0;
                    for (var p = 0; p < _k; p++)
                    {
                        var product = a[i * _inA.Row + p * _inA.Column] * b[p * _inB.Row + j * _inB.Column];
                        sum += product;
                        size += Math.Abs(product);
                    }

                    var at = i * _inC.Row + j * _inC.Column;
                    var old = beta == 0 ? 0 : beta * double.CreateChecked(_before[at]);
                    var bound = gamma * (Math.Abs(alpha) * size + Math.Abs(old));
                    var error = Math.Abs(double.CreateChecked(C[at]) - (alpha * sum + old));
                    inside[at] = true;
                    if (!(error <= bound))
                    {
                        return $"element {i}, {j} is off by {error}, bound {bound}";
                    }
                }
            }

            for (var i = 0; i < C.Length; i++)
            {
                if (!inside[i] && C[i] != _before[i])
                {
                    return $"wrote outside of C at {i}";
                }
            }

            return null;
        }
    }

    private static (int Row, int Column, int Size) Strides(int rows, int columns, Order order)
    {
        var (row, column) = order switch
        {
            Order.Rows => (columns, 1),
            Order.Columns => (1, rows),
            Order.PaddedRows => (columns + 3, 1),
            Order.PaddedColumns => (1, rows + 5),
            Order.EverySecond => (2 * columns + 1, 2),
            Order.SameRow => (0, 1),
            _ => (1, 0),
        };
        return (row, column, rows == 0 || columns == 0 ? 0 : (rows - 1) * row + (columns - 1) * column + 1);
    }

    private static T[] Values<T>(Random random, int count)
        where T : unmanaged, INumber<T>
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = T.CreateChecked(random.NextDouble() * 2 - 1);
        }

        return values;
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Multiplier<float> Float(string tile) => Tile<float>(tile);

    private static Multiplier<double> Double(string tile) => Tile<double>(tile);

    private static Multiplier<T> Tile<T>(string tile)
        where T : unmanaged, IFloatingPointIeee754<T> => tile switch
        {
            "6x128" => Gemm.Run<T, Tile6<T, Vector128<T>, Register128<T>>>,
            "14x128" => Gemm.Run<T, Tile14<T, Vector128<T>, Register128<T>>>,
            "6x256" => Gemm.Run<T, Tile6<T, Vector256<T>, Register256<T>>>,
            "14x512" => Gemm.Run<T, Tile14<T, Vector512<T>, Register512<T>>>,
            _ => static (in GemmCall<T> g, int batch, nint stepA, nint stepB, nint stepC) => Gemm.RunBatched(
                batch, g.M, g.N, g.K, g.Alpha, g.A, stepA, g.RsA, g.CsA, g.B, stepB, g.RsB, g.CsB,
                g.Beta, g.C, stepC, g.RsC, g.CsC),
        };
}
