using Adjoint.Memory;

namespace Adjoint.Tests.Memory;

/// <summary>Arrays that a thread gives back and takes again.</summary>
public class SpareArraysTests
{
    [Fact]
    public void AnArrayGivenBackIsTheNextOfItsLength()
    {
        // Of a length that no other test of this thread uses.
        var array = new byte[9_001];
        SpareArrays.Give(array);
        Assert.Null(SpareArrays.Take(9_002));
        Assert.Same(array, SpareArrays.Take(9_001));
        Assert.Null(SpareArrays.Take(9_001));
    }

    [Fact]
    public void ManyArraysOfALengthDoNotGrowTheStore()
    {
        for (var i = 0; i < 1000; i++)
        {
            SpareArrays.Give(new byte[9_003]);
        }

        var taken = 0;
        while (SpareArrays.Take(9_003) is not null)
        {
            taken++;
        }

        Assert.InRange(taken, 1, 4);
    }

    [Fact]
    public void AnotherThreadHasItsOwn()
    {
        SpareArrays.Give(new byte[9_005]);
        byte[]? other = null;
        var thread = new Thread(() => other = SpareArrays.Take(9_005));
        thread.Start();
        thread.Join();
        Assert.Null(other);
        Assert.NotNull(SpareArrays.Take(9_005));
    }

    [Fact]
    public void AStorageGivenBackCannotBeRead()
    {
        var storage = Storage.Allocate(9_007);
        var array = storage.Array;
        storage.Release();
        Assert.Throws<ObjectDisposedException>(() => storage.Origin);
        Assert.Same(array, Storage.Allocate(9_007).Array);
    }

    [Fact]
    public void ZeroedStorageIsZeroedAllTheSame()
    {
        var storage = Storage.Allocate(9_009);
        storage.AsSpan<byte>().Fill(7);
        storage.Release();
        Assert.True(Storage.AllocateZeroed(9_009).AsSpan<byte>().IndexOfAnyExcept((byte)0) < 0);
    }
}
