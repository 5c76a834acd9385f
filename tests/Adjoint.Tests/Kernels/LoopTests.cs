using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;
using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>What surrounds the formulas of pointwise loops: stores past the caches, blocks of rows, casts in vectors,
/// and the weights that decide about threads.</summary>
public sealed unsafe class LoopTests
{
    /// <summary>A loop that streams gives the same bits as one that does not, whatever its length, and writes nothing else.</summary>
    [Fact]
    public void StreamedResultsAreTheSame()
    {
        Streams<float>(&Loop.Lanes<Map2Body<Mul>, Lane<float, Vector128<float>, Register128<float>>, float>);
        Streams<float>(&Loop.Lanes<Map2Body<Mul>, Lane<float, Vector256<float>, Register256<float>>, float>);
        Streams<float>(&Loop.Lanes<Map2Body<Mul>, Lane<float, Vector512<float>, Register512<float>>, float>);
        Streams<float>(&Loop.Lanes<Map2Body<Mul>, One<float>, float>);
        Streams<double>(&Loop.Lanes<Map2Body<Mul>, Lane<double, Vector128<double>, Register128<double>>, double>);
        Streams<double>(&Loop.Lanes<Map2Body<Mul>, Lane<double, Vector256<double>, Register256<double>>, double>);
        Streams<double>(&Loop.Lanes<Map2Body<Mul>, Lane<double, Vector512<double>, Register512<double>>, double>);
    }

