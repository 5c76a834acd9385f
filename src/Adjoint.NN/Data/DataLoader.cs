using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint.NN;

/// <summary>
/// Batches of a data set, epoch after epoch (<c>torch.utils.data.DataLoader</c>). Each enumeration is an epoch. The order depends on the seed and
/// the number of the epoch alone, whatever else draws numbers and however many threads read ahead, so that <see cref="StateDict"/> is three
/// numbers, also in the middle of an epoch: after <see cref="LoadStateDict"/> the next enumeration goes on behind the batch that was handed out
/// last.
/// </summary>
/// <typeparam name="B">A batch.</typeparam>
/// <example>
/// <code>
/// var loader = DataLoader.Of(Dataset.Of(x, y), batchSize: 64, shuffle: true, seed: 1, workers: 2);
/// await foreach (var (input, target) in loader.ReadAllAsync(token)) { ... }
/// </code>
/// </example>
public sealed class DataLoader<B> : IEnumerable<B>
{
    private readonly Func<int> _count;
    private readonly Func<IReadOnlyList<int>, B> _read;
    private object? _running;
    private bool _goesOn;

    /// <summary>Makes a loader of what reads a batch.</summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="read">Makes the batch of some samples, by their places; with workers, on several threads at once.</param>
    /// <param name="batchSize">How many samples a batch has.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">What the orders depend on.</param>
    /// <param name="dropLast">Leave out a last batch that is smaller.</param>
    /// <param name="workers">How many batches are made at once, on threads of the pool; 0: on the thread that asks.</param>
    /// <param name="prefetchFactor">How many batches are ready or in work for each worker.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive.</exception>
    public DataLoader(
        Func<int> count,
        Func<IReadOnlyList<int>, B> read,
        int batchSize = 1,
        bool shuffle = false,
        ulong seed = 0,
        bool dropLast = false,
        int workers = 0,
        int prefetchFactor = 2)
    {
        ArgumentNullException.ThrowIfNull(count);
        ArgumentNullException.ThrowIfNull(read);
        Limits.ThrowIfLessThan(batchSize, 1);
        Limits.ThrowIfNegative(workers);
        Limits.ThrowIfLessThan(prefetchFactor, 1);
        (_count, _read) = (count, read);
        (BatchSize, Shuffle, Seed, DropLast, Workers, PrefetchFactor) = (batchSize, shuffle, seed, dropLast, workers, prefetchFactor);
    }

