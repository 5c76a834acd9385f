using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Indexing;

/// <summary>
/// Writes at positions: values by hand, in place as out of place, ties, zeros in products, and what is refused. Where no other origin is named,
/// expected numbers are written out from the definition in PyTorch's documentation.
/// </summary>
public class ScatterTests
{
    private static readonly Tensor At = Tensor.FromArray(new long[] { 2, 0, 2 });

    private static Tensor X() => Tensor.FromArray(new[] { 1.0, 2, 3, 4 });

    private static Tensor Y() => Tensor.FromArray(new[] { 10.0, 20, 30 });

    public static TheoryData<string> Names => [.. Writes.Keys];

    /// <summary>Each write out of place and in place, of a tensor of four elements and three values.</summary>
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> New, Func<Tensor, Tensor, Tensor> InPlace)> Writes = new()
    {
        ["scatter"] = ((x, y) => x.Scatter(0, At, y), (x, y) => x.Scatter_(0, At, y)),
        ["scatter a number"] = ((x, y) => x.Scatter(0, At, 5), (x, y) => x.Scatter_(0, At, 5)),
        ["scatter, add"] = ((x, y) => x.Scatter(0, At, y, ScatterReduction.Sum), (x, y) => x.Scatter_(0, At, y, ScatterReduction.Sum)),
        ["scatter, multiply"] = ((x, y) => x.Scatter(0, At, y, ScatterReduction.Prod), (x, y) => x.Scatter_(0, At, y, ScatterReduction.Prod)),
        ["scatter_add"] = ((x, y) => x.ScatterAdd(0, At, y), (x, y) => x.ScatterAdd_(0, At, y)),
        ["sum"] = Reduced(ScatterReduction.Sum, true),
        ["sum of the new"] = Reduced(ScatterReduction.Sum, false),
        ["prod"] = Reduced(ScatterReduction.Prod, true),
        ["prod of the new"] = Reduced(ScatterReduction.Prod, false),
        ["mean"] = Reduced(ScatterReduction.Mean, true),
        ["mean of the new"] = Reduced(ScatterReduction.Mean, false),
        ["amax"] = Reduced(ScatterReduction.Amax, true),
        ["amax of the new"] = Reduced(ScatterReduction.Amax, false),
        ["amin"] = Reduced(ScatterReduction.Amin, true),
        ["amin of the new"] = Reduced(ScatterReduction.Amin, false),
        ["index_add"] = ((x, y) => x.IndexAdd(0, At, y, 2), (x, y) => x.IndexAdd_(0, At, y, 2)),
        ["index_copy"] = ((x, y) => x.IndexCopy(0, At, y), (x, y) => x.IndexCopy_(0, At, y)),
        ["index_fill"] = ((x, y) => x.IndexFill(0, At, y.Sum()), (x, y) => x.IndexFill_(0, At, y.Sum())),
        ["index_fill a number"] = ((x, y) => x.IndexFill(0, At, 7), (x, y) => x.IndexFill_(0, At, 7)),
        ["index_reduce"] = (
            (x, y) => x.IndexReduce(0, At, y, ScatterReduction.Prod), (x, y) => x.IndexReduce_(0, At, y, ScatterReduction.Prod)),
        ["index_put"] = ((x, y) => x.IndexPut([At], y), (x, y) => x.IndexPut_([At], y)),
        ["index_put, accumulate"] = ((x, y) => x.IndexPut([At], y, true), (x, y) => x.IndexPut_([At], y, true)),
        ["put"] = ((x, y) => x.Put(At, y), (x, y) => x.Put_(At, y)),
        ["put, accumulate"] = ((x, y) => x.Put(At, y, true), (x, y) => x.Put_(At, y, true)),
        ["masked_scatter"] = ((x, y) => x.MaskedScatter(Mask, y), (x, y) => x.MaskedScatter_(Mask, y)),
        ["masked_fill"] = ((x, y) => x.MaskedFill(Mask, y.Sum()), (x, y) => x.MaskedFill_(Mask, y.Sum())),
        ["masked_fill a number"] = ((x, y) => x.MaskedFill(Mask, 7), (x, y) => x.MaskedFill_(Mask, 7)),
    };

    private static Tensor Mask => Tensor.FromArray(new[] { true, false, false, true });

    [Fact]
    public void Values()
    {
        Holds(X().Scatter(0, At, Y()), 20, 2, 30, 4);
        Holds(X().ScatterAdd(0, At, Y()), 21, 2, 43, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Prod), 20, 2, 900, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Prod, includeSelf: false), 20, 2, 300, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Mean), 10.5, 2, 43 / 3.0, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Mean, includeSelf: false), 20, 2, 20, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Amax), 20, 2, 30, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Amin), 1, 2, 3, 4);
        Holds(X().ScatterReduce(0, At, Y(), ScatterReduction.Amin, includeSelf: false), 20, 2, 10, 4);
        Holds(X().IndexAdd(0, At, Y(), -1), -19, 2, -37, 4);
        Holds(X().IndexCopy(0, At, Y()), 20, 2, 30, 4);
        Holds(X().IndexFill(0, At - 4, 9), 9, 2, 9, 4);
        Holds(X().Put(At - 4, Y(), accumulate: true), 21, 2, 43, 4);
        Holds(X().Take(Tensor.FromArray(new long[] { -1, 0 })), 4, 1);
        Holds(X().MaskedScatter(Mask, Y()), 10, 2, 3, 20);
        Holds(X().MaskedSelect(Mask), 1, 4);
        Holds(X().Reshape(2, 2).IndexSelect(1, Tensor.FromArray(new long[] { 1, 1, 0 })), 2, 2, 1, 4, 4, 3);
    }

    [Fact]
    public void WholeNumbersAndTruthValues()
    {
        var x = Tensor.FromArray(new long[] { 7, -7 });
        var at = Tensor.FromArray(new long[] { 0, 1 });
        var y = Tensor.FromArray(new long[] { 2, 2 });

        // Rounded down: (7 + 2) / 2 = 4.5, (-7 + 2) / 2 = -2.5.
        Assert.Equal([4L, -3], x.ScatterReduce(0, at, y, ScatterReduction.Mean).ToArray<long>());
        Assert.Equal([14L, -14], x.ScatterReduce(0, at, y, ScatterReduction.Prod).ToArray<long>());
        Assert.Equal([7L, 2], x.ScatterReduce(0, at, y, ScatterReduction.Amax).ToArray<long>());
        var truth = Tensor.FromArray(new[] { true, false });
        Assert.Equal([true, true], truth.ScatterAdd(0, at, Tensor.Ones([2], DType.Bool)).ToArray<bool>());
        foreach (var half in new[] { DType.Float16, DType.BFloat16 })
        {
            Assert.Equal([21f, 2, 43, 4], X().To(half).ScatterAdd(0, At, Y().To(half)).ToArray<float>());
            Assert.Equal([20f, 2, 900, 4], X().To(half).ScatterReduce(0, At, Y().To(half), ScatterReduction.Prod).ToArray<float>());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InPlaceIsTheSame(string name)
    {
        var (make, change) = Writes[name];
        foreach (var view in new Func<Tensor, Tensor>[] { t => t.Clone(), t => Tensor.Stack([t, t], 1).Select(1, 0) })
        {
            var (expected, g) = (make(view(X()), Y()), Tensor.FromArray(new[] { 1.0, -2, 3, 0.5 }));
            var target = view(X());
            var version = target.Version;
            Assert.Same(target, change(target, Y()));
            Assert.True(target.Version > version);
            Assert.Equal(expected.ToArray<double>(), target.ToArray<double>());

            Tensor?[] Gradients(Func<Tensor, Tensor, Tensor> run)
            {
                var (x, y) = (X().RequiresGrad_(), Y().RequiresGrad_());
                return Autograd.Grad([run(view(x * 1), y)], [x, y], [g], allowUnused: true);
            }

            foreach (var (a, b) in Gradients(make).Zip(Gradients(change)))
            {
                Assert.Equal(a?.ToArray<double>(), b?.ToArray<double>());
            }
        }

        // The value lies in the memory that is overwritten, and the frame around a view stays.
        var own = X();
        var apart = make(X(), X()[1..]);
        change(own, own[1..]);
        Assert.Equal(apart.ToArray<double>(), own.ToArray<double>());
        var frame = Tensor.Stack([X(), X(), X()]);
        change(frame[1], Y());
        Assert.Equal([.. X().ToArray<double>(), .. make(X(), Y()).ToArray<double>(), .. X().ToArray<double>()], frame.ToArray<double>());
        Assert.Throws<ShapeException>(() => change(Tensor.Ones([1], DType.Float64).Expand(4), Y()));
        Assert.Throws<AutogradException>(() => change(X().RequiresGrad_(), Y()));
    }

    /// <summary>Where several values meet the last one stays, so that nothing flows to the others.</summary>
    [Fact]
    public void WhatIsOverwrittenGetsNoGradient()
    {
        foreach (var write in new Func<Tensor, Tensor, Tensor>[]
        {
            (x, y) => x.Scatter(0, At, y), (x, y) => x.IndexCopy(0, At, y), (x, y) => x.Put(At, y), (x, y) => x.IndexPut([At], y),
            (x, y) =>
            {
                var copy = x.Clone();
                copy[At] = y;
                return copy;
            },
        })
        {
            var (x, y) = (X().RequiresGrad_(), Y().RequiresGrad_());
            var g = Tensor.FromArray(new[] { 1.0, 2, 3, 4 });
            var gradients = Autograd.Grad([write(x, y)], [x, y], [g]);
            Holds(gradients[0]!, 0, 2, 0, 4);
            Holds(gradients[1]!, 0, 1, 3);
        }
    }

    /// <summary>PyTorch's test_scatter_index_reduce_amin_amax_backprops_to_all_values: equal extremes share.</summary>
    [Fact]
    public void EqualExtremesShare()
    {
        var at = Tensor.FromArray(new long[] { 0, 0, 0, 1 });
        foreach (var reduction in new[] { ScatterReduction.Amax, ScatterReduction.Amin })
        {
            foreach (var write in new Func<Tensor, Tensor, bool, Tensor>[]
            {
                (x, y, self) => x.ScatterReduce(0, at, y, reduction, self), (x, y, self) => x.IndexReduce(0, at, y, reduction, self),
            })
            {
                var x = Tensor.FromArray(new[] { 3.0, 3, double.NaN }).RequiresGrad_();
                var y = Tensor.FromArray(new[] { 3.0, 3, 3, 3 }).RequiresGrad_();
                var both = Autograd.Grad([write(x, y, true)], [x, y], [Tensor.FromArray(new[] { 4.0, 1, 1 })]);
                Holds(both[0]!, 1, 0.5, 1);
                Holds(both[1]!, 1, 1, 1, 0.5);

                // What was there takes no part, though it is as large.
                var alone = Autograd.Grad([write(x, y, false)], [x, y], [Tensor.FromArray(new[] { 3.0, 1, 1 })]);
                Holds(alone[0]!, 0, 0, 1);
                Holds(alone[1]!, 1, 1, 1, 1);
            }
        }
    }

    /// <summary>The product rule, whatever factors are zero: first and second derivatives of x y1 y2, with y3 alone.</summary>
    [Theory]
    [InlineData(2, 3, 5)]
    [InlineData(0, 3, 5)]
    [InlineData(2, 0, 5)]
    [InlineData(0, 0, 5)]
    [InlineData(2, 0, 0)]
    [InlineData(0, 0, 0)]
    public void ZerosInProducts(double first, double second, double third)
    {
        var at = Tensor.FromArray(new long[] { 0, 1, 0 });
        var x = Tensor.FromArray(new[] { first, 7 }).RequiresGrad_();
        var y = Tensor.FromArray(new[] { second, 11, third }).RequiresGrad_();
        var g = Tensor.FromArray(new[] { 1.0, 0 });
        var gradients = Autograd.Grad([x.ScatterReduce(0, at, y, ScatterReduction.Prod)], [x, y], [g], createGraph: true);
        Holds(gradients[0]!.Detach(), second * third, 0);
        Holds(gradients[1]!.Detach(), first * third, 0, first * second);
        var ofX = Autograd.Grad([gradients[0]![0]], [y], retainGraph: true);
        Holds(ofX[0]!, third, 0, second);
        var ofY = Autograd.Grad([gradients[1]![0]], [x, y], retainGraph: true);
        Holds(ofY[0]!, third, 0);
        Holds(ofY[1]!, 0, 0, first);

        var alone = Autograd.Grad([x.ScatterReduce(0, at, y, ScatterReduction.Prod, includeSelf: false)], [x, y], [g]);
        Holds(alone[0]!, 0, 0);
        Holds(alone[1]!, third, 0, second);
    }

    /// <summary>Positions that a hook makes of saved ones are looked at like any other.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void PositionsAreCheckedInTheBackwardPass(string name)
    {
        foreach (var wild in new[] { -1_000_000_007L, 4, long.MaxValue, long.MinValue })
        {
            var (x, y) = (X().RequiresGrad_(), Y().RequiresGrad_());
            Tensor Wild(Tensor saved) => saved.DType.IsInteger ? Tensor.Full(saved.Shape.AsSpan(), wild, DType.Int64) : saved;
            using (Autograd.SavedTensorHooks(saved => saved, (Tensor saved) => Wild(saved)))
            {
                var result = Writes[name].New(x, y).Sum();
                if (!name.StartsWith("masked", StringComparison.Ordinal))
                {
                    Assert.Throws<TensorIndexException>(() => Autograd.Grad([result], [x, y], allowUnused: true));
                }
            }
        }
    }

    [Fact]
    public void WhatIsRefused()
    {
        var x = Tensor.Zeros(2, 3);
        var at = Tensor.Zeros([2, 3], DType.Int64);
        var y = Tensor.Ones(2, 3);
        Assert.Throws<DTypeException>(() => x.Scatter(0, at.To(DType.Float32), y));
        Assert.Throws<DTypeException>(() => x.Scatter(0, at, y.To(DType.Float64)));
        Assert.Throws<ShapeException>(() => x.Scatter(0, at[0], y));
        Assert.Throws<ShapeException>(() => x.Scatter(0, at, y[0]));
        Assert.Throws<ShapeException>(() => x.Scatter(0, Tensor.Zeros([2, 4], DType.Int64), Tensor.Ones(2, 4)));
        Assert.Throws<ShapeException>(() => x.Scatter(0, at, y[..1]));
        Assert.Throws<TensorIndexException>(() => x.Scatter(2, at, y));
        Assert.Throws<TensorIndexException>(() => x.Scatter(0, at - 1, y));
        Assert.Throws<TensorIndexException>(() => x.ScatterAdd(1, at + 3, y));
        Assert.Throws<ArgumentException>(() => x.Scatter(0, at, y, ScatterReduction.Mean));
        Assert.Throws<ArgumentException>(() => x.IndexReduce(0, at[0], y, ScatterReduction.Sum));
        Assert.Throws<ShapeException>(() => x.IndexAdd(0, at, y));
        Assert.Throws<ShapeException>(() => x.IndexAdd(0, at[0], y));
        Assert.Throws<ShapeException>(() => x.IndexCopy(0, at[0, ..2], y[.., ..2]));
        Assert.Throws<TensorIndexException>(() => x.IndexCopy(0, at[0, ..2] - 1, y));
        Assert.Throws<TensorIndexException>(() => x.IndexFill(0, at[0] - 3, 1));
        Assert.Throws<ShapeException>(() => x.IndexFill(0, at[0], y));
        Assert.Throws<TensorIndexException>(() => x.IndexSelect(0, at[0] - 1));
        Assert.Throws<ShapeException>(() => x.IndexSelect(0, at));
        Assert.Throws<TensorIndexException>(() => x.Take(at + 6));
        Assert.Throws<TensorIndexException>(() => Tensor.Zeros(0).Take(at));
        Assert.Throws<ShapeException>(() => x.Put(at, y[0]));
        Assert.Throws<ShapeException>(() => x.MaskedScatter(Tensor.Ones([2, 3], DType.Bool), y[0]));
        Assert.Throws<DTypeException>(() => x.MaskedScatter(y, y));
        Assert.Throws<DTypeException>(() => x.MaskedSelect(y));
        Assert.Throws<ShapeException>(() => x.MaskedSelect(Tensor.Ones([4], DType.Bool)));
        Assert.Throws<TensorIndexException>(() => x.IndexPut([at, at, at], 1));
        Assert.Throws<ShapeException>(() => x.IndexPut([at[0]], Tensor.Ones(4)));
        Assert.Throws<DTypeException>(() => x.IndexPut([at[0]], y.To(DType.Float64)));
        Assert.Throws<ShapeException>(() => x.TakeAlongDim(at[0], 0));
        Assert.Throws<DTypeException>(() => y.OneHot());
        Assert.Throws<TensorIndexException>(() => (at - 1).OneHot());
        Assert.Throws<TensorIndexException>(() => (at + 3).OneHot(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => at.OneHot(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros([0], DType.Int64).OneHot());
        Assert.Throws<TensorIndexException>(() => at[0].EmbeddingBag(x, Tensor.FromArray(new long[] { 1 })));
        Assert.Throws<TensorIndexException>(() => at[0].EmbeddingBag(x, Tensor.FromArray(new long[] { 0, 4 })));
        Assert.Throws<ArgumentNullException>(() => at[0].EmbeddingBag(x));
        Assert.Throws<ShapeException>(() => at.EmbeddingBag(x, at[0]));
    }

    /// <summary>Nothing to write, and nothing to write into.</summary>
    [Fact]
    public void EmptyTensors()
    {
        var none = Tensor.Zeros([0], DType.Int64);
        Holds(X().Scatter(0, none, Tensor.Zeros([3, 0], DType.Float64)), 1, 2, 3, 4);
        Holds(X().IndexAdd(0, none, Tensor.Zeros([0], DType.Float64)), 1, 2, 3, 4);
        Holds(X().ScatterReduce(0, none, Tensor.Zeros([0], DType.Float64), ScatterReduction.Prod, includeSelf: false), 1, 2, 3, 4);
        var (x, y) = (X().RequiresGrad_(), Tensor.Zeros([0], DType.Float64).RequiresGrad_());
        var gradients = Autograd.Grad([x.ScatterReduce(0, none, y, ScatterReduction.Prod).Sum()], [x, y]);
        Holds(gradients[0]!, 1, 1, 1, 1);
        Assert.Equal(0, gradients[1]!.Count);
        Assert.Equal("torch.Size([0, 2])", Tensor.Zeros(2, 3).NonZero().Shape.ToString());
        Assert.Equal("torch.Size([1, 0])", Tensor.Ones([]).NonZero().Shape.ToString());
        Assert.Single(Tensor.Ones([]).NonZeroAsTuple());
        Assert.Equal("torch.Size([0, 5])", Tensor.Zeros([0], DType.Int64).EmbeddingBag(Tensor.Ones(3, 5), none).Shape.ToString());
        Assert.Equal("torch.Size([0, 3])", none.OneHot(3).Shape.ToString());
    }

    /// <summary>Half of a large table at a time, along each dimension, against loops.</summary>
    [Fact]
    public void LargeTables()
    {
        var draw = new Random(1);
        foreach (var (rows, columns) in new[] { (700, 300), (3, 70_000), (70_000, 3), (1, 5) })
        {
            var table = Enumerable.Range(0, rows * columns).Select(i => (double)i).ToArray();
            for (var dim = 0; dim < 2; dim++)
            {
                var size = dim == 0 ? rows : columns;
                var at = Enumerable.Range(0, rows * columns).Select(_ => (long)draw.Next(size)).ToArray();
                var (expected, taken) = ((double[])table.Clone(), new double[table.Length]);
                for (var i = 0; i < at.Length; i++)
                {
                    var place = dim == 0 ? ((int)at[i] * columns) + (i % columns) : (i / columns * columns) + (int)at[i];
                    taken[i] = table[place];
                    expected[place] += 1;
                }

                var (x, index) = (Tensor.FromArray(table, rows, columns), Tensor.FromArray(at, rows, columns));
                Assert.Equal(taken, x.Gather(dim, index).ToArray<double>());
                Assert.Equal(expected, x.ScatterAdd(dim, index, Tensor.OnesLike(x)).ToArray<double>());
                Assert.Equal(taken, x.T.Gather(1 - dim, index.T).T.ToArray<double>());
            }
        }
    }

    private static (Func<Tensor, Tensor, Tensor> New, Func<Tensor, Tensor, Tensor> InPlace) Reduced(ScatterReduction reduction, bool includeSelf) =>
        ((x, y) => x.ScatterReduce(0, At, y, reduction, includeSelf), (x, y) => x.ScatterReduce_(0, At, y, reduction, includeSelf));
}
