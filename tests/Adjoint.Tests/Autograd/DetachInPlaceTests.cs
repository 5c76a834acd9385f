using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary><c>Detach_</c>: the tensor itself becomes a constant; PyTorch's refusals on views and after saving.</summary>
public class DetachInPlaceTests
{
    private const string Saved26 =
        "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_().This is not supported, please use out-of-place " +
        "`.detach()` instead";

    [Fact]
    public void AResultBecomesALeaf()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        Assert.Same(y, y.Detach_());
        Assert.True(y.IsLeaf);
        Assert.False(y.RequiresGrad);
        Assert.Null(y.GradFn);
        Holds(y, 3, 6);
        Assert.Equal(0, y.Version);
        (y * x).Sum().Backward();
        Holds(x.Grad, 3, 6);
    }

    [Fact]
    public void ALeafNoLongerRequiresGrad()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        x.Detach_();
        Assert.False(x.RequiresGrad);

        // The graph is still there, but its end takes nothing any more.
        y.Sum().Backward();
        Assert.Null(x.Grad);
    }

    [Fact]
    public void WhatWasComputedBeforeKeepsItsGraph()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        var z = y + 1;
        y.Detach_();
        z.Sum().Backward();
        Holds(x.Grad, 3, 3);
    }

    [Fact]
    public void ItMayRequireGradAgain()
    {
        var x = Leaf(1, 2);
        var y = (x * 3).Detach_().RequiresGrad_();
        (y * y).Sum().Backward();
        Holds(y.Grad, 6, 12);
        Assert.Null(x.Grad);
    }

    /// <summary>PyTorch refuses every view, whether anything requires grad or not.</summary>
    [Fact]
    public void AViewIsRefused()
    {
        const string message = "Can't detach views in-place. Use detach() instead.";
        var y = Leaf(1, 2) * 3;
        Fails<AutogradException>(message, () => y[..1].Detach_());
        Fails<AutogradException>(message, () => y.Unbind()[0].Detach_());
        Fails<AutogradException>(message, () => Tensor.Zeros(4).View(2, 2).Detach_());
        Assert.NotNull(y.GradFn);
    }

    [Fact]
    public void AViewMadeBeforeKeepsItsHistory()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        var view = y[1..];
        y.Detach_();
        view.Sum().Backward();
        Holds(x.Grad, 0, 3);
    }

    /// <summary>PyTorch's test_saved_tensor_inplace_detach.</summary>
    [Fact]
    public void AfterItWasSavedItIsRefused()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        var z = y * y;
        y.Detach_();
        Fails<AutogradException>(Saved26, () => z.Sum().Backward());
    }

    [Fact]
    public void RefusedEvenIfItRequiresGradAgain()
    {
        var x = Leaf(1, 2);
        var y = x * 3;
        var z = (y * y).Sum();
        y.Detach_().RequiresGrad_();
        Fails<AutogradException>(Saved26, () => Autograd.Grad(z, x, createGraph: true));
    }

    [Fact]
    public void ASavedLeafMayBeDetached()
    {
        var x = Leaf(1, 2);
        var w = Leaf(3, 4);
        var y = x * w;
        w.Detach_();
        y.Sum().Backward();
        Holds(x.Grad, 3, 4);
        Assert.Null(w.Grad);
    }

    /// <summary>A node knows the history of its own output, so second derivatives stay those of the function that was written.</summary>
    [Fact]
    public void ASavedOutputKeepsItsHistory()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        var z = y.Sum();
        y.Detach_();
        var first = Autograd.Grad(z, x, createGraph: true);
        var second = Autograd.Grad(first.Sum(), x);
        IsClose(second, [Math.Exp(1), Math.Exp(2)]);
    }

    [Fact]
    public void ACustomFunctionsSavedOutputToo()
    {
        var x = Leaf(1, 2);
        var square = Autograd.MultiFunction(
            (context, inputs) =>
            {
                var y = inputs[0].Exp();
                context.SaveForBackward(y);
                return [y];
            },
            (context, gradients) => [gradients[0]! * context.SavedTensors[0]]);
        var y = square([x])[0];
        var z = y.Sum();
        y.Detach_();
        var first = Autograd.Grad(z, x, createGraph: true);
        IsClose(Autograd.Grad(first.Sum(), x), [Math.Exp(1), Math.Exp(2)]);
    }

    [Fact]
    public void InsideATransformItIsRefused() => Fails<AutogradException>(
        "Vmap: inplace arithmetic", () => Transform.Vmap((Tensor x) => x.Detach_())(Tensor.Ones(2, 2)));

    [Fact]
    public void TheGraphIsGarbageOnceCutOff()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Gone(() =>
        {
            var h = x * 2;
            var y = h + 1;
            held.Add(y);
            var node = y.GradFn!;
            y.Detach_();
            return [h, node];
        });
        Holds(held[0], 3, 5);
    }

    [Fact]
    public void OfNothing() => Assert.Throws<NullReferenceException>(() => ((Tensor)null!).Detach_());
}
