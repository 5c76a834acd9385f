using Adjoint.Memory;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Memory;

/// <summary>
/// Sizes are multiplied and added with care: what does not fit is refused with PyTorch's sentence where it has one, and never becomes a small, or a
/// negative, number of elements. Products from 2^63 to 2^64 are the ones whose high half is zero.
/// </summary>
public class SizeArithmeticTests
{
    private const string Overflowed = "Storage size calculation overflowed with sizes=";

    public static TheoryData<int[]> TooMany => new()
    {
        new[] { 1 << 21, 1 << 21, 1 << 21 },                        // 2^63
        new[] { int.MaxValue, int.MaxValue, 3 },                    // between 2^63 and 2^64
        new[] { 1 << 22, 1 << 21, 1 << 21 },                        // 2^64
        new[] { 1 << 30, 1 << 30, 1 << 30 },                        // 2^90
        new[] { int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue },
        new[] { 1 << 30, 1 << 30 },                                 // 2^60 elements, 2^62 bytes
    };

    [Theory]
    [MemberData(nameof(TooMany))]
    public void NoTensorHasSoManyElements(int[] sizes)
    {
        var first = Tensor.Ones([.. Enumerable.Repeat(1, sizes.Length)]);
        var attempts = new Func<Tensor>[]
        {
            () => Tensor.Zeros(sizes), () => Tensor.Ones(sizes), () => Tensor.Full(sizes, 3.0), () => Tensor.Empty(sizes, DType.Float64),
            () => Tensor.Rand(sizes), () => Tensor.Randn(sizes), () => Tensor.Randint(0, 5, sizes), () => Tensor.Zeros(sizes, DType.Float64),
            () => first.Expand(sizes) + 1, () => first.Expand(sizes).Clone(), () => first.Expand(sizes) > 0,
            () => Tensor.ZerosLike(first.Expand(sizes)), () => first.Expand(sizes).To(DType.Float64), () => first.Expand(sizes).Exp(),
            () => Tensor.Zeros([1, .. sizes]), () => Tensor.Zeros([.. sizes, 2]),
        };
        foreach (var attempt in attempts)
        {
            Assert.StartsWith(Overflowed, Message<ShapeException>(() => attempt()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CountsAreRightUpToTheLastBit()
    {
        Assert.Equal(long.MaxValue, Shape.Product([7, 7, 73, 127, 337, 92737, 649657])); // 2^63 - 1 in its factors
        Assert.Throws<ShapeException>(() => Shape.Product([7, 7, 73, 127, 337, 92737, 649657, 2]));
        Assert.Throws<ShapeException>(() => Shape.Product([1 << 30, 1 << 30, 8]));
        Assert.Equal(1L << 62, Shape.Product([1 << 30, 1 << 30, 4]));
        Assert.Equal(0, Shape.Product([1 << 30, 1 << 30, 1 << 30, 0]));
    }

    /// <summary>PyTorch 2.10: torch.zeros(0, 2**30, 2**30, 2**30) says "Stride calculation overflowed".</summary>
    [Fact]
    public void StridesOfNothingAreNumbersToo()
    {
        Fails<ShapeException>("Stride calculation overflowed", () => Tensor.Zeros(0, 1 << 30, 1 << 30, 1 << 30));
        Assert.Equal(0, Tensor.Zeros(1 << 30, 1 << 30, 1 << 30, 0).Shape[3]);
        Assert.Equal(0, Tensor.Zeros(0, 1 << 30, 1 << 30).Count);
    }

    [Fact]
    public void DimensionsHaveSizesOf31Bits()
    {
        var wide = Tensor.Ones(1, 1).Expand(1 << 16, 1 << 16);
        foreach (var attempt in new Func<Tensor>[]
        {
            () => wide.Flatten(), () => wide.Reshape(-1), () => wide.View(-1), () => wide.Reshape(2, -1),
            () => wide.Expand(2, 1 << 16, 1 << 16).Flatten(1),
            () => Tensor.Arange(1e10), () => Tensor.Arange(0, 1e300, 1),
            () => wide.Unsqueeze(2).MatMul(Tensor.Ones(1, 2)), () => wide.Unsqueeze(2).Linear(Tensor.Ones(2, 1)),
            () => Tensor.Cat([Tensor.Ones(1).Expand(int.MaxValue), Tensor.Ones(1)]),
            () => wide.Unsqueeze(2).Unsqueeze(3).MatMul(Tensor.Ones(1, 1, 1, 1)),
        })
        {
            Assert.Throws<ShapeException>(() => attempt());
        }

        Fails<ShapeException>("Flatten of shape [65536, 65536] would have a dimension of 4294967296 elements", () => wide.Flatten());
    }

    /// <summary>Products of the sizes asked for that wrap around to the right number are not the right number.</summary>
    [Fact]
    public void ReshapeDoesNotWrap()
    {
        Fails<ShapeException>("shape '[1073741824, 1073741824, 16, 1, 0]'", () => Tensor.Ones(1).Reshape(1 << 30, 1 << 30, 16, 1, 0));
        Fails<ShapeException>(
            "shape '[1073741824, 1073741824, 16]' is invalid for input of size 0", () => Tensor.Zeros(0).Reshape(1 << 30, 1 << 30, 16));
        Fails<ShapeException>(
            "shape '[65536, 65536, 65536, 65536]' is invalid for input of size 0", () => Tensor.Zeros(0).View(1 << 16, 1 << 16, 1 << 16, 1 << 16));
        Fails<ShapeException>(
            "shape '[-1, 1073741824, 1073741824, 16]' is invalid for input of size 8", () => Tensor.Ones(8).Reshape(-1, 1 << 30, 1 << 30, 16));
        Assert.Equal(0, Tensor.Zeros(0).Reshape(0, 1 << 30, 2).Count);
    }

    [Fact]
    public void ConvolutionsAndPoolsDoNotWrap()
    {
        Tensor row = Tensor.Ones(1, 1, 8), image = Tensor.Ones(1, 1, 8, 8), kernel = Tensor.Ones(1, 1, 2);
        foreach (var attempt in new Func<Tensor>[]
        {
            () => row.Conv1d(kernel, padding: int.MaxValue), () => row.Conv1d(kernel, dilation: int.MaxValue),
            () => row.Conv1d(Tensor.Ones(1, 1, 3), dilation: int.MaxValue),
            () => row.Conv1d(Tensor.Ones(1, 1, 3), padding: "same", dilation: int.MaxValue), () => row.Conv1d(kernel, padding: 1 << 30),
            () => image.Conv2d(Tensor.Ones(1, 1, 2, 2), padding: 1 << 20), () => image.Conv2d(Tensor.Ones(1, 1, 1, 1), padding: (1 << 30) - 4),
            () => row.ConvTranspose1d(kernel, stride: int.MaxValue), () => row.ConvTranspose1d(kernel, padding: int.MaxValue),
            () => row.ConvTranspose1d(kernel, dilation: int.MaxValue), () => row.ConvTranspose1d(Tensor.Ones(1, 1, 5), dilation: int.MaxValue),
            () => image.ConvTranspose2d(Tensor.Ones(1, 1, 2, 2), stride: 1 << 28),
            () => row.MaxPool1d(2, dilation: int.MaxValue), () => row.MaxPool1d(3, dilation: int.MaxValue), () => row.MaxPool1d(int.MaxValue),
            () => row.AvgPool1d(int.MaxValue), () => image.MaxPool2d(int.MaxValue, padding: 1 << 30),
            () => row.MaxPool1d(5, padding: int.MaxValue, dilation: 1 << 30),
            () => row.AdaptiveAvgPool1d(int.MaxValue).Reshape(1, 1, 1, 1), () => image.AdaptiveAvgPool2d(int.MaxValue),
            () => image.AdaptiveMaxPool2d(int.MaxValue),
        })
        {
            var thrown = Assert.ThrowsAny<Exception>(() => attempt());
            Assert.True(thrown is ShapeException or OutOfMemoryException, thrown.ToString());
        }

        // What is large and makes sense goes through: the only window, however far it would move, and a tap that nothing is away from.
        Assert.Equal([2f], row.Conv1d(kernel, stride: int.MaxValue).ToArray<float>());
        Assert.Equal([1f], row.MaxPool1d(1, stride: int.MaxValue).ToArray<float>());
        Assert.Equal([1f, 1, 1, 1, 1, 1, 1, 1], row.MaxPool1d(1, stride: 1, dilation: int.MaxValue).ToArray<float>());
        Assert.Equal([1f, 1], Tensor.Ones(1, 1, 1).ConvTranspose1d(kernel, stride: int.MaxValue).ToArray<float>());
        var x = Tensor.Ones(1, 1, 8).RequiresGrad_();
        x.Conv1d(kernel, stride: int.MaxValue).Sum().Backward();
        Assert.Equal([1f, 1, 0, 0, 0, 0, 0, 0], x.Grad!.ToArray<float>());
    }

    /// <summary>The channels of the weight times the groups wrap around to the channels of the image.</summary>
    [Fact]
    public void GroupsDoNotWrap()
    {
        var weight = Tensor.Ones(1, 1, 1).Expand(1 << 16, (1 << 16) + 1, 1);
        Assert.Throws<ShapeException>(() => Tensor.Ones(1, 1 << 16, 1).Conv1d(weight, groups: 1 << 16));
        Assert.Throws<ShapeException>(() => Tensor.Ones(1, 1 << 16, 1).ConvTranspose1d(weight, groups: 1 << 16));
    }

    /// <summary>What the system cannot give is an exception with a sentence, and the pool's numbers are as before.</summary>
    [Fact]
    public void MemoryThatIsNotThereIsAnException()
    {
        foreach (var sizes in new int[][] { [1 << 20, 1 << 20, 1 << 10], [int.MaxValue, 1 << 20], [1 << 29, 1 << 29] })
        {
            Assert.Contains("you tried to allocate", Message<OutOfMemoryException>(() => Tensor.Zeros(sizes)), StringComparison.Ordinal);
            Assert.Throws<OutOfMemoryException>(() => Tensor.Ones(1, 1).Expand(1 << 29, 1 << 29).Clone());
        }

        Assert.InRange(Backend.Memory.PeakBytes, 0, 1L << 50);
        Assert.InRange(BlockPool.RentedByThread, 0, 1L << 50);
    }

    /// <summary>
    /// Seventy dimensions that do not merge with their neighbours, which a view without elements has for nothing: more than kernels keep on the
    /// stack. The sum of nothing is 0, its product with anything empty.
    /// </summary>
    [Fact]
    public void ManyDimensionsThatDoNotMergeStayOnTheStack()
    {
        int[] own = [0, .. Enumerable.Range(0, 50).Select(d => 1 + (d % 2))];
        var nothing = Tensor.Zeros(own).Expand([0, .. Enumerable.Repeat(2, 50)]);
        Assert.Equal(0, nothing.Sum().Item());
        Assert.Equal(0, nothing.To(DType.Int64).Sum().Item<long>());
        Assert.Equal(0, (nothing + nothing).Count);
        Assert.True(nothing.All().Item<bool>());
        Assert.Equal(0, (nothing * nothing).Sum().Item());

        // With elements the loops give up beyond 32 dimensions.
        var strides = new nint[34];
        Array.Fill(strides, 1);
        var layout = new Layout([.. Enumerable.Repeat(2, 34)], strides, 0);
        var many = Tensor.Ones(64).View(layout);
        Assert.Throws<ShapeException>(() => many.Sum());
        Assert.Throws<ShapeException>(() => many.Amax());
        Assert.Throws<ShapeException>(() => Tensor.Ones([64], DType.UInt8).View(layout).Max());
    }

    /// <summary>No dtype is the default where one may be left out, as None is in PyTorch, and refused where one has to be named.</summary>
    [Fact]
    public void NoDTypeIsTheDefault()
    {
        foreach (var made in new[]
        {
            Tensor.Zeros([2], null), Tensor.Ones([2], null), Tensor.Empty([2], null), Tensor.Rand([2], null), Tensor.Randn([2], null),
            Tensor.Linspace(0, 1, 3, null), Tensor.Eye(2, dtype: null), new Adjoint.NN.Linear(2, 2, dtype: null).Weight,
            new Adjoint.NN.LayerNorm(4, dtype: null).Weight!,
        })
        {
            Assert.Same(DType.Float32, made.DType);
        }

        Assert.Same(DType.Int64, Tensor.Randint(0, 2, [2], null).DType);
        Assert.Throws<ArgumentNullException>(() => Tensor.Ones(2).To(null!));
        Assert.Throws<ArgumentNullException>(() => DType.Promote(null!, DType.Bool));
    }

    /// <summary>PyTorch 2.10: torch.ones(3, 4).softmax(-1, dtype=torch.int32)
    /// says '"softmax_lastdim_kernel_impl" not implemented for 'Int''.</summary>
    [Theory]
    [InlineData(nameof(DType.Bool), "Bool")]
    [InlineData(nameof(DType.UInt8), "Byte")]
    [InlineData(nameof(DType.Int32), "Int")]
    [InlineData(nameof(DType.Int64), "Long")]
    public void ASoftmaxIsReal(string dtypeName, string name)
    {
        var dtype = DType.Parse(dtypeName);
        foreach (var x in new[]
                 {
                     Tensor.Ones(64, 64), Tensor.Ones([3, 3, 4, 3], DType.UInt8), Tensor.Ones([4, 3, 5, 5], DType.Bool), Tensor.Ones(3),
                     Tensor.Ones(0, 3),
                 })
        {
            for (var dim = -1; dim < 1; dim++)
            {
                var isLast = dim == -1 || x.Rank == 1;
                var (plain, log) = isLast
                    ? ("softmax_lastdim_kernel_impl", "log_softmax_lastdim_kernel_impl")
                    : ("softmax_kernel_impl", "softmax_kernel_impl");
                Fails<DTypeException>($"\"{plain}\" not implemented for '{name}'", () => x.Softmax(dim, dtype));
                Fails<DTypeException>($"\"{log}\" not implemented for '{name}'", () => x.LogSoftmax(dim, dtype));
            }
        }
    }

    /// <summary>Whatever number is set, results are the same.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1 << 30)]
    [InlineData(1 << 28)]
    [InlineData(65)]
    public void AnyNumberOfThreadsMayBeSet(int threads)
    {
        var before = Backend.MaxThreads;
        try
        {
            Backend.MaxThreads = threads;
            Assert.InRange(Backend.MaxThreads, 1, threads);
            var x = Tensor.Ones(1000, 1000);
            Assert.Equal(1e6, x.Sum().Item());
            Assert.Equal(1000, x.Sum(0)[999].Item());
            Assert.Equal(1000, x.Sum(1)[999].Item());
            Assert.Equal(1_000_000, x.To(DType.Int64).Sum().Item<long>());
            Assert.Equal(2, (x + 1)[999, 999].Item());
            Assert.Equal(2, (x.T + 1)[999, 999].Item());
            Assert.Equal(1, x.T.Contiguous()[999, 999].Item());
            Assert.Equal(1e-3, x.Softmax(-1)[999, 999].Item(), 1e-9);
            Assert.Equal(1, (x.LayerNorm([1000]) + 1)[999, 999].Item());
            Assert.Equal(1, x[Tensor.Arange(1000)][999, 999].Item());
            Assert.Equal(1000, x.MatMul(x)[999, 999].Item());
            Assert.Equal(0, x.Argmax().Item<long>());
            Assert.Equal(1, x.Reshape(10, 10, 100, 100).AvgPool2d(10)[9, 9, 9, 9].Item());
            Assert.Equal(90, x.Reshape(10, 10, 100, 100).Conv2d(Tensor.Ones(4, 10, 3, 3))[9, 3, 97, 97].Item());
        }
        finally
        {
            Backend.MaxThreads = before;
        }
    }
}
