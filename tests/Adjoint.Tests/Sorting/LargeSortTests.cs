namespace Adjoint.Tests.Sorting;

/// <summary>Rows that are long enough for passes over bytes, lists of the best, and parting: against LINQ's stable sort.</summary>
public class LargeSortTests
{
    public static TheoryData<int, int> Lengths => new() { { 255, 1 }, { 256, 1 }, { 1000, 3 }, { 5000, 2 }, { 200_000, 1 } };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void RealsOfManyMagnitudesAreInOrder(int length, int rows)
    {
        var random = new Random(length);
        var x = new double[rows * length];
        foreach (ref var value in x.AsSpan())
        {
            // Few different ones, so that many are equal; both zeros, NaN and infinities among them.
            value = random.Next(40) switch
            {
                0 => 0.0,
                1 => -0.0,
                2 => double.NaN,
                3 => double.PositiveInfinity,
                4 => double.NegativeInfinity,
                < 20 => Math.ScaleB(random.Next(-8, 8), random.Next(-30, 30)),
                _ => (float)(random.NextDouble() - 0.5),
            };
        }

        foreach (var dtype in new[] { DType.Float64, DType.Float32, DType.Float16 })
        {
            Compare(Tensor.FromArray(x).To(dtype), rows, length);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void WholeNumbersAreInOrder(int length, int rows)
    {
        var random = new Random(length);
        var x = new long[rows * length];
        foreach (ref var value in x.AsSpan())
        {
            value = random.Next(3) == 0 ? random.Next(-3, 3) : random.NextInt64(-(1L << 40), 1L << 40);
        }

        Compare(Tensor.FromArray(x), rows, length);
        Compare(Tensor.FromArray(x).To(DType.Int32), rows, length);
        Compare(Tensor.FromArray(x).To(DType.UInt8), rows, length);
        Compare(Tensor.FromArray(x).Ne(0), rows, length);
    }

    /// <summary>Ends of the ranges, where a difference would overflow.</summary>
    [Fact]
    public void TheEndsOfRangesAreInOrder()
    {
        Assert.Equal([1L, 3, 2, 0], Tensor.FromArray([long.MaxValue, long.MinValue, 5, -5]).ArgSort().ToArray<long>());
        Assert.Equal([1L, 3, 2, 0], Tensor.FromArray([int.MaxValue, int.MinValue, 5, -5]).ArgSort().ToArray<long>());
        Assert.Equal([2L, 0, 1], Tensor.FromArray([double.Epsilon, double.MaxValue, -double.Epsilon]).ArgSort().ToArray<long>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(200)]
    [InlineData(900)]
    public void TheFirstFewAreThoseOfTheOrder(int k)
    {
        var random = new Random(k);
        double[] numbers = [.. Enumerable.Range(0, 3000).Select(_ => random.Next(10) == 0 ? double.NaN : random.Next(-200, 200) / 8.0)];
        var x = Tensor.FromArray(numbers).Reshape(3, 1000);
        foreach (var dtype in new[] { DType.Float64, DType.Float32, DType.BFloat16, DType.Int32 })
        {
            var typed = dtype == DType.Int32 ? Tensor.Where(x.Ne(x), 0.0, x).To(dtype) : x.To(dtype);
            foreach (var largest in new[] { false, true })
            {
                var (sorted, order) = typed.Sort(descending: largest);
                var (values, positions) = typed.TopK(k, largest: largest);
                Assert.Equal(order[.., ..k].Reshape(-1).ToArray<long>(), positions.Reshape(-1).ToArray<long>());
                Assert.Equal(sorted[.., ..k].Reshape(-1).ToArray<double>(), values.Reshape(-1).ToArray<double>());
            }
        }
    }

    [Fact]
    public void ColumnsOfAMatrixAreRowsOfAnother()
    {
        var random = new Random(3);
        var x = Tensor.FromArray(Array.ConvertAll(new double[40_000], _ => (double)random.Next(500))).Reshape(400, 100);
        Assert.Equal(x.T.Contiguous().ArgSort(1).T.Reshape(-1).ToArray<long>(), x.ArgSort(0).Reshape(-1).ToArray<long>());
        Assert.Equal(x.T.Sort(1).Values.T.Reshape(-1).ToArray<double>(), x.Sort(0).Values.Reshape(-1).ToArray<double>());
    }

    private static void Compare(Tensor x, int rows, int length)
    {
        x = x.Reshape(rows, length);
        var numbers = x.To(DType.Float64).ToArray<double>();
        foreach (var descending in new[] { false, true })
        {
            var (values, positions) = x.Sort(1, descending);
            var places = positions.Reshape(-1).ToArray<long>();
            var sorted = values.To(DType.Float64).Reshape(-1).ToArray<double>();
            for (var row = 0; row < rows; row++)
            {
                var own = numbers[(row * length)..((row + 1) * length)];

                // A NaN is above infinity; a sum with zero has no negative zero.
                double Rank(int i) => double.IsNaN(own[i]) ? 1 : 0;
                var range = Enumerable.Range(0, length);
                var order = descending
                    ? range.OrderByDescending(Rank).ThenByDescending(i => own[i] + 0.0).ToArray()
                    : range.OrderBy(Rank).ThenBy(i => own[i] + 0.0).ToArray();
                Assert.Equal(order.Select(i => (long)i), places[(row * length)..((row + 1) * length)]);
                Assert.Equal(order.Select(i => own[i]), sorted[(row * length)..((row + 1) * length)]);
            }
        }
    }
}