    /// <summary>How many samples a batch has.</summary>
    public int BatchSize { get; }

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; }

    /// <summary>What the orders depend on.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Whether a last batch that is smaller is left out.</summary>
    public bool DropLast { get; }

    /// <summary>How many batches are made at once.</summary>
    public int Workers { get; }

    /// <summary>How many batches are ready or in work for each worker.</summary>
    public int PrefetchFactor { get; }

    /// <summary>The epoch of the running enumeration, or of the next one if none has begun; from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>How many batches of the epoch have been handed out.</summary>
    public int Position { get; private set; }

    /// <summary>How many batches an epoch has.</summary>
    public int Count => (int)((_count() + (DropLast ? 0 : BatchSize - 1L)) / BatchSize);

    /// <summary>The place in the data: <c>seed</c>, <c>epoch</c> and <c>position</c>.</summary>
    public OrderedDictionary<string, object?> StateDict() => new()
    {
        ["seed"] = unchecked((long)Seed),
        ["epoch"] = (long)Epoch,
        ["position"] = (long)Position,
    };

    /// <summary>Goes to a place in the data: the next enumeration begins there.</summary>
    /// <param name="state">What <see cref="StateDict"/> gave.</param>
    public void LoadStateDict(IDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Seed = unchecked((ulong)Whole("seed"));
        (Epoch, Position, _running, _goesOn) = (Place("epoch"), Place("position"), null, true);

        int Place(string name) => Whole(name) is >= 0 and <= int.MaxValue and var place ? (int)place
            : throw new ArgumentException($"The state of a data loader has {Whole(name)} for '{name}'.", nameof(state));

        long Whole(string name) => Convert.ToInt64(
            state[name] ?? throw new ArgumentException($"The state of a data loader has no '{name}'.", nameof(state)), CultureInfo.InvariantCulture);
    }

    /// <summary>The batches of an epoch.</summary>
    public IEnumerator<B> GetEnumerator()
    {
        using var ahead = Begin(CancellationToken.None);
        while (ahead.Take() is { } next)
        {
            var batch = next.GetAwaiter().GetResult();
            ahead.HandOut();
            yield return batch;
        }

        ahead.End();
    }

    /// <summary>
    /// What <c>await foreach (var batch in loader)</c> calls. The interface of asynchronous sequences is not there besides the other: queries would
    /// not know which of both is meant.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration between batches.</param>
    public IAsyncEnumerator<B> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        ReadAllAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    /// <summary>The batches of an epoch; the thread that waits for one is free meanwhile.</summary>
    /// <param name="cancellationToken">Ends the enumeration between batches.</param>
    public async IAsyncEnumerable<B> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ahead = Begin(cancellationToken);
        while (ahead.Take() is { } next)
        {
            var batch = await next.ConfigureAwait(false);
            ahead.HandOut();
            yield return batch;
        }

        ahead.End();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Begins an epoch. The loader's place is that of the enumeration that began last.</summary>
    private ReadAhead Begin(CancellationToken token)
    {
        if (!_goesOn && Position > 0)
        {
            // The last enumeration was left before its end.
            (Epoch, Position) = (Epoch + 1, 0);
        }

        _goesOn = false;
        var count = _count();
        var order = Shuffle
            ? Array.ConvertAll(Tensor.Randperm(count, new Generator(Mixed(Seed, (ulong)Epoch))).ToArray<long>(), place => (int)place)
            : [.. Enumerable.Range(0, count)];
        var batches = order.Chunk(BatchSize);
        var ahead = new ReadAhead(this, [.. DropLast ? batches.Where(batch => batch.Length == BatchSize) : batches], token);
        _running = ahead;
        return ahead;
    }

    /// <summary>A seed for each epoch: splitmix64 of Steele and others ("Fast splittable pseudorandom number generators", 2014).</summary>
    private static ulong Mixed(ulong seed, ulong epoch)
    {
        var z = unchecked(seed + ((epoch + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>An enumeration: its batches in work, in their order.</summary>
    private sealed class ReadAhead(DataLoader<B> loader, int[][] batches, CancellationToken token) : IDisposable
    {
        private readonly Queue<Task<B>> _tasks = new();
        private readonly SemaphoreSlim _workers = new(Math.Max(loader.Workers, 1));
        private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(token);
        private int _next = loader.Position;
        private int _position = loader.Position;

        /// <summary>The batch that is handed out next; null at the end.</summary>
        public Task<B>? Take()
        {
            token.ThrowIfCancellationRequested();
            if (_position >= batches.Length)
            {
                return null;
            }

            if (loader.Workers == 0)
            {
                return Task.FromResult(loader._read(batches[_position]));
            }

            while (_next < batches.Length && _tasks.Count < (long)loader.Workers * loader.PrefetchFactor)
            {
                var places = batches[_next++];
                _tasks.Enqueue(Task.Run(() => Read(places), _end.Token));
            }

            return _tasks.Dequeue();
        }

        /// <summary>Counts a batch before it is handed out, so that whoever has it may write down the place behind it.</summary>
        public void HandOut() => MoveTo(loader.Epoch, ++_position);

        public void End() => MoveTo(loader.Epoch + 1, 0);

        public void Dispose()
        {
            // What is in work still reads the data set, which its owner may close next.
            _end.Cancel();
            try
            {
                Task.WaitAll([.. _tasks]);
            }
            catch (AggregateException)
            {
                // Nobody asked for these batches.
            }

            _workers.Dispose();
            _end.Dispose();
        }

        private void MoveTo(int epoch, int position)
        {
            if (loader._running == this)
            {
                (loader.Epoch, loader.Position) = (epoch, position);
            }
        }

        private async Task<B> Read(int[] places)
        {
            await _workers.WaitAsync(_end.Token).ConfigureAwait(false);
            try
            {
                return loader._read(places);
            }
            finally
            {
                _workers.Release();
            }
        }
    }
}

/// <summary>Makes loaders of data sets.</summary>
public static class DataLoader
{
    /// <summary>A loader of the rows of tensors, which are taken many at once.</summary>
    /// <inheritdoc cref="Of{T, B}"/>
    public static DataLoader<(Tensor X, Tensor Y)> Of(
        TensorDataset dataset,
        int batchSize = 1,
        bool shuffle = false,
        ulong seed = 0,
        bool dropLast = false,
        int workers = 0,
        int prefetchFactor = 2)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new(() => dataset.Count, dataset.Rows, batchSize, shuffle, seed, dropLast, workers, prefetchFactor);
    }

    /// <summary>A loader of pairs of tensors, which are stacked.</summary>
    /// <inheritdoc cref="Of{T, B}"/>
    public static DataLoader<(Tensor X, Tensor Y)> Of(
        Dataset<(Tensor X, Tensor Y)> dataset,
        int batchSize = 1,
        bool shuffle = false,
        ulong seed = 0,
        bool dropLast = false,
        int workers = 0,
        int prefetchFactor = 2) => Of(dataset, Collate.Stack, batchSize, shuffle, seed, dropLast, workers, prefetchFactor);

    /// <summary>A loader of samples of any form.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="collate">Makes a batch of samples (<c>collate_fn</c>); see <see cref="Collate"/>.</param>
    /// <param name="batchSize">How many samples a batch has.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own.</param>
    /// <param name="seed">What the orders depend on.</param>
    /// <param name="dropLast">Leave out a last batch that is smaller.</param>
    /// <param name="workers">How many batches are made at once, on threads of the pool; 0: on the thread that asks.</param>
    /// <param name="prefetchFactor">How many batches are ready or in work for each worker.</param>
    public static DataLoader<B> Of<T, B>(
        Dataset<T> dataset,
        Func<IReadOnlyList<T>, B> collate,
        int batchSize = 1,
        bool shuffle = false,
        ulong seed = 0,
        bool dropLast = false,
        int workers = 0,
        int prefetchFactor = 2)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(collate);
        return new(
            () => dataset.Count,
            places => collate([.. places.Select(place => dataset[place])]),
            batchSize,
            shuffle,
            seed,
            dropLast,
            workers,
            prefetchFactor);
    }
}
