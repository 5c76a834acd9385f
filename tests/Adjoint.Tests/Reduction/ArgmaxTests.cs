namespace Adjoint.Tests.Reduction;

/// <summary>Positions of extreme elements: PyTorch's rule, the first NaN or else the first of equal ones, written down as a loop.</summary>
public class ArgmaxTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(129)]
    [InlineData(1000)]
    public void AreTheFirstOfEqualOnes(int length)
    {
        var random = new Random(length);
        foreach (var kind in new[] { 3, 1000, -1, -2 })
        {
            // Few different values; many; zeros of both signs; some NaN.
            var values = Enumerable.Range(0, 80 * length).Select(_ => kind switch
            {
                -1 => random.Next(2) == 0 ? 0.0 : -0.0,
                -2 => random.Next(length) == 0 ? double.NaN : random.Next(5),
                _ => random.Next(kind) - (kind / 2.0),
            }).ToArray();
            foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int64, DType.Int32 })
            {
                if (kind == -2 && !dtype.IsFloatingPoint)
                {
                    continue;
                }

                var x = Tensor.FromArray(values, 80, length).To(dtype);
                Check(x, 1, x.Argmax(1), largest: true);
                Check(x, 1, x.Argmin(1), largest: false);
                Check(x.T, 0, x.T.Argmax(0), largest: true);
                Check(x, 0, x.Argmax(0), largest: true);
                Check(x, 0, x.Argmin(0), largest: false);
            }
        }
    }

    /// <summary>Rows that threads share in pieces.</summary>
    [Theory]
    [InlineData(99_999)]
    [InlineData(200_000)]
    public void OfLongRows(int length)
    {
        var values = Enumerable.Range(0, length).Select(i => (double)(i * 7919L % 1000)).ToArray();
        var x = Tensor.FromArray(values);
        Assert.Equal(Array.IndexOf(values, 999), x.Argmax().Item());
        Assert.Equal(0, x.Argmin().Item());
        Assert.Equal(Array.IndexOf(values, 999), x.To(DType.Int64).Argmax().Item());
        x[length - 2] = 5000;
        Assert.Equal(length - 2, x.Argmax().Item());
        x[length - 1] = double.NaN;
        Assert.Equal(length - 1, x.Argmin().Item());
        x[length / 2] = double.NaN;
        Assert.Equal(length / 2, x.Argmax().Item());
    }

    private static void Check(Tensor x, int dim, Tensor positions, bool largest)
    {
        var rows = x.Movedim(dim, 1).Contiguous().To(DType.Float64).ToArray<double>();
        var length = x.Shape[dim];
        var found = positions.ToArray<long>();
        for (var r = 0; r < found.Length; r++)
        {
            var row = rows.AsSpan(r * length, length);
            var best = 0;
            for (var i = 1; i < length && !double.IsNaN(row[best]); i++)
            {
                if (double.IsNaN(row[i]) || (largest ? row[i] > row[best] : row[i] < row[best]))
                {
                    best = i;
                }
            }

            Assert.Equal(best, found[r]);
        }
    }
}
