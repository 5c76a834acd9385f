using Adjoint.Families;
using Adjoint.Kernels;
using Adjoint.Memory;
using Adjoint.NN;
using Adjoint.Tape;
using static Adjoint.Tests.Engine.Values;
using Images = Adjoint.Convolution;

namespace Adjoint.Tests.Memory;

/// <summary>
/// The gate before kernels: dtype, number of elements and bounds. Operators check their arguments in PyTorch's words before; here the gate itself is
/// asked, by the way that a fault in an operator would take.
/// </summary>
public class GuardTests
{
    private static readonly DType[] All = [DType.Bool, DType.UInt8, DType.Int32, DType.Int64, DType.Float32, DType.Float64];

    [Fact]
    public void NoTensorLiesOutsideItsMemory()
    {
        var x = Tensor.Zeros(2, 3);
        foreach (var layout in new[]
        {
            new Layout([7], [1], 0), new Layout([2, 3], [3, 1], 1), new Layout([2], [6], 0), new Layout([1], [1], 6),
            new Layout([2], [nint.MaxValue / 2], 0),
            new Layout([1 << 30, 1 << 30], [1, 1], 0), Layout.Dense([1 << 20, 1 << 20, 1 << 20]),
        })
        {
            Assert.Contains("are out of bounds for storage of size 24", Message<ShapeException>(() => x.View(layout)), StringComparison.Ordinal);
        }

        Assert.Throws<ShapeException>(() => new Layout([2], [-1], 0));
        Assert.Throws<ShapeException>(() => new Layout([1], [1], -1));
        Assert.Equal(0, x.View(new Layout([0, 3], [3, 1], 100)).Count);
        Assert.Equal(1 << 30, x.View(new Layout([1 << 30], [0], 5)).Count);
    }

    /// <summary>A loop over a formula takes no operand of another dtype, nor one that does not broadcast, whatever the sizes.</summary>
    [Fact]
    public void LoopsTakeOneDTypeAndShapesThatBroadcast()
    {
        foreach (var output in All)
        {
            foreach (var other in All)
            {
                foreach (var count in new[] { 0, 1, 5, 3000 })
                {
                    var (x, y) = (Tensor.Zeros([count], output), Tensor.Zeros([count], other));
                    if (output != other)
                    {
                        Assert.Throws<DTypeException>(() => Op.Run(new Map2Body<Add>(default), x, x, y, null, null));
                        Assert.Throws<DTypeException>(() => Op.Run(new Map2Body<Add>(default), x, y, x, null, null));
                    }

                    var longer = Tensor.Zeros([count + 2], output);
                    Assert.Throws<ShapeException>(() => Op.Run(new Map2Body<Add>(default), x, x, longer, null, null));
                    Assert.Throws<ShapeException>(() => Op.CopyInto(Tensor.Zeros([count + 2], other), x));
                }
            }
        }
    }

    [Fact]
    public void FoldsTakeOneDTypeAndOneShape()
    {
        var (x, y) = (Tensor.Ones([8, 8], DType.Float32), Tensor.Ones([8, 8], DType.Float64));
        Assert.Throws<DTypeException>(() => Op.FoldMap(new Map2Body<Mul>(default), [true, true], false, x, y));
        Assert.Throws<DTypeException>(() => Op.FoldMap(new Map2Body<Mul>(default), [true, true], false, Whole(x), Whole(x)));
        Assert.Throws<ShapeException>(() => Op.FoldMap(new Map2Body<Mul>(default), [true, true], false, x, Tensor.Ones([9, 8], DType.Float32)));

        static Tensor Whole(Tensor x) => x.To(DType.Int32);
    }

    [Fact]
    public void KernelsByRowsTakeWhatTheyCanRead()
    {
        var x = Tensor.Ones([32, 32], DType.Float32);
        foreach (var other in All.Where(dtype => dtype != DType.Float32))
        {
            var g = Tensor.Ones([32, 32], other);
            Assert.Throws<DTypeException>(() => SoftmaxPasses.PullByRows(g, x, [false, true], isLog: false));
            Assert.Throws<DTypeException>(() => new LayerNorm(1, 1e-5).PullFused(g, Saved(x, 32)));
            Assert.Throws<DTypeException>(() => new LayerNorm(1, 1e-5).Apply([x, Tensor.Ones([32], other), null], out _));
            Assert.Throws<DTypeException>(() => new Adjoint.GroupNorm(2, 1e-5).PullFused(g, Saved(x, 64)));
            Assert.Throws<DTypeException>(() => Rows.Put(Tensor.Zeros([4, 32]), Tensor.Zeros([32], DType.Int64), g, 32));
        }

        Assert.Throws<ShapeException>(() => SoftmaxPasses.PullByRows(x[..16], x, [false, true], isLog: false));
        Assert.Throws<ShapeException>(() => new LayerNorm(1, 1e-5).PullFused(x[..16], Saved(x, 32)));
        Assert.Throws<ShapeException>(() => new LayerNorm(1, 1e-5).PullFused(x, Saved(x, 31)));
        Assert.Throws<ShapeException>(() => new LayerNorm(1, 1e-5).Apply([x, Tensor.Ones(31), null], out _));
        Assert.Throws<ShapeException>(() => new Adjoint.GroupNorm(2, 1e-5).PullFused(x[..16], Saved(x, 64)));

        static Remembered Saved(Tensor x, int count) => new(
            [x.Layout, null, null], [x, null, null, Tensor.Ones([count], x.DType), Tensor.Ones([count], x.DType)], null, Places.Of(0, 1, 2));
    }

