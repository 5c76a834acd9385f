using Adjoint.Memory;
using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Memory;

/// <summary>The memory behind tensors: managed when small, a block of the pool when large, and unusable once given back.</summary>
[Collection(Alone.Name)]
public class StorageTests
{
    private const int Large = 20_000;

    [Fact]
    public void OnlyLargeStoragesAreBlocks()
    {
        var before = BlockPool.LiveBytes;
        var small = Storage.Allocate(Storage.SmallBytes - 1);
        Assert.Equal(before, BlockPool.LiveBytes);
        var large = Storage.Allocate(Storage.SmallBytes);
        Assert.Equal(before + Storage.SmallBytes, BlockPool.LiveBytes);
        GC.KeepAlive(small);
        large.Release();
        Assert.Equal(before, BlockPool.LiveBytes);
    }

    [Fact]
    public void AnEmptyStorageHasAnOrigin()
    {
        var storage = Storage.Allocate(0);
        Assert.Equal(0, storage.ByteLength);
        _ = storage.Origin;
        Assert.Equal(0, Storage.AllocateZeroed(0).AsSpan<double>().Length);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Large)]
    public void ZeroedMemoryIsZeroAlthoughItWasUsedBefore(int bytes)
    {
        for (var i = 0; i < 4; i++)
        {
            var used = Storage.Allocate(bytes);
            used.AsSpan<byte>().Fill(0xFF);
            used.Release();
            var zeroed = Storage.AllocateZeroed(bytes);
            Assert.False(zeroed.AsSpan<byte>().ContainsAnyExcept((byte)0));
            zeroed.Release();
        }
    }

    [Fact]
    public void WhatWasGivenBackCannotBeRead()
    {
        var x = Tensor.Ones([Large], DType.Float32);
        var view = x[1..].Reshape(1, Large - 1);
        x.Storage.Release();
        Assert.Throws<ObjectDisposedException>(() => x.Sum());
        Assert.Throws<ObjectDisposedException>(() => x + 1);
        Assert.Throws<ObjectDisposedException>(() => x.Add_(1));
        Assert.Throws<ObjectDisposedException>(() => x.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => x.ToString());
        Assert.Throws<ObjectDisposedException>(() => x[0].Item());
        Assert.Throws<ObjectDisposedException>(() => view.Clone());
        Assert.Throws<ObjectDisposedException>(() => view.MatMul(view.T));
        Assert.Throws<ObjectDisposedException>(() => view[0, new[] { 1 }]);
        x.Storage.Release();
    }

    [Fact]
    public void GivingBackASmallStorageDoesNothing()
    {
        var x = Tensor.Ones([3], DType.Float64);
        x.Storage.Release();
        Holds(x, 1, 1, 1);
    }

    /// <summary>What a pass gives back is what it made itself: never a tensor that the user can name.</summary>
    [Fact]
    public void NothingAUserHoldsIsGivenBack()
    {
        var x = Tensor.Ones([Large], DType.Float64).RequiresGrad_();
        var g = Tensor.Full([Large], 2.0, DType.Float64);
        var h = x * 3;
        var y = (h + h.Reshape(2, Large / 2).Reshape(Large)) * g;
        h.RetainGrad();
        List<Tensor> seen = [];
        y.RegisterHook(seen.Add);
        h.RegisterHook(seen.Add);
        x.RegisterHook(seen.Add);
        y.Backward(g);
        foreach (var (tensor, value) in new[]
                 {
                     (x, 1.0), (g, 2), (h, 3), (y, 12), (h.Grad!, 8), (x.Grad!, 24), (seen[0], 2), (seen[1], 8), (seen[2], 24),
                 })
        {
            Assert.Equal(value * Large, tensor.Detach().Sum().Item());
        }
    }

    /// <summary>Gradients that nobody asked for go back during the pass: a chain of a
    /// hundred operators needs the room of a few gradients, not of a hundred.</summary>
    [Fact]
    public void APassGivesBackWhatItNoLongerNeeds()
    {
        const int bytes = 1_000_000;
        var x = Tensor.Ones([bytes / 8], DType.Float64).RequiresGrad_();
        var y = x;
        for (var i = 0; i < 100; i++)
        {
            y = y.Sin();
        }

        var seed = Tensor.OnesLike(y);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = BlockPool.LiveBytes;
        Autograd.Grad(y, x, seed, retainGraph: true);
        Assert.InRange(BlockPool.LiveBytes - before, 0, 3 * bytes);
        GC.KeepAlive(y);
    }

    /// <summary>Counts that wrap around to something small would let a loop write past the end.</summary>
    [Fact]
    public void SizesThatCannotBeAddressedAreRefused()
    {
        var one = Tensor.Ones(1);
        Fails<ShapeException>("Storage size calculation overflowed with sizes=", () => one.Expand(1 << 30, 1 << 30).Clone());
        Fails<ShapeException>("Storage size calculation overflowed with sizes=", () => one.Expand(1 << 30, 1 << 30, 4).Add(1));
        Assert.Throws<ShapeException>(() => Tensor.Empty([int.MaxValue, int.MaxValue, 2]));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(int.MaxValue, int.MaxValue, int.MaxValue));
        Assert.Throws<ShapeException>(() => one.Expand(int.MaxValue, int.MaxValue, int.MaxValue));
        Assert.Throws<ShapeException>(() => one.Expand(1 << 16, 1 << 16).Reshape(-1));
        Fails<ShapeException>("Trying to create tensor with negative dimension -2", () => one.Expand(-2));
        Fails<ShapeException>("zeros: Dimension size must be non-negative.", () => Tensor.Zeros(2, -1));
    }
}
