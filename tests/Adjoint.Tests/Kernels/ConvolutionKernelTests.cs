using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Kernels;
using Adjoint.Tests.Laws;
using CsCheck;

namespace Adjoint.Tests.Kernels;

/// <summary>The three products of a convolution against loops over all their terms, in every register width.</summary>
public unsafe class ConvolutionKernelTests
{
    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue - 1];

    private delegate void Kernel<T>(ConvolutionProduct product, ConvolutionGeometry g, T* a, T* b, T* bias, T* result)
        where T : unmanaged;

    [Fact]
    public void Float64() => Check<double>(ConvolutionKernels.Run);

    [Fact]
    public void Float32() => Check<float>(ConvolutionKernels.Run);

    [Fact]
    public void Width128()
    {
        Check<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector128<float>, Register128<float>, Count16>>);
        Check<double>(ConvolutionKernels.Run<double, ConvolutionTile<double, Vector128<double>, Register128<double>, Count32>>);
    }

    [Fact]
    public void Width256()
    {
        Check<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector256<float>, Register256<float>, Count16>>);
        Check<double>(ConvolutionKernels.Run<double, ConvolutionTile<double, Vector256<double>, Register256<double>, Count16>>);
    }

    [Fact]
    public void Width512() => Check<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector512<float>, Register512<float>, Count32>>);

    /// <summary>Work that is large enough for threads, in whole numbers, which every order of adding sums exactly.</summary>
    [Fact]
    public void LargeWorkIsSplit()
    {
        var draw = new Draw(5);
        foreach (var (batch, groups, inputs, outputs) in new[] { (3, 1, 20, 33), (9, 2, 3, 5), (1, 1, 16, 70) })
        {
            Compare<float>(
                ConvolutionKernels.Run,
                Geometry(draw, batch, groups, inputs, outputs, [1, 23, 21], [1, 3, 3], [1, 2, 1], [0, 1, 1], [1, 1, 1]),
                draw);
        }
    }

    /// <summary>Depthwise, pointwise, many channels, long rows that are cut, small images that share a part: what random sizes rarely meet.</summary>
    [Theory]
    [InlineData(2, 5, 1, 1, 1, 9, 37, 3, 1, 1)]
    [InlineData(1, 4, 1, 2, 1, 8, 20, 3, 2, 1)]
    [InlineData(3, 1, 17, 40, 1, 6, 5, 1, 1, 0)]
    [InlineData(2, 1, 9, 19, 1, 7, 9, 1, 2, 0)]
    [InlineData(17, 1, 18, 20, 1, 4, 4, 3, 1, 1)]
    [InlineData(1, 1, 2, 20, 1, 1, 2001, 3, 2, 2)]
    [InlineData(1, 1, 20, 2, 1, 1, 4001, 3, 1, 0)]
    [InlineData(1, 2, 20, 18, 5, 6, 7, 3, 2, 1)]
    [InlineData(1, 1, 18, 33, 1, 64, 64, 1, 1, 0)]
    public void ChosenShapes(
        int batch, int groups, int inputs, int outputs, int depth, int height, int width, int kernel, int stride, int padding)
    {
        int[] Axis(int value) => [depth > 1 ? value : 1, height > 1 ? value : 1, value];
        int[] zeros = [depth > 1 ? padding : 0, height > 1 ? padding : 0, padding];
        var draw = new Draw(7);
        ConvolutionGeometry Next() => Geometry(
            draw, batch, groups, inputs, outputs, [depth, height, width], Axis(kernel), Axis(stride), [.. zeros], [1, 1, 1]);
        Compare<float>(ConvolutionKernels.Run, Next(), draw);
        Compare<double>(ConvolutionKernels.Run, Next(), draw);
        Compare<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector256<float>, Register256<float>, Count16>>, Next(), draw);
        Compare<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector128<float>, Register128<float>, Count32>>, Next(), draw);
    }

    /// <summary>
    /// Zeros after the image and none before it, as an even kernel has them whose output is as long as its input: the image alone is too short for
    /// the last taps, and what lies behind it must not be read.
    /// </summary>
    [Theory]
    [InlineData(2, 1, 2, 1, 1, 1, 1)]
    [InlineData(1, 1, 3, 20, 1, 1, 9)]
    [InlineData(2, 1, 5, 40, 1, 6, 5)]
    [InlineData(3, 2, 3, 17, 3, 4, 5)]
    [InlineData(2, 1, 1, 2, 1, 7, 33)]
    public void ZerosAfterTheImageAlone(int batch, int groups, int inputs, int outputs, int depth, int height, int width)
    {
        int[] Axis(int value) => [depth > 1 ? value : 1, height > 1 ? value : 1, value];
        var draw = new Draw(11);
        ConvolutionGeometry Next() => Geometry(
            draw, batch, groups, inputs, outputs, [depth, height, width], Axis(2), [1, 1, 1], [0, 0, 0], [1, 1, 1],
            after: [.. Axis(2).Select(k => k - 1)]);
        Compare<float>(ConvolutionKernels.Run, Next(), draw);
        Compare<double>(ConvolutionKernels.Run, Next(), draw);
        Compare<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector256<float>, Register256<float>, Count16>>, Next(), draw);
        Compare<float>(ConvolutionKernels.Run<float, ConvolutionTile<float, Vector128<float>, Register128<float>, Count32>>, Next(), draw);
    }

    /// <summary>The bits of all three products with one thread and with several.</summary>
    [Theory]
    [InlineData(2, 1, 20, 33, 23)]
    [InlineData(9, 2, 3, 5, 30)]
    [InlineData(4, 8, 1, 1, 40)]
    public void ThreadsDoNotMatter(int batch, int groups, int inputs, int outputs, int size)
    {
        var g = Geometry(new Draw(1), batch, groups, inputs, outputs, [1, size, size], [1, 3, 3], [1, 1, 1], [0, 1, 1], [1, 1, 1]);
        var random = new Random(1);
        float[] Numbers(nint count) => [.. Enumerable.Range(0, (int)count).Select(_ => (float)random.NextDouble() - 0.5f)];
        var x = Numbers(batch * groups * inputs * g.InPlane);
        var w = Numbers(groups * outputs * inputs * g.Taps);
        var y = Numbers(batch * groups * outputs * g.OutPlane);
        float[][] All() =>
        [
            Run<float>(ConvolutionKernels.Run, ConvolutionProduct.Output, g, x, w, null, y.Length),
            Run<float>(ConvolutionKernels.Run, ConvolutionProduct.Input, g, y, w, null, x.Length),
            Run<float>(ConvolutionKernels.Run, ConvolutionProduct.Weights, g, x, y, null, w.Length),
        ];
        var before = Team.MaxThreads;
        try
        {
            Team.MaxThreads = 1;
            var alone = All();
            Team.MaxThreads = 4;
            Assert.Equal(alone, All());
        }
        finally
        {
            Team.MaxThreads = before;
        }
    }

    /// <summary>An infinity of an image reaches the weights' gradients that have a product with it, and makes no NaN of the others.</summary>
    [Theory]
    [InlineData(1, 1, 19)]
    [InlineData(2, 3, 21)]
    [InlineData(20, 40, 11)]
    public void InfinityStaysWhereItIs(int inputs, int outputs, int size)
    {
        var g = Geometry(new Draw(1), 1, 1, inputs, outputs, [1, size, size], [1, 3, 3], [1, 1, 1], [0, 0, 0], [1, 1, 1]);
        foreach (var place in new[] { size - 1, (size * size) - 1, (size * size) - (2 * size), 0 })
        {
            var x = new float[inputs * size * size];
            var w = new float[outputs * inputs * 9];
            var y = new float[outputs * g.OutPlane];
            Array.Fill(x, 1);
            Array.Fill(w, 1);
            Array.Fill(y, 1);
            x[place] = float.PositiveInfinity;
            var (sumW, sumY) = (new float[w.Length], new float[y.Length]);
            ForEachTerm(g, (ix, iw, iy) =>
            {
                sumW[iw] += x[ix];
                sumY[iy] += x[ix];
            });
            Assert.Equal(sumW, Run<float>(ConvolutionKernels.Run, ConvolutionProduct.Weights, g, x, y, null, w.Length));
            Assert.Equal(sumY, Run<float>(ConvolutionKernels.Run, ConvolutionProduct.Output, g, x, w, null, y.Length));
        }
    }

    private static void Check<T>(Kernel<T> kernel)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => Seeds.Sample(
        seed =>
        {
            var draw = new Draw(seed);
            int[] Axis(int low, int high) => [draw.Number(low, high), draw.Number(low, high), draw.Number(low, high)];
            Compare(
                kernel,
                Geometry(
                    draw, draw.Number(1, 3), draw.Number(1, 2), draw.Number(1, 10), draw.Number(1, 10),
                    [draw.Number(1, 3), draw.Number(1, 7), draw.Number(1, 40)],
                    [draw.Number(1, 2), draw.Number(1, 3), draw.Number(1, 4)], Axis(1, 3), Axis(0, 2), Axis(1, 3), Axis(0, 1)),
                draw);
        },
        iter: 40,
        threads: 1);

    private static ConvolutionGeometry Geometry(
        Draw draw, int batch, int groups, int inputs, int outputs, int[] size, int[] kernel, int[] stride, int[] padding, int[] dilation,
        int[]? after = null)
    {
        // An axis may have more zeros after the image than before it; what is read or not at its end is any number of elements less than the stride.
        var output = new int[3];
        for (var a = 0; a < 3; a++)
        {
            var padded = size[a] + (2 * padding[a]) + (after?[a] ?? 0);
            var reach = ((kernel[a] - 1) * dilation[a]) + 1;
            if (padded < reach)
            {
                size[a] += reach - padded;
                padded = reach;
            }

            output[a] = ((padded - reach) / stride[a]) + 1;
        }

        return new ConvolutionGeometry
        {
            Batch = batch, Groups = groups, Inputs = inputs, Outputs = outputs,
            In = size, Out = output, Kernel = kernel, Stride = stride, Padding = padding, Dilation = dilation,
        };
    }

    private static void Compare<T>(Kernel<T> kernel, ConvolutionGeometry g, Draw draw)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var x = Whole<T>(draw, g.Batch * g.Groups * g.Inputs * g.InPlane);
        var w = Whole<T>(draw, g.Groups * g.Outputs * g.Inputs * g.Taps);
        var y = Whole<T>(draw, g.Batch * g.Groups * g.Outputs * g.OutPlane);
        var biasY = Whole<T>(draw, g.Groups * g.Outputs);
        var biasX = Whole<T>(draw, g.Groups * g.Inputs);
        var (sumX, sumW, sumY) = (new T[x.Length], new T[w.Length], new T[y.Length]);
        for (var i = 0; i < sumX.Length; i++)
        {
            sumX[i] = biasX[i / g.InPlane % biasX.Length];
        }

        for (var i = 0; i < sumY.Length; i++)
        {
            sumY[i] = biasY[i / g.OutPlane % biasY.Length];
        }

        ForEachTerm(g, (ix, iw, iy) =>
        {
            sumX[ix] += w[iw] * y[iy];
            sumW[iw] += x[ix] * y[iy];
            sumY[iy] += x[ix] * w[iw];
        });
        Assert.Equal(sumY, Run(kernel, ConvolutionProduct.Output, g, x, w, biasY, y.Length));
        Assert.Equal(sumX, Run(kernel, ConvolutionProduct.Input, g, y, w, biasX, x.Length));
        Assert.Equal(sumW, Run(kernel, ConvolutionProduct.Weights, g, x, y, null, w.Length));
    }

    private static T[] Run<T>(Kernel<T> kernel, ConvolutionProduct product, ConvolutionGeometry g, T[] a, T[] b, T[]? bias, int length)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        // What lies around the arrays must neither be read into results nor written.
        const int guard = 64;
        var result = new T[length + (2 * guard)];
        Array.Fill(result, T.NaN);
        var (left, right) = (Guarded(a, guard), Guarded(b, guard));
        fixed (T* pa = left, pb = right, pc = bias, pr = result)
        {
            kernel(product, g, pa + guard, pb + guard, pc, pr + guard);
        }

        Assert.All(result[..guard].Concat(result[^guard..]), value => Assert.True(T.IsNaN(value)));
        return result[guard..^guard];
    }

    private static T[] Guarded<T>(T[] values, int guard)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var guarded = new T[values.Length + (2 * guard)];
        Array.Fill(guarded, T.NaN);
        values.CopyTo(guarded, guard);
        return guarded;
    }

    private static T[] Whole<T>(Draw draw, nint count)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var values = new T[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateChecked(draw.Number(-3, 3));
        }

        return values;
    }

    private static void ForEachTerm(ConvolutionGeometry g, Action<nint, nint, nint> term)
    {
        for (var n = 0; n < g.Batch * g.Groups; n++)
        {
            for (var o = 0; o < g.Outputs; o++)
            {
                for (var c = 0; c < g.Inputs; c++)
                {
                    for (var t = 0; t < g.Taps; t++)
                    {
                        var iw = ((((n % g.Groups * g.Outputs) + o) * g.Inputs) + c) * g.Taps + t;
                        var (d, h, w) = g.Tap(t);
                        for (var q = 0; q < g.OutPlane; q++)
                        {
                            var x = (q / (g.Out[1] * g.Out[2]) * g.Stride[0]) - g.Padding[0] + (d * g.Dilation[0]);
                            var y = (q / g.Out[2] % g.Out[1] * g.Stride[1]) - g.Padding[1] + (h * g.Dilation[1]);
                            var z = (q % g.Out[2] * g.Stride[2]) - g.Padding[2] + (w * g.Dilation[2]);
                            if (x >= 0 && y >= 0 && z >= 0 && x < g.In[0] && y < g.In[1] && z < g.In[2])
                            {
                                term(
                                    (((n * g.Inputs) + c) * g.InPlane) + (((x * g.In[1]) + y) * g.In[2]) + z,
                                    iw,
                                    (((n * g.Outputs) + o) * g.OutPlane) + q);
                            }
                        }
                    }
                }
            }
        }
    }
}