    [Fact]
    public void ProductsTakeOneDTypeAndStayInside()
    {
        var x = Tensor.Ones([4, 4], DType.Float32);
        Assert.Throws<DTypeException>(() => default(Mm).Apply(x, Tensor.Ones([4, 4], DType.Float64), null));
        Assert.Throws<DTypeException>(() => default(Mm).Apply(x, x, Tensor.Ones([4], DType.Int64)));
        Assert.Throws<ShapeException>(() => default(Mm).Apply(x, Tensor.Ones([2, 4], DType.Float32), null));
        Assert.Throws<ShapeException>(() => default(Bmm).Apply(Tensor.Ones(3, 4, 4), Tensor.Ones(2, 4, 4), null));
        Assert.Throws<ShapeException>(
            () => new LinearMap(HasBias: false).Apply(x, Tensor.Ones([4, 9], DType.Float32).Slice(1, 5), null).Add(Tensor.Ones(5)));
    }

    [Fact]
    public void ImagesAreAsLargeAsTheirSizesSay()
    {
        var settings = new ConvolutionSettings(2, [1, 8, 8], [1, 6, 6], [1, 3, 3], [1, 1, 1], [0, 0, 0], [1, 1, 1], 1);
        Tensor x = Tensor.Ones(2, 4, 8, 8), weight = Tensor.Ones(3, 4, 3, 3), y = Tensor.Ones(2, 3, 6, 6);
        Assert.Equal(36, new Images(settings).Apply(x, weight, null)[0, 0, 0, 0].Item());
        Assert.Throws<ShapeException>(() => new Images(settings).Apply(x[.., .., ..7], weight, null));
        Assert.Throws<ShapeException>(() => new Images(settings).Apply(x, Tensor.Ones(3, 5, 3, 3), null));
        Assert.Throws<ShapeException>(() => new Images(settings).Apply(x, weight, Tensor.Ones(4)));
        Assert.Throws<DTypeException>(() => new Images(settings).Apply(x, weight.To(DType.Float64), null));
        Assert.Throws<DTypeException>(() => new Images(settings).Apply(x, weight, Tensor.Ones([3], DType.Float64)));
        Assert.Throws<ShapeException>(() => new ConvolutionInput(settings).Apply(y[.., .., ..5], weight, null));
        Assert.Throws<ShapeException>(() => new ConvolutionWeight(settings).Apply(x, y[..1], null));
        Assert.Throws<DTypeException>(() => new ConvolutionWeight(settings).Apply(x, y.To(DType.Float64), null));
        Assert.Throws<DTypeException>(() => new Images(settings).Apply(x.To(DType.Int32), weight.To(DType.Int32), null));
    }

    [Fact]
    public void PoolsAndPositionsFit()
    {
        var windows = new[] { PoolAxis.Sliding(1, 1, 1, 1, 0, 1), PoolAxis.Sliding(8, 4, 2, 2, 0, 1), PoolAxis.Sliding(8, 4, 2, 2, 0, 1) };
        var means = new WindowMeans(2, windows, true, null, IsAdaptive: false);
        Assert.Throws<ShapeException>(() => new WindowMean(means).Apply(Tensor.Ones(3, 8, 7)));
        Assert.Throws<ShapeException>(() => new WindowSpread(means).Apply(Tensor.Ones(3, 4, 3)));
        Assert.Throws<DTypeException>(() => new WindowMean(means).Apply(Tensor.Ones([3, 8, 8], DType.UInt8)));
        Assert.Throws<ShapeException>(() => new MaxPositions(2, windows).Apply(Tensor.Ones(3, 7, 8)));
        Assert.Throws<DTypeException>(() => new MaxPositions(2, windows).Apply(Tensor.Ones([3, 8, 8], DType.Int64)));
        var positions = Tensor.Zeros([3, 4, 4], DType.Int64);
        Assert.Throws<ShapeException>(() => new PlanePick(2, false).Apply(Tensor.Ones(2, 8, 8), positions));
        Assert.Throws<DTypeException>(() => new PlanePick(2, false).Apply(Tensor.Ones(3, 8, 8), positions.To(DType.Int32)));
        Assert.Throws<ShapeException>(() => new PlanePut(2, [8, 8], false).Apply(Tensor.Ones(3, 4, 5), positions));
        Assert.Throws<TensorIndexException>(() => new PlanePick(2, false).Apply(Tensor.Ones(3, 8, 8), positions + 64));
        Assert.Throws<TensorIndexException>(() => new PlanePut(2, [8, 8], false).Apply(Tensor.Ones(3, 4, 4), positions - 1));
    }

