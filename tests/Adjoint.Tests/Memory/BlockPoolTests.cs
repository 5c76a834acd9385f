using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Tests.Memory;

/// <summary>
/// Tests that read the pool's totals or fill the memory run while no other test allocates,
/// and those that seed the generator of the process while no other draws from it.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>The pool of large blocks: size classes, reuse, what finalisers return, and many threads.</summary>
[Collection(Alone.Name)]
public unsafe class BlockPoolTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData(16 * 1024, 16 * 1024)]
    [InlineData((16 * 1024) + 1, 20 * 1024)]
    [InlineData(20 * 1024, 20 * 1024)]
    [InlineData((28 * 1024) + 1, 32 * 1024)]
    [InlineData(1_000_000, 1_048_576)]
    [InlineData(1_048_577, 1_310_720)]
    public void SizesHaveFourClassesToEachPowerOfTwo(int bytes, int expected)
    {
        Settle();
        var before = BlockPool.LiveBytes;
        var block = BlockPool.Rent(bytes);
        Assert.Equal(expected, BlockPool.LiveBytes - before);
        block.Return();
        Assert.Equal(before, BlockPool.LiveBytes);
    }

    [Fact]
    public void AtMostAFifthOfABlockIsUnused()
    {
        Settle();
        for (nint bytes = 16 * 1024; bytes < 200_000_000; bytes += (bytes / 37) + 1)
        {
            var before = BlockPool.LiveBytes;
            var block = BlockPool.Rent(bytes);
            var size = BlockPool.LiveBytes - before;
            block.Return();
            Assert.InRange(bytes, (long)Math.Ceiling(size * 0.8), size);
        }
    }

    [Fact]
    public void BlocksAreAlignedForTheWidestVectors()
    {
        for (var bytes = 16 * 1024; bytes < 300_000; bytes += 9973)
        {
            var block = BlockPool.Rent(bytes);
            Assert.Equal(0, (nint)block.Pointer % 64);
            block.Return();
        }
    }

    [Fact]
    public void TheLastBlockReturnedIsTheNextRented()
    {
        // Blocks of a class that no other test fills, so that no late finaliser puts one in between; and nothing else kept, so that
        // the pool has room to keep both.
        Settle();
        BlockPool.Trim();
        const int size = 41_000_000;
        var first = BlockPool.Rent(size);
        var second = BlockPool.Rent(size);
        var (a, b) = ((nint)first.Pointer, (nint)second.Pointer);
        Assert.NotEqual(a, b);
        first.Return();
        second.Return();
        var third = BlockPool.Rent(size - 1000); // of the same class
        var fourth = BlockPool.Rent(size);
        Assert.Equal(b, (nint)third.Pointer);
        Assert.Equal(a, (nint)fourth.Pointer);
        third.Return();
        fourth.Return();
    }

    [Fact]
    public void ABlockReturnsOnce()
    {
        Settle();
        var before = BlockPool.LiveBytes;
        var block = BlockPool.Rent(50_000);
        block.Return();
        Assert.True(block.Pointer == null);
        block.Return();
        Assert.Equal(before, BlockPool.LiveBytes);
    }

    [Fact]
    public void FinalisersReturnBlocks()
    {
        Settle();
        var before = BlockPool.LiveBytes;
        Assert.True(Waste() >= before + (20 * Megabyte));
        Settle();
        Assert.Equal(before, BlockPool.LiveBytes);

        // What is live while all are held: a collection may come at any time.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static long Waste()
        {
            var held = new Tensor[20];
            for (var i = 0; i < held.Length; i++)
            {
                held[i] = Tensor.Empty([Megabyte], DType.UInt8);
            }

            var live = BlockPool.LiveBytes;
            GC.KeepAlive(held);
            return live;
        }
    }

    [Fact]
    public void TrimGivesEverythingFreeBackToTheSystem()
    {
        BlockPool.Rent(70_000).Return();
        Assert.True(BlockPool.FreeBytes > 0);
        BlockPool.Trim();
        Assert.Equal(0, BlockPool.FreeBytes);
        var block = BlockPool.Rent(70_000);
        *block.Pointer = 1;
        block.Return();
    }

    /// <summary>The garbage collector does not see native bytes, so the pool asks it to collect: 4 GB go through 64 MB and what is live.</summary>
    [Fact]
    public void GarbageIsCollectedBeforeItPilesUp()
    {
        long before = 0, most = 0;
        for (var i = 0; i < 1200; i++)
        {
            if (i == 200)
            {
                // By now the pool has seen that little is live.
                Settle();
                BlockPool.Trim();
                before = BlockPool.LiveBytes;
                most = 0;
            }

            Tensor.Empty([4 * Megabyte], DType.UInt8);
            most = Math.Max(most, BlockPool.LiveBytes + BlockPool.FreeBytes - before);
        }

        Assert.InRange(most, 4 * Megabyte, 200L * Megabyte);
    }

    /// <summary>What is given back early is no garbage: 4 GB in scopes cause no collection.</summary>
    [Fact]
    public void WhatScopesGiveBackCausesNoCollection()
    {
        Settle();
        var before = Backend.Memory.Collections;
        for (var i = 0; i < 1000; i++)
        {
            using (new TensorScope())
            {
                Tensor.Empty([4 * Megabyte], DType.UInt8);
            }
        }

        // At most the one that was due anyhow, because of what was live when this began.
        Assert.InRange(Backend.Memory.Collections - before, 0, 1);
    }

    /// <summary>What a collection has shown to be needed may be filled again and again without another.</summary>
    [Fact]
    public void AWorkingSetIsLearntOnce()
    {
        Settle();
        Work();
        Work();
        var before = Backend.Memory.Collections;
        for (var i = 0; i < 20; i++)
        {
            Work();
        }

        Assert.InRange(Backend.Memory.Collections - before, 0, 2);

        static void Work()
        {
            using (new TensorScope())
            {
                for (var i = 0; i < 60; i++)
                {
                    Tensor.Empty([4 * Megabyte], DType.UInt8);
                }
            }
        }
    }

    /// <summary>Blocks that are kept give way to new ones of another size.</summary>
    [Fact]
    public void KeptBlocksOfOtherSizesMakeRoom()
    {
        Settle();
        BlockPool.Trim();
        var before = BlockPool.LiveBytes;
        for (var size = 20; size < 28; size++)
        {
            using (new TensorScope())
            {
                for (var i = 0; i < 50; i++)
                {
                    Tensor.Empty([size << 18], DType.UInt8);
                    Assert.InRange(BlockPool.LiveBytes + BlockPool.FreeBytes - before, 0, 2 * 50 * 7L * Megabyte);
                }
            }
        }
    }

    [Fact]
    public void AConcurrentBlockIsNobodyElses()
    {
        Settle();
        var before = BlockPool.LiveBytes;
        var failures = 0;
        var threads = Enumerable.Range(1, 8).Select(number => new Thread(() =>
        {
            var random = new Random(number);
            var held = new Queue<(Block Block, nint Bytes, byte Mark)>();
            for (var i = 0; i < 3000; i++)
            {
                nint bytes = (16 * 1024) + (random.Next(6) * 5000);
                var block = BlockPool.Rent(bytes);
                var mark = (byte)random.Next(1, 256);
                new Span<byte>(block.Pointer, (int)bytes).Fill(mark);
                held.Enqueue((block, bytes, mark));
                if (held.Count > random.Next(8))
                {
                    var (old, length, expected) = held.Dequeue();
                    if (new Span<byte>(old.Pointer, (int)length).ContainsAnyExcept(expected))
                    {
                        Interlocked.Increment(ref failures);
                    }

                    old.Return();
                }
            }

            foreach (var (block, _, _) in held)
            {
                block.Return();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, failures);
        Assert.Equal(before, BlockPool.LiveBytes);
    }

    /// <summary>A size that no machine has: the exception says so, and the pool's books are as before.</summary>
    [Fact]
    public void WhatTheSystemCannotGiveIsNotCounted()
    {
        Settle();
        var before = BlockPool.LiveBytes;
        Assert.Throws<OutOfMemoryException>(() => Tensor.Empty([1 << 30, 1 << 27], DType.Float64));
        Assert.Equal(before, BlockPool.LiveBytes);
        var x = Tensor.Full([Megabyte], 1, DType.UInt8);
        Assert.Equal(Megabyte, x.Sum().Item<long>());
    }

    private static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
