using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary><c>Grad</c>, <c>ZeroGrad</c>, <c>RetainGrad</c>, and the warning about a gradient that is never filled.</summary>
public class GradTests
{
    [Fact]
    public void GradIsNullUntilAPassFillsIt()
    {
        var x = Leaf(1, 2);
        Assert.Null(x.Grad);
        var y = x.Sum();
        Assert.Null(x.Grad);
        y.Backward();
        Assert.NotNull(x.Grad);
    }

    [Fact]
    public void OnlyLeavesThatRequireGradGetOne()
    {
        var x = Leaf(1, 2);
        Tensor constant = [3.0, 4];
        (x * constant).Sum().Backward();
        Assert.Null(constant.Grad);
    }

    [Fact]
    public void ZeroGradForgets()
    {
        var x = Leaf(1, 2);
        x.Sum().Backward();
        var old = x.Grad!;
        x.ZeroGrad();
        Assert.Null(x.Grad);
        Holds(old, 1, 1);
        x.Sum().Backward();
        Assert.NotSame(old, x.Grad);
        x.ZeroGrad(setToNull: false);
        Holds(x.Grad, 0, 0);
        x.Sum().Backward();
        Holds(x.Grad, 1, 1);
    }

    [Fact]
    public void ZeroGradOfNothingIsNothing()
    {
        var x = Leaf(1, 2);
        x.ZeroGrad();
        x.ZeroGrad(setToNull: false);
        Assert.Null(x.Grad);
    }

    /// <summary>As PyTorch's optimisers: a gradient with a history is detached first, or zeroing it would be recorded.</summary>
    [Fact]
    public void ZeroGradCutsTheHistoryOfAGradient()
    {
        var x = Leaf(1, 2);
        (x * x).Sum().Backward(createGraph: true);
        Assert.True(x.Grad!.RequiresGrad);
        x.ZeroGrad(setToNull: false);
        Assert.False(x.Grad!.RequiresGrad);
        Holds(x.Grad, 0, 0);
    }

    [Fact]
    public void AGradientCanBeAssigned()
    {
        var x = Leaf(1, 2);
        Tensor g = [3.0, 4];
        x.Grad = g;
        Assert.Same(g, x.Grad);
        x.Grad = null;
        Assert.Null(x.Grad);
    }

    [Fact]
    public void AnAssignedGradientMustFit()
    {
        var x = Leaf(1, 2);
        Fails<AutogradException>(
            "attempting to assign a gradient of size '[3]' to a tensor of size '[2]'. Please ensure that the gradient and the tensor " +
            "are the same size",
            () => x.Grad = Tensor.FromArray([1.0, 2, 3]));
        Fails<AutogradException>(
            "attempting to assign a gradient of size '[1, 2]' to a tensor of size '[2]'.", () => x.Grad = Tensor.FromArray([1.0, 2], 1, 2));
        Fails<AutogradException>("can't assign Variable as its own grad", () => x.Grad = x);
        Assert.Throws<AutogradException>(() => x.Grad = Tensor.FromArray([1f, 2]));
        Assert.Null(x.Grad);
    }

    [Fact]
    public void AResultKeepsNoGradientAndSaysSo()
    {
        var x = Leaf(1, 2);
        var h = x * 2;
        h.Sum().Backward();
        var warnings = WarningsOf(() => Assert.Null(h.Grad));
        var warning = Assert.Single(warnings);
        Assert.StartsWith("The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.", warning, StringComparison.Ordinal);
        Assert.Contains("RetainGrad()", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadingALeafOrARetainedGradientWarnsOfNothing()
    {
        var x = Leaf(1, 2);
        var h = x * 2;
        h.RetainGrad();
        Assert.Empty(WarningsOf(() =>
        {
            Assert.Null(x.Grad);
            Assert.Null(h.Grad);
            h.Sum().Backward();
            Holds(x.Grad, 2, 2);
            Holds(h.Grad, 1, 1);
            h.ZeroGrad();
            Tensor plain = [1f];
            Assert.Null(plain.Grad);
        }));
    }

    [Fact]
    public void RetainGradKeepsTheGradientOfAResult()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        Assert.False(h.RetainsGrad);
        h.RetainGrad();
        h.RetainGrad();
        Assert.True(h.RetainsGrad);
        (3 * h).Sum().Backward();
        Holds(h.Grad, 3, 3);
        Holds(x.Grad, 6, 12);
    }

    [Fact]
    public void RetainedGradientsAccumulateToo()
    {
        var x = Leaf(1, 2);
        var h = x + 1;
        h.RetainGrad();
        h.Sum().Backward();
        (2 * h).Sum().Backward();
        Holds(h.Grad, 3, 3);
    }

    [Fact]
    public void RetainGradOfTheRootKeepsTheSeed()
    {
        var y = Leaf(1, 2).Sum();
        y.RetainGrad();
        y.Backward();
        Holds(y.Grad, 1);
    }

    [Fact]
    public void RetainGradOfALeafDoesNothing()
    {
        var x = Leaf(1, 2);
        x.RetainGrad();
        Assert.False(x.RetainsGrad);
        x.Sum().Backward();
        Holds(x.Grad, 1, 1);
    }

    [Fact]
    public void RetainGradNeedsAGradient() => Fails<AutogradException>(
        "can't retain_grad on Tensor that has requires_grad=False", () => Tensor.FromArray([1.0]).RetainGrad());

    /// <summary>PyTorch's rule: retaining follows the new value through an in-place operator, whether asked before or after.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RetainGradFollowsTheValueThroughInPlace(bool before)
    {
        var x = Leaf(1, 2);
        var h = x * 1;
        if (before)
        {
            h.RetainGrad();
        }

        h.Mul_(5);
        if (!before)
        {
            h.RetainGrad();
        }

        (3 * h).Sum().Backward();
        Holds(h.Grad, 3, 3); // of the value after Mul_; before it, it would be 15
        Holds(x.Grad, 15, 15);
    }

    /// <summary>PyTorch's test_retain_grad_inplace_over_view, for the base: changing a view gives the base a new value.</summary>
    [Fact]
    public void RetainGradFollowsTheBaseThroughAChangeOfItsView()
    {
        var x = Leaf(1, 2);
        var h = x * 1;
        h.RetainGrad();
        h[0].Mul_(5);
        (3 * h).Sum().Backward();
        Holds(h.Grad, 3, 3);
        Holds(x.Grad, 15, 3);
    }

    [Fact]
    public void TheGradientOfTheGradientIsRetainedWithAGraph()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        h.RetainGrad();
        (h * h).Sum().Backward(createGraph: true);
        Holds(h.Grad, 2, 8);

        // dh.Grad/dx = d(2x²)/dx = 4x
        Holds(Autograd.Grad(h.Grad!.Sum(), x), 4, 8);
    }

    private static List<string> WarningsOf(Action action)
    {
        // Other tests may raise warnings on other threads meanwhile.
        var thread = Environment.CurrentManagedThreadId;
        var warnings = new List<string>();
        void Listen(string message)
        {
            if (Environment.CurrentManagedThreadId == thread)
            {
                warnings.Add(message);
            }
        }

        Autograd.Warning += Listen;
        try
        {
            action();
        }
        finally
        {
            Autograd.Warning -= Listen;
        }

        return warnings;
    }
}
