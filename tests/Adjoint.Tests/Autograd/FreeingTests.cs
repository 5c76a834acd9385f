using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>What nobody holds is garbage: graphs, saved values, gradients. PyTorch needs reference counts and weak pointers for these.</summary>
public class FreeingTests
{
    [Fact]
    public void AGraphIsGarbageAfterItsPass()
    {
        var x = Leaf(1, 2);
        Gone(() =>
        {
            var h = x.Exp();
            var y = (h * h).Sum();
            y.Backward();
            return [h, h.GradFn!, y.GradFn!];
        });
    }

    /// <summary>PyTorch's nodes of these save the positions, so a pass uses them up; that of a sum or a view saves nothing.</summary>
    [Fact]
    public void APassUsesPositionsUp()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        var written = x * 1;
        written[new[] { 0 }] = 5;
        foreach (var y in new[]
        {
            x.Gather(0, Tensor.FromArray([1L, 0], 1, 2)), x[new[] { 1, 0 }], x[Tensor.FromArray([true, false])], written,
            x.CrossEntropy(Tensor.FromArray([1L, 0])),
        })
        {
            var loss = y.Sum();
            loss.Backward(retainGraph: true);
            loss.Backward();
            Fails<AutogradException>(
                "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed).",
                () => loss.Backward());
        }

        var sum = x[0].Unsqueeze(0).Sum();
        sum.Backward();
        sum.Backward();
    }

    [Fact]
    public void SavedValuesGoDuringThePassAlthoughTheGraphIsHeld()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Gone(() =>
        {
            var saved = x.Exp();
            var product = saved * saved.Sin();
            held.Add(product.Sum());
            held[0].Backward();
            return [saved, saved.Storage];
        });
        Assert.NotNull(held[0].GradFn);
    }

    [Fact]
    public void ARetainedGraphKeepsItsSavedValues()
    {
        var x = Leaf(1, 2);
        var y = x.Exp().Sin().Sum();
        y.Backward(retainGraph: true);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        y.Backward();
        static double D(double v) => 2 * Math.Cos(Math.Exp(v)) * Math.Exp(v);
        IsClose(x.Grad, [D(1), D(2)]);
    }

    /// <summary>PyTorch's test_free_unneeded_tensor: the inputs of a sum are not kept.</summary>
    [Fact]
    public void WhatNoDerivativeReadsIsNotKept()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Gone(() =>
        {
            var h = x * 2;
            var other = x * 3;
            held.Add((h + other).Reshape(2, 1).Sum());
            return [h.Storage, other.Storage];
        });
        held[0].Backward();
        Holds(x.Grad, 5, 5);
    }

    /// <summary>PyTorch leaks here: a gradient with a graph refers to its leaf and the leaf to the gradient (its create_graph warning).</summary>
    [Fact]
    public void CyclesThroughGradAreGarbage() => Gone(() =>
    {
        var x = Leaf(1, 2);
        (x * x).Sum().Backward(createGraph: true);
        Assert.True(x.Grad!.RequiresGrad);
        return [x, x.Grad, x.Grad.GradFn!];
    });

    [Fact]
    public void ALeafGoesWithItsAccumulator() => Gone(() =>
    {
        var x = Leaf(1, 2);
        var y = x * 2;
        var accumulator = y.GradFn!.NextFunctions[0].Node!;
        y.Sum().Backward();
        return [x, x.Grad!, accumulator];
    });

    [Fact]
    public void ALeafDoesNotHoldItsGraphs()
    {
        var x = Leaf(1, 2);
        Gone(() =>
        {
            var y = x * 2;
            return [y, y.GradFn!];
        });
    }

    [Fact]
    public void AViewHoldsTheMemoryAndNothingElseDoes()
    {
        var held = new List<Tensor>();
        Gone(() =>
        {
            var x = Tensor.Ones([3], DType.Float64);
            held.Add(x.Detach()[1..]);
            return [x];
        });
        Holds(held[0], 1, 1);
    }

    [Fact]
    public void AResultUnderNoGradHoldsNothing()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Gone(() =>
        {
            var h = x * 2;
            held.Add(Autograd.NoGrad(() => h.Exp()));
            return [h, h.GradFn!];
        });
    }

    [Fact]
    public void CapturedGradientsDoNotHoldTheGraph()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Gone(() =>
        {
            var h = x.Exp();
            held.Add(Autograd.Grad((h * h).Sum(), x));
            return [h, h.GradFn!];
        });
    }

    [Fact]
    public void AFailedPassHoldsNothing()
    {
        var x = Leaf(1, 2);
        Gone(() =>
        {
            var h = x.Exp();
            var y = (h * 2).Sum();
            h.Add_(1);
            Assert.Throws<AutogradException>(() => y.Backward());
            return [h, y.GradFn!];
        });
    }

    [Fact]
    public void DetachingCutsTheRopeThatALossHoldsItsGraphBy()
    {
        // The classic leak: total += loss keeps every step's graph; with Detach it does not.
        var x = Leaf(1, 2);
        var total = Tensor.Scalar(0.0);
        var held = new List<Tensor> { total };
        Gone(() =>
        {
            var loss = x.Exp().Sum();
            loss.Backward();
            total.Add_(loss.Detach());
            return [loss, loss.GradFn!];
        });
        Assert.Equal(Math.Exp(1) + Math.Exp(2), held[0].Item(), 1e-12);
    }
}
