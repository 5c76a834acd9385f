using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary><c>Detach</c>: the same memory without a history.</summary>
public class DetachTests
{
    [Fact]
    public void ADetachedTensorIsALeafOverTheSameMemory()
    {
        var x = Leaf(1, 2);
        var y = x * 2;
        var detached = y.Detach();
        Assert.True(detached.IsLeaf);
        Assert.False(detached.RequiresGrad);
        Assert.True(Share(y, detached));
        Holds(detached, 2, 4);
    }

    /// <summary>PyTorch's notebook: u = (x * x).Detach(), z = u * x, so dz/dx = u.</summary>
    [Fact]
    public void NothingFlowsThroughIt()
    {
        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        var y = x * x;
        var u = y.Detach();
        (u * x).Sum().Backward();
        Holds(x.Grad, Of(u));
        x.Grad = null;
        y.Sum().Backward();
        Holds(x.Grad, 0, 2, 4, 8);
    }

    [Fact]
    public void VersionsAreShared()
    {
        var x = Leaf(1, 2);
        var y = x * 2;
        y.Detach().Add_(1);
        Assert.Equal(1, y.Version);
        Holds(y, 3, 5);
    }

    /// <summary>PyTorch's test_detach_then_inplace_raises_in_autograd.</summary>
    [Fact]
    public void AChangeOfTheDetachedTensorIsNoticed()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        var z = y.Sum();
        y.Detach().Zero_();
        Fails<AutogradException>(
            "one of the variables needed for gradient computation has been modified by an inplace operation", () => z.Backward());
    }

    [Fact]
    public void ItMayBeChangedInPlaceAlthoughTheOriginalMayNot()
    {
        var x = Leaf(1, 2);
        Assert.Throws<AutogradException>(() => x.Add_(1));
        x.Detach().Add_(1);
        Holds(x, 2, 3);
    }

    [Fact]
    public void AViewOfADetachedTensorBelongsToIt()
    {
        var x = Leaf(1, 2, 3);
        var detached = (x * 2).Detach();
        detached.RequiresGrad = true;
        var view = detached[1..];
        (view * view).Sum().Backward();
        Holds(detached.Grad, 0, 8, 12);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void TheOriginalKeepsItsGraph()
    {
        var x = Leaf(1, 2);
        var y = x * x;
        y.Detach().RequiresGrad = true;
        y.Sum().Backward();
        Holds(x.Grad, 2, 4);
    }

    /// <summary>A recorded change of the detached tensor is part of its history;
    /// the original, like PyTorch's, has the memory but not the history.</summary>
    [Fact]
    public void ARecordedChangeIsTheDetachedTensorsOwn()
    {
        var x = Leaf(1, 2);
        var w = Leaf(10, 10);
        var y = x * 2;
        var detached = y.Detach();
        detached.Mul_(w);
        Assert.Equal("MulBackward0", detached.GradFn?.Name);
        detached.Sum().Backward();
        Holds(w.Grad, 2, 4);
        Assert.Null(x.Grad);
        y.Sum().Backward();
        Holds(x.Grad, 2, 2);
    }

    [Fact]
    public void DetachOfNothing() => Assert.Throws<NullReferenceException>(() => ((Tensor)null!).Detach());
}
