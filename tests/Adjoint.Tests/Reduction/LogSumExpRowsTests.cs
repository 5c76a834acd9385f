namespace Adjoint.Tests.Reduction;

/// <summary>The logarithm of sums of exponentials of rows that are long enough for a kernel of their own.</summary>
public class LogSumExpRowsTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(100)]
    [InlineData(8192)]
    [InlineData(8193)]
    public void AgreesWithTheDefinition(int length)
    {
        double[] values = [.. Enumerable.Range(0, 3 * length).Select(i => (i * 37 % 101 / 10.0) - 5)];
        var result = Tensor.FromArray(values, 3, length).LogSumExp(1).ToArray<double>();
        for (var row = 0; row < 3; row++)
        {
            var expected = Math.Log(values.Skip(row * length).Take(length).Sum(Math.Exp));
            Assert.Equal(expected, result[row], 1e-12);
        }
    }

    /// <summary>What PyTorch gives: an infinite largest element is the result, and NaN spreads.</summary>
    [Fact]
    public void SpecialRows()
    {
        var x = Tensor.Zeros([4, 40]);
        x[0] = double.NegativeInfinity;
        x[1, 17] = double.PositiveInfinity;
        x[2, 39] = double.NaN;
        x[3, 3] = double.NegativeInfinity;
        var y = x.LogSumExp(-1).ToArray<float>();
        Assert.Equal(float.NegativeInfinity, y[0]);
        Assert.Equal(float.PositiveInfinity, y[1]);
        Assert.Equal(float.NaN, y[2]);
        Assert.Equal(MathF.Log(39), y[3], 1e-6f);
    }

    [Fact]
    public void KeepsOrDropsTheDimension()
    {
        var x = Tensor.Zeros([2, 5, 20]);
        Assert.Equal([2, 5], x.LogSumExp(2).Shape);
        Assert.Equal([2, 5, 1], x.LogSumExp(2, keepDim: true).Shape);
    }
}
