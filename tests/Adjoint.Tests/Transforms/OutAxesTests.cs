using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Where samples go in the results of batches: for each result its own dimension, or none (JAX's <c>out_axes</c> with None).</summary>
public class OutAxesTests
{
    private static readonly Tensor Samples = Tensor.Linspace(0.1, 1.2, 12).To(DType.Float64).View(4, 3);
    private static readonly Tensor W = Tensor.FromArray([1.0, 2, 3]);

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void EachResultHasItsOwn(int? chunkSize)
    {
        var (outer, sum, w) = Vmap(
            (Tensor x) => (x.Unsqueeze(1) * W, x.Sum(), W), outAxis: Axes.Each(-1, 0, null), chunkSize: chunkSize)(Samples);
        Check.Close((Samples.Unsqueeze(2) * W).Movedim(0, -1), outer);
        Check.Close(Samples.Sum(1), sum);
        Assert.Same(W, w);

        // Gradients from outside flow to each place; what is the same for all counts once.
        var (x, v) = (Samples.Clone().RequiresGrad_(), W.Clone().RequiresGrad_());
        var (a, b) = Vmap((Tensor row) => (row * v, v * v), outAxis: Axes.Each(1, null), chunkSize: chunkSize)(x);
        Assert.Equal([3, 4], a.Shape.ToArray());
        (a.Sum() + b.Sum()).Backward();
        Check.Close(v.Detach().Expand(4, 3).Clone(), x.Grad!);
        Check.Close(Samples.Sum(0) + (2 * W), v.Grad!);
    }

    [Fact]
    public void InsideOfOtherBatchesAndDerivatives()
    {
        // The outer batch's sample is the same for all of the inner one.
        var (y, row) = Vmap((Tensor r) => Vmap((Tensor element) => (element * r, r * 2), outAxis: Axes.Each(1, null))(r), outAxis: Axes.Each(0, 1))(
            Samples);
        Check.Close((Samples.Unsqueeze(1) * Samples.Unsqueeze(2)).Transpose(1, 2), y);
        Check.Close(Samples.T * 2, row);
        var gradient = Grad((Tensor w) => Vmap((Tensor r) => (r * w, w.Exp()), outAxis: Axes.Each(0, null))(Samples) is var (p, q)
            ? p.Sum() + q.Sum() : w)(W);
        Check.Close(Samples.Sum(0) + W.Exp(), gradient);
        var (_, tangent) = Jvp((Tensor w) => Vmap((Tensor r) => (r, w.Square()), outAxis: Axes.Each(0, null))(Samples).Item2, W, Tensor.OnesLike(W));
        Check.Close(2 * W, tangent);
    }

    [Fact]
    public void WhatDependsOnTheSampleNeedsADimension()
    {
        var error = Assert.Throws<TensorException>(() => Vmap((Tensor x) => x * 2, outAxis: Axes.None)(Samples));
        Assert.StartsWith("vmap has mapped output but out_axes is None", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<TensorException>(() => Vmap((Tensor x) => (x, x), outAxis: Axes.Each(0))(Samples));
        Assert.StartsWith("vmap: out_dims names 1 dimensions, but the result has 2 tensors", error.Message, StringComparison.Ordinal);

        // One sample after the other, the results tell.
        Tensor Reads(Tensor x) => x.Sum().Item() > 0 ? x : -x;
        Assert.Throws<TensorException>(() => Vmap(Reads, outAxis: Axes.None)(Samples));
        Assert.Same(W, Vmap((Tensor x) => x.Sum().Item() > 0 ? W : W * 1, outAxis: Axes.None)(Samples));
        Assert.Throws<TensorException>(() => Vmap(Reads, outAxis: Axes.None, chunkSize: 2)(Samples));
    }
}