    /// <summary>
    /// The last step of a loop, which is masked, touches nothing beyond its operands: they end where memory ends, at a page that cannot be read.
    /// Inputs that repeat lie there as well.
    /// </summary>
    [Fact]
    public void NothingBeyondTheEndIsTouched()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        EndsAtThePage<float>(&Loop.Lanes<Map2Body<Mul>, Lane<float, Vector128<float>, Register128<float>>, float>, sizeof(float));
        EndsAtThePage<float>(&Loop.MaskLanes<CompareBody<Lt>, Lane<float, Vector128<float>, Register128<float>>, float>, 1);
        EndsAtThePage<float>(&Loop.Lanes<Map2Body<Mul>, Lane<float, Vector256<float>, Register256<float>>, float>, sizeof(float));
        EndsAtThePage<float>(&Loop.MaskLanes<CompareBody<Lt>, Lane<float, Vector256<float>, Register256<float>>, float>, 1);
        EndsAtThePage<float>(&Loop.Lanes<Map2Body<Mul>, Lane<float, Vector512<float>, Register512<float>>, float>, sizeof(float));
        EndsAtThePage<float>(&Loop.MaskLanes<CompareBody<Lt>, Lane<float, Vector512<float>, Register512<float>>, float>, 1);
        EndsAtThePage<double>(&Loop.Lanes<Map2Body<Mul>, Lane<double, Vector128<double>, Register128<double>>, double>, sizeof(double));
        EndsAtThePage<double>(&Loop.MaskLanes<CompareBody<Lt>, Lane<double, Vector128<double>, Register128<double>>, double>, 1);
        EndsAtThePage<double>(&Loop.Lanes<Map2Body<Mul>, Lane<double, Vector256<double>, Register256<double>>, double>, sizeof(double));
        EndsAtThePage<double>(&Loop.MaskLanes<CompareBody<Lt>, Lane<double, Vector256<double>, Register256<double>>, double>, 1);
        EndsAtThePage<double>(&Loop.Lanes<Map2Body<Mul>, Lane<double, Vector512<double>, Register512<double>>, double>, sizeof(double));
        EndsAtThePage<double>(&Loop.MaskLanes<CompareBody<Lt>, Lane<double, Vector512<double>, Register512<double>>, double>, 1);
    }

    /// <summary>Eight megabytes and a little: large enough to be streamed, shared among threads,
    /// and with a rest at the end; also into its own input.</summary>
    [Fact]
    public void LargeResultsAreRight()
    {
        const int Count = 2_100_003;
        var x = Tensor.Arange(Count, dtype: DType.Float32);
        var y = (x + x).ToArray<float>();
        var z = (x * 3).ToArray<float>();
        x.Add_(x);
        var w = x.ToArray<float>();
        for (var i = 0; i < Count; i++)
        {
            // Doubling is exact, and so are these products up to 2^24.
            if (y[i] != 2f * i || w[i] != 2f * i || z[i] != 3f * i)
            {
                Assert.Fail($"Element {i} is {y[i]}, {w[i]}, {z[i]}");
            }
        }
    }

    /// <summary>Operands that lie the other way round, of every element size, with rows that do not fill a block:
    /// against reading element by element.</summary>
    [Theory]
    [InlineData(1, 300)]
    [InlineData(5, 129)]
    [InlineData(37, 53)]
    [InlineData(200, 301)]
    public void TransposedOperandsAreReadRight(int rows, int columns)
    {
        foreach (var dtype in new[] { DType.UInt8, DType.Int32, DType.Float32, DType.Float64, DType.Int64 })
        {
            var x = Tensor.FromArray([.. Enumerable.Range(0, rows * columns).Select(i => i % 97)]).To(dtype).Reshape(columns, rows);
            var y = Tensor.FromArray([.. Enumerable.Range(0, rows * columns).Select(i => i % 89)]).To(dtype).Reshape(rows, columns);
            var copy = x.T.Contiguous().To(DType.Float64).ToArray<double>();
            var sum = (y + x.T).To(DType.Float64).ToArray<double>();
            var into = Tensor.Zeros([columns, rows], dtype: dtype);
            into.T.Copy_(y);
            var turned = into.To(DType.Float64).ToArray<double>();
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    double a = ((j * rows) + i) % 97, b = ((i * columns) + j) % 89;
                    Assert.Equal(a, copy[(i * columns) + j]);
                    Assert.Equal(a + b, sum[(i * columns) + j]);
                    Assert.Equal(b, turned[(j * rows) + i]);
                }
            }
        }
    }

    /// <summary>Three dimensions of which the first and the last have changed places, and a broadcast operand beside it.</summary>
    [Fact]
    public void TransposedDimensionsApartAreReadRight()
    {
        const int A = 19, B = 6, C = 33;
        var x = Tensor.Arange(A * B * C, dtype: DType.Float32).Reshape(C, B, A).Transpose(0, 2);
        var row = Tensor.Arange(C, dtype: DType.Float32);
        var sum = (x * 2 + row).ToArray<float>();
        for (var i = 0; i < sum.Length; i++)
        {
            var (a, b, c) = (i / (B * C), i / C % B, i % C);
            Assert.Equal((2 * ((c * B * A) + (b * A) + a)) + c, sum[i]);
        }
    }

    /// <summary>Casts go through vectors where they can, and give what a cast of one element gives.</summary>
    [Fact]
    public void CastsInVectorsAreThoseOfElements()
    {
        float[] singles =
        [
            0, -0f, 1.5f, -2.25f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, 1e-40f, 16777217, 3,
        ];
        double[] doubles = [0, -0.0, 1.5, 1e300, -1e300, 1e-300, double.NaN, double.PositiveInfinity, 0.1, 16777217, 1e-42, 3.4028235677973366e38];
        int[] integers = [0, 1, -1, int.MaxValue, int.MinValue, 16777217, 16777219, -33554435, 5, 6, 7, 8];
        for (var n = 1; n < 80; n++)
        {
            var from = Enumerable.Range(0, n).ToArray();
            Assert.Equal(
                from.Select(i => (double)singles[i % 12]),
                Tensor.FromArray(Array.ConvertAll(from, i => singles[i % 12])).To(DType.Float64).ToArray<double>());
            Assert.Equal(
                from.Select(i => (float)doubles[i % 12]),
                Tensor.FromArray(Array.ConvertAll(from, i => doubles[i % 12])).To(DType.Float32).ToArray<float>());
            Assert.Equal(
                from.Select(i => (float)integers[i % 12]),
                Tensor.FromArray(Array.ConvertAll(from, i => integers[i % 12])).To(DType.Float32).ToArray<float>());
        }
    }

    /// <summary>The more a formula does, the shorter the loops that threads share; what only waits for memory is the longest.</summary>
    [Fact]
    public void WeightsFollowTheFormula()
    {
        Assert.Equal(Work.Light, Work<Map2Body<Add>>.Weight);
        Assert.Equal(Work.Light, Work<Map2PullX<Mul>>.Weight);
        Assert.Equal(Work.Light, Work<MapBody<MapToConstant<Pow>>>.Weight);
        Assert.True(Work<MapBody<Map<Exp>>>.Weight < Work<MapBody<Map<Tanh>>>.Weight);
        Assert.True(Work<MapBody<Map<Tanh>>>.Weight < Work<MapBody<Gelu>>.Weight);
        Assert.True(Work<MapBody<Gelu>>.Weight < Work<MapPullBody<Gelu>>.Weight);
        Assert.True(Work<MapPullBody<Gelu>>.Weight < Work<Map2Body<Map2<Pow>>>.Weight);
        Assert.Equal(65536, Work.SharedFrom(Work.Light, sizeof(float)));
        Assert.Equal(32768, Work.SharedFrom(Work.Light, sizeof(double)));
        Assert.Equal(Work.FewestElements, Work.SharedFrom(1000, sizeof(double)));
    }

    private static void Streams<T>(delegate*<void*, byte**, nint*, nint, void> loop)
        where T : unmanaged, INumber<T>
    {
        const int Longest = 2300;
        const int Room = 20480;
        var memory = (byte*)NativeMemory.AlignedAlloc(3 * Room, 64);
        try
        {
            var p = stackalloc byte*[] { memory, memory + Room, memory + (2 * Room) };
            var strides = stackalloc nint[3];
            long op = 0;
            T* o = (T*)p[0], x = (T*)p[1], y = (T*)p[2];
            for (var i = 0; i < Longest; i++)
            {
                (x[i], y[i]) = (T.CreateChecked(i + 1), T.CreateChecked(2 * i) + T.One);
            }

            // Up to several lanes, and many.
            foreach (var n in Enumerable.Range(0, 150).Concat([511, 512, 513, 519, 1023, 1024, 1025, 1039, 2048, 2183, Longest]))
            {
                foreach (var repeats in new[] { false, true })
                {
                    (strides[0], strides[1], strides[2]) = (Loop.Streamed, 1, repeats ? 0 : 1);
                    new Span<byte>(o, Room).Fill(0xA5);
                    var untouched = o[0];
                    loop(&op, p, strides, n);
                    Interlocked.MemoryBarrier();
                    for (var i = 0; i < Longest; i++)
                    {
                        Assert.True(o[i] == (i < n ? x[i] * y[repeats ? 0 : i] : untouched), $"{typeof(T).Name}, {n} elements, at {i}");
                    }
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static void EndsAtThePage<T>(delegate*<void*, byte**, nint*, nint, void> loop, int itemSize)
        where T : unmanaged, INumber<T>
    {
        using var pages = new GuardedPages(3);
        var p = stackalloc byte*[3];
        var strides = stackalloc nint[3];
        strides[0] = 1;
        long op = 0;
        for (var n = 1; n <= 40; n++)
        {
            for (var repeats = 0; repeats < 4; repeats++)
            {
                (strides[1], strides[2]) = (repeats & 1, repeats >> 1);
                p[0] = pages.End(0) - (n * itemSize);
                p[1] = pages.End(1) - ((strides[1] == 0 ? 1 : n) * sizeof(T));
                p[2] = pages.End(2) - ((strides[2] == 0 ? 1 : n) * sizeof(T));
                for (var i = 0; i < n; i++)
                {
                    ((T*)p[1])[i * strides[1]] = T.CreateChecked(i + 1);
                    ((T*)p[2])[i * strides[2]] = T.CreateChecked(7);
                }

                p[0][-1] = 0xA5;
                loop(&op, p, strides, n);
                Assert.Equal(0xA5, p[0][-1]);
                for (var i = 0; i < n; i++)
                {
                    var x = ((T*)p[1])[i * strides[1]];
                    Assert.True(
                        itemSize == 1 ? (p[0][i] == 1) == (x < T.CreateChecked(7)) : ((T*)p[0])[i] == x * T.CreateChecked(7),
                        $"{n} elements, at {i}");
                }
            }
        }
    }
}