    [Fact]
    public void PositionsAlongADimensionFitTheTableAndTheValues()
    {
        var (table, positions) = (Tensor.Ones(4, 5), Tensor.Zeros([3, 5], DType.Int64));
        Assert.Throws<DTypeException>(() => Along.Move(table, positions.To(DType.Int32), 0, Tensor.Ones(3, 5), put: false));
        Assert.Throws<DTypeException>(() => Along.Move(table, positions, 0, Tensor.Ones([3, 5], DType.Float64), put: true));
        Assert.Throws<ShapeException>(() => Along.Move(table, positions, 0, Tensor.Ones(2, 5), put: false));
        Assert.Throws<ShapeException>(() => Along.Move(table[.., ..4], positions, 0, Tensor.Ones(3, 5), put: false));
        Assert.Throws<ShapeException>(() => Along.Move(table, positions[0], 0, Tensor.Ones(5), put: false));
    }

    /// <summary>Positions are held against the table where they are used, for each length of a row there is a loop for.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50_000)]
    public void RowsAreCheckedWhereTheyAreUsed(int width)
    {
        foreach (var wild in new[] { -1L, 8, long.MaxValue, long.MinValue, 1_000_000_007 })
        {
            var (table, values) = (Tensor.Zeros([8, width], DType.Float32), Tensor.Ones([3, width], DType.Float32));
            var rows = Tensor.FromArray(new[] { 0L, wild, 1 });
            Assert.Throws<TensorIndexException>(() => Rows.Take(table, rows, values, width));
            Assert.Throws<TensorIndexException>(() => Rows.Put(table, rows, values, width));
            Assert.Throws<TensorIndexException>(() => Rows.Add(table, rows, values, width));
            Assert.Throws<TensorIndexException>(() => Rows.Erase(table, rows, width));
        }
    }

    [Fact]
    public void AnOptimizerTakesAGradientLikeItsParameter()
    {
        var p = Tensor.Ones([8], DType.Float32);
        Assert.Throws<DTypeException>(() => Op.Update(default(Subtract), p, Tensor.Ones([8], DType.Float64)));
        Assert.Throws<DTypeException>(() => Op.Update(default(Subtract), p.To(DType.Int64), p.To(DType.Int64)));
        Assert.Throws<ShapeException>(() => Op.Update(default(Subtract), p, Tensor.Ones(9)));
        Holds(p, 1, 1, 1, 1, 1, 1, 1, 1);
    }

    /// <summary>The unpack hook of a saved index tensor may give any numbers; PyTorch's kernels check them too.</summary>
    [Theory]
    [InlineData(70)]
    [InlineData(-1)]
    [InlineData(1_000_000_007)]
    [InlineData(long.MinValue)]
    public void WildPositionsFromAHookAreRefused(long wild)
    {
        var weight = Tensor.Rand(64, 64).RequiresGrad_();
        var scores = Tensor.Rand(2, 3, 8, 8).RequiresGrad_();
        var operators = new Func<Tensor>[]
        {
            () => Tensor.Zeros([5], DType.Int64).Embedding(weight),
            () => Tensor.Zeros([5], DType.Int64).Embedding(weight, paddingIdx: 3, scaleGradByFreq: true),
            () => weight.Gather(0, Tensor.Zeros([5, 64], DType.Int64)),
            () => weight.Max(1).Values,
            () => scores.MaxPool2d(2),
            () => scores.AdaptiveMaxPool2d(3),
        };
        foreach (var run in operators)
        {
            Tensor y;
            using (Autograd.SavedTensorHooks<Tensor>(t => t, t => t.DType == DType.Int64 ? Tensor.Full(t.Shape.ToArray(), wild, DType.Int64) : t))
            {
                y = run();
            }

            Assert.Throws<TensorIndexException>(() => y.Sum().Backward());
        }

        Assert.Null(weight.Grad);
    }

    /// <summary>A write whose source does not broadcast throws, so that nothing returns memory that was never written.</summary>
    [Fact]
    public void NothingIsMadeOfNothing()
    {
        var nothing = Tensor.Zeros(0);
        Assert.Throws<ShapeException>(() => Tensor.FullLike(Tensor.Scalar(1.0), nothing));
        Assert.Throws<ShapeException>(() => Tensor.Full([], nothing));
        Assert.Throws<ShapeException>(() => Tensor.Full([1, 1], nothing));
        Assert.Throws<ShapeException>(() => Tensor.Full([5], nothing));
        Assert.Throws<ShapeException>(() => Tensor.Full([0], Tensor.Ones(2)));
        Assert.Throws<ShapeException>(() => Tensor.Ones(1).Copy_(nothing));
        Assert.Throws<ShapeException>(() => Tensor.Full([1, 1], Tensor.Zeros(2, 0)));
        Assert.Equal(0, Tensor.Full([0], nothing).Count);
        Assert.Equal([7f], Tensor.Full([1], Tensor.Full([1, 1], 7f)).ToArray<float>());
    }

    private readonly struct Subtract : IUpdate
    {
        public V F<V>(V x, V a, V b)
            where V : struct, Adjoint.Algebra.IReal<V> => x - a;
    }
}
