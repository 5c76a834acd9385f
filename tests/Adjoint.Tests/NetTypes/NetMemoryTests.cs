using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Tests.NetTypes;

/// <summary>Memory of .NET's under tensors, and spans over that of tensors.</summary>
public class NetMemoryTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(60_000)]
    public void MemoryIsNotCopied(int count)
    {
        var array = new float[count];
        var x = Tensor.FromMemory<float>(array, 2, count / 2);
        array[1] = 5;
        Assert.Equal(5, x[0, 1].Item());
        x.Add_(1);
        Assert.Equal(6, array[1]);
        Assert.Equal(1, array[^1]);
        Assert.Equal(1, x.Version);
    }

    [Fact]
    public void ASliceOfMemoryIsATensor()
    {
        var array = Enumerable.Range(0, 10).Select(i => (double)i).ToArray();
        var x = Tensor.FromMemory(array.AsMemory(3, 4), 4);
        Assert.Equal([3, 4, 5, 6], x.ToArray<double>());
        x.Zero_();
        Assert.Equal([0, 1, 2, 0, 0, 0, 0, 7, 8, 9], array);
    }

    /// <summary>Its gradient is that of any other tensor: d(x²)/dx = 2x.</summary>
    [Fact]
    public void TensorsOverMemoryAreLeaves()
    {
        var x = Tensor.FromMemory<double>(new[] { 1.0, 2 }, 2);
        x.RequiresGrad = true;
        x.Square().Sum().Backward();
        Assert.Equal([2, 4], x.Grad!.ToArray<double>());
    }

    /// <summary>The array stays where the kernels write, whatever the collector does.</summary>
    [Fact]
    public void MemoryStaysInPlace()
    {
        var array = new double[50];
        var x = Tensor.FromMemory<double>(array, 50);
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            _ = Enumerable.Range(0, 100).Select(_ => new byte[1000]).ToArray();
            x.Add_(1);
        }

        Assert.All(array, value => Assert.Equal(5, value));
    }

    [Fact]
    public void MemoryThatDoesNotFitIsRefused()
    {
        Assert.StartsWith(
            "shape '[2, 3]' is invalid for input of size 5",
            Assert.Throws<ShapeException>(() => Tensor.FromMemory<float>(new float[5], 2, 3)).Message,
            StringComparison.Ordinal);
        Assert.Throws<DTypeException>(() => Tensor.FromMemory<char>(new char[2], 2));
        Assert.Equal(0, Tensor.FromMemory(Memory<float>.Empty, 0, 3).Count);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    public void ASpanShowsTheElements(int count)
    {
        var x = Tensor.Arange((double)count).To(DType.Float64);
        var span = x.AsSpan<double>();
        Assert.Equal(count, span.Length);
        Assert.Equal(count - 1, span[^1]);

        // What changes later is seen, and a view shows its part.
        x.Mul_(2);
        Assert.Equal(2 * (count - 1), span[^1]);
        Assert.Equal(6, x[3..].AsSpan<double>()[0]);
        Assert.True(Unsafe.AreSame(in span[0], in x.AsSpan<double>()[0]));
    }

    /// <summary>The tensor is gone and its memory used again, and the span still shows what it showed.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void ASpanOutlivesItsTensor(int count)
    {
        var span = Lent(count);
        for (var i = 0; i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            BlockPool.Trim();
            _ = Tensor.Full([count], 9.0);
        }

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, span[i]);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    public void ASpanOutlivesItsScope(int count)
    {
        ReadOnlySpan<double> span;
        using (new TensorScope())
        {
            span = Tensor.Arange((double)count).To(DType.Float64).AsSpan<double>();
        }

        for (var i = 0; i < 20; i++)
        {
            _ = Tensor.Full([count], 9.0);
        }

        Assert.Equal(count - 1, span[^1]);
    }

    [Fact]
    public void ASpanOverMemoryIsThatMemory()
    {
        var array = new[] { 1f, 2, 3 };
        Assert.True(Unsafe.AreSame(in array[1], in Tensor.FromMemory<float>(array, 3)[1..].AsSpan<float>()[0]));
    }

    [Fact]
    public void SpansAreRefusedWhereTheyWouldNotBeRight()
    {
        var x = Tensor.Zeros(2, 3);
        Assert.StartsWith(
            "expected scalar type Double but found Float", Assert.Throws<DTypeException>(() => x.AsSpan<double>().Length).Message,
            StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => x.T.AsSpan<float>().Length);
        x.RequiresGrad = true;
        Assert.Throws<AutogradException>(() => x.AsSpan<float>().Length);
        Assert.Equal(6, x.Detach().AsSpan<float>().Length);
        Assert.Equal(0, Tensor.Zeros(0).AsSpan<float>().Length);
    }

    [Fact]
    public void ElementsAreCopiedAndConverted()
    {
        var target = new int[7];
        Tensor.FromArray(new[] { 1.0, 2, 3, 4, 5, 6 }, 2, 3).T.CopyTo<int>(target);
        Assert.Equal([1, 4, 2, 5, 3, 6, 0], target);
        Assert.StartsWith(
            "Destination is too short",
            Assert.Throws<ArgumentException>(() => Tensor.Zeros(8).CopyTo<int>(target)).Message,
            StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<double> Lent(int count) => Tensor.Arange((double)count).To(DType.Float64).AsSpan<double>();
}
