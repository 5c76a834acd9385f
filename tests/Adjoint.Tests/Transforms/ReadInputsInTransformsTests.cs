using Adjoint.Families;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Inputs without a gradient that transforms follow: masks, statistics, targets and row numbers of each sample.</summary>
public class ReadInputsInTransformsTests
{
    private static readonly Tensor Q = Of(0.1, 1, 2, 3, 2), K = Of(0.7, 1, 2, 4, 2), V = Of(1.9, 1, 2, 4, 2);
    private static readonly Tensor Masks = Of(0.4, 3, 3, 4);

    [Fact]
    public void EachSampleHasItsMask()
    {
        Tensor One(Tensor mask) => Q.ScaledDotProductAttention(K, V, mask);
        Check.Close(EachOf(One, Masks), Vmap((Tensor mask) => One(mask))(Masks));

        // Gradients against the queries, from inside and from outside.
        Tensor Pulled(Tensor mask) => Grad((Tensor q) => q.ScaledDotProductAttention(K, V, mask).Square().Sum())(Q);
        Check.Close(EachOf(Pulled, Masks), Vmap((Tensor mask) => Pulled(mask))(Masks));
        Check.Close(
            EachOf(Pulled, Masks).Sum(0),
            Grad((Tensor q) => Vmap((Tensor mask) => q.ScaledDotProductAttention(K, V, mask).Square().Sum())(Masks).Sum())(Q));
        var leaf = Q.Clone().RequiresGrad_();
        Vmap((Tensor mask) => leaf.ScaledDotProductAttention(K, V, mask).Square().Sum())(Masks).Sum().Backward();
        Check.Close(EachOf(Pulled, Masks).Sum(0), leaf.Grad!);
    }

    /// <summary>A mask that requires grad has one, through the composite; forward mode gives the same.</summary>
    [Fact]
    public void AMaskHasATangent()
    {
        var (mask, t) = (Masks[0], Of(2.2, 3, 4));
        var g = Of(3.1, 1, 2, 3, 2);
        var (_, tangent) = Jvp((Tensor m) => Q.ScaledDotProductAttention(K, V, m), mask, t);
        var pulled = Grad((Tensor m) => (Q.ScaledDotProductAttention(K, V, m) * g).Sum())(mask);
        Check.Close((tangent * g).Sum(), (pulled * t).Sum());
    }

    [Fact]
    public void EachSampleHasItsStatistics()
    {
        var x = Of(0.2, 4, 2);
        Tensor means = Of(0.5, 3, 2), variances = Of(0.9, 3, 2).Square() + 0.5;
        Tensor One(Tensor mean, Tensor variance) => Grad((Tensor z) => z.BatchNorm(mean, variance).Square().Sum())(x);
        var expected = Tensor.Stack([.. Enumerable.Range(0, 3).Select(i => One(means[i], variances[i]))]);
        Check.Close(expected, Vmap((Tensor mean, Tensor variance) => One(mean, variance))(means, variances));
    }

    [Fact]
    public void EachSampleHasItsClassesAndWeights()
    {
        var scores = Of(0.2, 5, 3);
        var targets = Tensor.FromArray([2L, 0, 1, -100, 1, 1, 1, 2, 0, 0], 2, 5);
        var weights = Of(0.9, 2, 3).Square() + 0.5;
        Tensor One(Tensor target, Tensor weight) => Grad((Tensor z) => z.LogSoftmax(1).NllLoss(target, weight))(scores);
        var expected = Tensor.Stack([.. Enumerable.Range(0, 2).Select(i => One(targets[i], weights[i]))]);
        Check.Close(expected, Vmap((Tensor target, Tensor weight) => One(target, weight))(targets, weights));
        Check.Close(EachOf(weight => One(targets[0], weight), weights), Vmap((Tensor weight) => One(targets[0], weight))(weights));

        // Nothing flows to weights, in any mode.
        var (_, tangent) = Jvp((Tensor w) => scores.NllLoss(targets[0], w), weights[0], Tensor.Ones([3], DType.Float64));
        Check.Close(Tensor.Zeros([], DType.Float64), tangent);
    }

    /// <summary>Row numbers of each sample, for the three operators that move rows, in front of and behind other dimensions.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void EachSampleHasItsRows(int place)
    {
        var plan = place == 0 ? new IndexPlan([0, 1, 2], 2, 0) : new IndexPlan([1, 2, 0], 2, 1);
        int[] sizes = place == 0 ? [2, 3, 4] : [4, 2, 3];
        int[] picked = place == 0 ? [5, 4] : [4, 5];
        var rows = Tensor.FromArray([0L, 5, 2, 2, 1, 3, 0, 4, 4, 1], 2, 5);
        Tensor tables = Of(0.3, [2, .. sizes]), values = Of(0.8, [2, .. picked]);
        Compare((x, at) => Op.Indexed(new IndexRows(plan), x, at), tables, rows);
        Compare((x, at) => Op.Indexed(new AddRows(plan, sizes), x, at), values, rows);
        Compare((x, at) => Op.Indexed(new EraseRows(plan), x, at), tables, rows);
    }

    private static void Compare(Func<Tensor, Tensor, Tensor> run, Tensor x, Tensor rows)
    {
        Tensor Pulled(Tensor one, Tensor at) => Grad((Tensor z) => run(z, at).Pow(3).Sum())(one);
        foreach (var f in new[] { run, Pulled })
        {
            Check.Close(Tensor.Stack([f(x[0], rows[0]), f(x[1], rows[1])]), Vmap((Tensor a, Tensor b) => f(a, b))(x, rows));
            Check.Close(Tensor.Stack([f(x[0], rows[0]), f(x[0], rows[1])]), Vmap((Tensor at) => f(x[0], at))(rows));
            Check.Close(Tensor.Stack([f(x[0], rows[0]), f(x[1], rows[0])]), Vmap((Tensor one) => f(one, rows[0]))(x));
        }

        Check.Close(
            Tensor.Stack([Pulled(x[0], rows[0]), Pulled(x[1], rows[1])]),
            Grad((Tensor z) => Vmap((Tensor a, Tensor b) => run(a, b).Pow(3).Sum())(z, rows).Sum())(x));
    }

    private static Tensor EachOf(Func<Tensor, Tensor> f, Tensor samples) =>
        Tensor.Stack([.. Enumerable.Range(0, samples.Shape[0]).Select(i => f(samples[i]))]);

    private static Tensor Of(double shift, params int[] shape) =>
        ((Tensor.Arange(Shape.Product(shape)).To(DType.Float64) * 0.7) + shift).Sin().Reshape(shape);
}
