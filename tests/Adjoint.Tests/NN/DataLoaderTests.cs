using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Order, place and threads of loaders, and how data sets are divided.</summary>
public class DataLoaderTests
{
    private static DataLoader<long[]> Loader(int workers, int count = 23, bool dropLast = false, bool shuffle = true) => DataLoader.Of(
        Dataset.Of(Enumerable.Range(0, count).Select(i => (long)i).ToArray()),
        samples => samples.ToArray(),
        batchSize: 4,
        shuffle,
        seed: 7,
        dropLast,
        workers);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void EachSampleComesOnceAnEpochInAnOrderOfItsOwn(int workers)
    {
        var loader = Loader(workers);
        var (first, second) = (loader.SelectMany(batch => batch).ToArray(), loader.SelectMany(batch => batch).ToArray());
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (long)i), first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(first, Loader(workers: 2).SelectMany(batch => batch));
        Assert.Equal(2, loader.Epoch);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void GoesOnInTheMiddleOfAnEpoch(int workers)
    {
        var whole = Loader(0);
        long[][][] expected = [[.. whole], [.. whole]];
        var loader = Loader(workers);
        _ = loader.ToList();
        var read = new List<long[]>();
        IDictionary<string, object?>? state = null;
        foreach (var batch in loader)
        {
            read.Add(batch);
            if (read.Count == 3)
            {
                state = loader.StateDict();
                break;
            }
        }

        var other = Loader(workers);
        other.LoadStateDict((System.Collections.IDictionary)state!);
        read.AddRange(other);
        Assert.Equal(expected[1], read);
        Assert.Equal(2, other.Epoch);
    }

    [Fact]
    public async Task ManyThreadsKeepTheOrderAndStopWhenAsked()
    {
        var expected = Loader(0).ToArray();
        var read = new List<long[]>();
        await foreach (var batch in Loader(4))
        {
            read.Add(batch);
        }

        Assert.Equal(expected, read);
        using var stop = new CancellationTokenSource();
        var loader = Loader(2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in loader.ReadAllAsync(stop.Token))
            {
                stop.Cancel();
            }
        });
        Assert.Equal(1, loader.Position);
    }

    [Fact]
    public void AnErrorOfAThreadArrives()
    {
        var loader = DataLoader.Of(
            Dataset.Of([1, 2, 3]).Map(i => i < 3 ? i : throw new InvalidDataException("three")), Collate.Numbers, workers: 2);
        Assert.Equal("three", Assert.Throws<InvalidDataException>(() => loader.ToList()).Message);
    }

    [Fact]
    public void RowsAreStacked()
    {
        var set = Dataset.Of(Tensor.Arange(10, DType.Float32).Reshape(5, 2), Tensor.Arange(5));
        Assert.Equal(3, DataLoader.Of(set, batchSize: 2).Count);
        Assert.Equal(2, DataLoader.Of(set, batchSize: 2, dropLast: true).Count);
        var (x, y) = DataLoader.Of(set, batchSize: 2).Skip(1).First();
        Assert.Equal([4, 5, 6, 7], x.ToArray<float>());
        Assert.Equal([2, 3], y.ToArray<long>());
        var (x2, y2) = DataLoader.Of(set.Subset([2, 3]), batchSize: 2).Single();
        Assert.Equal(x.ToArray<float>(), x2.ToArray<float>());
        Assert.Equal(y.Shape, y2.Shape);
    }

    [Fact]
    public void SetsAreDivided()
    {
        var set = Dataset.Of(Enumerable.Range(0, 10).ToArray());
        var parts = set.RandomSplit([0.75, 0.25], new Generator(1));
        Assert.Equal([8, 2], parts.Select(part => part.Count));
        Assert.Equal(Enumerable.Range(0, 10), parts[0].Concat(parts[1]).Order());
        Assert.Throws<ArgumentException>(() => set.RandomSplit([5, 4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Subset([10]));
    }
}
