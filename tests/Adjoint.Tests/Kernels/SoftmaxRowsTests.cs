using Xunit;

namespace Adjoint.Tests.Kernels;

/// <summary>Rows in one pass against the definition in float64, at lengths around the width of registers, and with infinities and NaN.</summary>
public sealed class SoftmaxRowsTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(47)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(8192)]
    public void RowsAreTheDefinition(int length)
    {
        var random = new Random(length);
        var values = Enumerable.Range(0, 3 * length).Select(_ => (random.NextDouble() * 60) - 30).ToArray();
        foreach (var (dtype, tolerance) in new[] { (DType.Float32, 4e-6), (DType.Float64, 1e-14) })
        {
            var x = Tensor.FromArray(values, 3, length).To(dtype);
            var exact = x.To(DType.Float64).ToArray<double>();
            var softmax = x.Softmax(1).To(DType.Float64).ToArray<double>();
            var logarithm = x.LogSoftmax(1).To(DType.Float64).ToArray<double>();
            for (var row = 0; row < 3; row++)
            {
                var line = exact[(row * length)..((row + 1) * length)];
                var total = line.Sum(value => Math.Exp(value - line.Max()));
                for (var i = 0; i < length; i++)
                {
                    var expected = line[i] - line.Max() - Math.Log(total);
                    Assert.Equal(Math.Exp(expected), softmax[(row * length) + i], tolerance);
                    Assert.Equal(expected, logarithm[(row * length) + i], 60 * tolerance);
                }
            }
        }
    }

    /// <summary>As in PyTorch: an infinite largest element and a NaN make the whole row NaN; negative infinity alone is probability 0.</summary>
    [Fact]
    public void SpecialValues()
    {
        foreach (var length in new[] { 16, 21, 40 })
        {
            for (var place = 0; place < length; place++)
            {
                foreach (var special in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
                {
                    var x = Tensor.Zeros([length], DType.Float64);
                    x[place] = special;
                    var (softmax, logarithm) = (x.Softmax(0).ToArray<double>(), x.LogSoftmax(0).ToArray<double>());
                    for (var i = 0; i < length; i++)
                    {
                        var isGone = special < 0 && i == place;
                        Assert.Equal(special < 0 ? isGone ? 0 : 1.0 / (length - 1) : double.NaN, softmax[i], 1e-15);
                        Assert.Equal(special < 0 ? isGone ? special : -Math.Log(length - 1) : double.NaN, logarithm[i], 1e-14);
                    }
                }
            }

            Assert.All(
                Tensor.Full([length], double.NegativeInfinity).Softmax(0).To(DType.Float64).ToArray<double>(),
                value => Assert.Equal(double.NaN, value));
        }
    }
}
