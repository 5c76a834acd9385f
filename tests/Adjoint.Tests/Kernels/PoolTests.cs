using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>Max pools against a search of each window, with equal elements, infinities and NaN,
/// wide enough for whole registers and their rests.</summary>
public sealed class PoolTests
{
    [Theory]
    [InlineData(1, 2, 2, 0, 1, false)]
    [InlineData(11, 2, 2, 0, 1, false)]
    [InlineData(19, 3, 1, 1, 1, false)]
    [InlineData(22, 3, 2, 1, 1, true)]
    [InlineData(30, 2, 3, 1, 2, true)]
    [InlineData(9, 4, 4, 2, 1, true)]
    public void LargestElementIsFound(int size, int kernel, int stride, int padding, int dilation, bool ceil)
    {
        Check<float>(Math.Max(size, kernel), kernel, stride, padding, dilation, ceil);
        Check<double>(Math.Max(size, kernel), kernel, stride, padding, dilation, ceil);
    }

    /// <summary>PyTorch takes an element that is larger than the best so far, or NaN: a NaN stays until the next one.</summary>
    [Fact]
    public void NaNWinsWhereverItIs()
    {
        var nan = float.NaN;
        var (values, at) = Tensor.FromArray([nan, 5f, 5f, nan, nan, nan, 1f, 2f], 1, 8).MaxPool1dWithIndices(2);
        Assert.Equal([nan, nan, nan, 2f], values.ToArray<float>());
        Assert.Equal([0L, 3L, 5L, 7L], at.ToArray<long>());
    }

    [Fact]
    public void MinusInfinityAloneIsTheFirst()
    {
        var (values, at) = Tensor.Full([1, 12], float.NegativeInfinity).MaxPool1dWithIndices(3);
        Assert.Equal(Enumerable.Repeat(float.NegativeInfinity, 4), values.ToArray<float>());
        Assert.Equal([0L, 3L, 6L, 9L], at.ToArray<long>());
    }

    private static void Check<T>(int size, int kernel, int stride, int padding, int dilation, bool ceil)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        const int channels = 3;
        var random = new Random(size);
        T[] special = [T.NaN, T.NegativeInfinity, T.PositiveInfinity];
        var x = new T[channels * size * size];
        for (var i = 0; i < x.Length; i++)
        {
            var draw = random.Next(30);
            x[i] = draw < special.Length && i % channels > 0 ? special[draw] : T.CreateChecked(random.Next(-4, 5));
        }

        var (values, at) = Tensor.FromArray(x, channels, size, size).MaxPool2dWithIndices(kernel, stride, padding, dilation, ceil);
        var (found, places) = (values.ToArray<T>(), at.ToArray<long>());
        var output = values.Layout.Sizes[^1];
        for (var i = 0; i < found.Length; i++)
        {
            var (c, h, w) = (i / (output * output), (i / output % output * stride) - padding, (i % output * stride) - padding);
            var (best, place) = (T.NegativeInfinity, -1);
            for (var t = 0; t < kernel * kernel; t++)
            {
                var (j, k) = (h + (t / kernel * dilation), w + (t % kernel * dilation));
                if ((uint)j >= (uint)size || (uint)k >= (uint)size)
                {
                    continue;
                }

                var value = x[(((c * size) + j) * size) + k];
                if (place < 0 || value > best || T.IsNaN(value))
                {
                    (best, place) = (value, (j * size) + k);
                }
            }

            Assert.Equal(place, places[i]);
            Assert.Equal(best, found[i]);
        }
    }
}
