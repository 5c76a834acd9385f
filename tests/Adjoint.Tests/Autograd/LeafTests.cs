using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Leaves: who is one, and whose <c>RequiresGrad</c> can be set. PyTorch's rules, "Engine and leaves" of its autograd notes.</summary>
public class LeafTests
{
    private const string NonLeaf = "you can only change requires_grad flags of leaf variables.";
    private const string NotReal = "only Tensors of floating point and complex dtype can require gradients";

    [Fact]
    public void WhatAUserMakesIsALeafThatRequiresNothing()
    {
        Tensor x = [1f, 2];
        Assert.True(x.IsLeaf);
        Assert.False(x.RequiresGrad);
        Assert.Null(x.GradFn);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void ALeafThatRequiresGradStaysALeaf()
    {
        Tensor x = [1f, 2];
        x.RequiresGrad = true;
        Assert.True(x.IsLeaf);
        Assert.True(x.RequiresGrad);
        Assert.Null(x.GradFn);
    }

    [Fact]
    public void ResultsRequireGradIfAnyInputDoes()
    {
        var x = Leaf(1, 2);
        Tensor constant = [3.0, 4];
        var y = constant * x;
        Assert.False(y.IsLeaf);
        Assert.True(y.RequiresGrad);
        Assert.NotNull(y.GradFn);

        // PyTorch: "all tensors that have requires_grad False are leaves by convention".
        var z = constant * constant;
        Assert.True(z.IsLeaf);
        Assert.False(z.RequiresGrad);
    }

    [Fact]
    public void ResultsWithoutGradModeAreLeaves()
    {
        var x = Leaf(1, 2);
        using var scope = Autograd.NoGrad();
        foreach (var y in new[] { x * 2, x.Sum(), x.Clone(), x.MatMul(x) })
        {
            Assert.True(y.IsLeaf);
            Assert.False(y.RequiresGrad);
            Assert.Null(y.GradFn);
        }

        // A view requires grad with its base (PyTorch's test_requires_grad_view_op_exiting), and has no node either.
        foreach (var y in new[] { x[0], x.Reshape(2, 1) })
        {
            Assert.True(y.IsLeaf);
            Assert.True(y.RequiresGrad);
            Assert.Null(y.GradFn);
        }
    }

    [Fact]
    public void WhatHasNoGradientRequiresNone()
    {
        var x = Leaf(1, 2);
        foreach (var y in new[] { x > 1, x.Eq(x), x.Argmax(), x.Max(0).Indices, x.To(DType.Int64), !x, x.All() })
        {
            Assert.False(y.RequiresGrad);
            Assert.True(y.IsLeaf);
        }
    }

    [Fact]
    public void TheFlagCanBeTakenBack()
    {
        var x = Leaf(1, 2);
        x.RequiresGrad = false;
        Assert.False((x * 2).RequiresGrad);
        x.RequiresGrad = true;
        (x * 2).Sum().Backward();
        Holds(x.Grad, 2, 2);
    }

    /// <summary>PyTorch's accumulate_grad.cpp: a leaf that no longer requires grad by the time of the pass gets none.</summary>
    [Fact]
    public void ALeafThatNoLongerRequiresGradGetsNone()
    {
        var x = Leaf(1, 2);
        var y = (x * 2).Sum();
        x.RequiresGrad = false;
        y.Backward();
        Assert.Null(x.Grad);
    }

    /// <summary>PyTorch's accumulate_grad.cpp: the gradient would belong to a value that this tensor no longer has.</summary>
    [Fact]
    public void ALeafThatBecameAResultRefusesItsOldGradient()
    {
        var x = Leaf(1, 2);
        var y = x.Sum();
        x.RequiresGrad = false;
        x.Mul_(Leaf(3, 4));
        Assert.False(x.IsLeaf);
        Fails<AutogradException>("leaf variable has been moved into the graph interior", () => y.Backward());
    }

    [Fact]
    public void OnlyRealsCanRequireGrad()
    {
        foreach (var dtype in new[] { DType.Bool, DType.UInt8, DType.Int32, DType.Int64 })
        {
            var x = Tensor.Ones([2], dtype);
            Fails<AutogradException>(NotReal, () => x.RequiresGrad = true);
            Fails<AutogradException>(NotReal, () => x.RequiresGrad_());
            Assert.False(x.RequiresGrad);
            x.RequiresGrad = false;
        }

        Assert.True(Tensor.Ones([2], DType.Float32).RequiresGrad_().RequiresGrad);
        Assert.True(Tensor.Ones([2], DType.Float64).RequiresGrad_().RequiresGrad);
    }

    [Fact]
    public void TheFlagOfAResultCannotBeSet()
    {
        var y = Leaf(1, 2) * 2;
        Fails<AutogradException>(NonLeaf, () => y.RequiresGrad = true);
        Fails<AutogradException>(
            NonLeaf + " If you want to use a computed variable in a subgraph that doesn't require differentiation use " +
            "var_no_grad = var.detach().",
            () => y.RequiresGrad = false);
        Fails<AutogradException>(NonLeaf, () => y.RequiresGrad_(false));

        // PyTorch's requires_grad_() says nothing where nothing changes.
        Assert.Same(y, y.RequiresGrad_());
    }

    [Fact]
    public void AViewOfALeafIsAResult()
    {
        var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        foreach (var view in new[] { x[0], x[.., 1..], x.T, x.Reshape(6), x.View(3, 2), x.Unsqueeze(0), x.Expand(4, 2, 3), x[..] })
        {
            Assert.False(view.IsLeaf);
            Assert.True(view.RequiresGrad);
            Assert.True(Share(view, x));
        }
    }

    [Fact]
    public void AViewOfAConstantCanBeALeafOfItsOwn()
    {
        Tensor x = [1.0, 2, 3];
        var view = x[1..];
        view.RequiresGrad = true;
        (view * view).Sum().Backward();
        Holds(view.Grad, 4, 6);
        Assert.Null(x.Grad);
        Assert.False(x.RequiresGrad);
    }

    /// <summary>A number is <c>torch.tensor(3.0)</c> once it requires grad.</summary>
    [Fact]
    public void APlainNumberCanBeALeaf()
    {
        Tensor x = 3.0;
        x.RequiresGrad = true;
        (x * x).Backward();
        Assert.Equal(6, x.Grad!.Item());
    }

    /// <summary>d/dy 2^y = 2^y ln 2 = 8 ln 2 at 3: as an exponent a number may not be folded away.</summary>
    [Fact]
    public void APlainNumberCanBeALeafInTheExponent()
    {
        Tensor y = 3.0;
        y.RequiresGrad = true;
        Tensor.Scalar(2.0).Pow(y).Backward();
        IsClose(y.Grad, [8 * Math.Log(2)]);
    }

    /// <summary>The limits of a clamp get the gradient of what they cut off: here one element each.</summary>
    [Fact]
    public void APlainNumberCanBeALeafInALimit()
    {
        Tensor low = -1.0, high = 1.0;
        low.RequiresGrad = true;
        high.RequiresGrad = true;
        Tensor x = [-2.0, 0, 2];
        x.Clamp(low, high).Sum().Backward();
        Assert.Equal(1, low.Grad!.Item());
        Assert.Equal(1, high.Grad!.Item());
    }

    [Fact]
    public void TheStateBelongsToTheTensorAndNotToItsMemory()
    {
        var x = Leaf(1, 2);
        var detached = x.Detach();
        detached.RequiresGrad = true;
        detached.Sum().Backward();
        Assert.Null(x.Grad);
        Holds(detached.Grad, 1, 1);
    }
}
