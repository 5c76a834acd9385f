using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary><c>Backward</c> and its arguments: gradient, retainGraph, createGraph, inputs. After PyTorch's cases of the same names.</summary>
public class BackwardTests
{
    private const string Twice =
        "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed).";

    /// <summary>PyTorch's notebook: y = 2 x·x, dy/dx = 4x.</summary>
    [Fact]
    public void AScalarNeedsNoGradient()
    {
        Tensor x = [0f, 1, 2, 4];
        x.RequiresGrad = true;
        (2 * Tensor.Dot(x, x)).Backward();
        Holds(x.Grad, 0, 4, 8, 16);
    }

    [Fact]
    public void OneElementCountsAsAScalar()
    {
        foreach (var shape in new int[][] { [], [1], [1, 1] })
        {
            var x = Tensor.Full(shape, 3, DType.Float64).RequiresGrad_();
            (x * x).Backward();
            Holds(x.Grad, 6);
            Assert.Equal((Shape)shape, x.Grad!.Shape);
        }
    }

    [Fact]
    public void AVectorNeedsOne()
    {
        var x = Leaf(1, 2);
        Fails<AutogradException>("grad can be implicitly created only for scalar outputs", () => (x * 2).Backward());
        Fails<AutogradException>(
            "grad can be implicitly created only for scalar outputs", () => Tensor.Zeros([0], DType.Float64).RequiresGrad_().Backward());
        (x * x).Backward(Tensor.FromArray([1.0, 10]));
        Holds(x.Grad, 2, 40);
    }

    [Fact]
    public void TheGradientMustHaveTheShape()
    {
        var x = Leaf(1, 2);
        Fails<AutogradException>(
            "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of torch.Size([2]).",
            () => (x * 2).Backward(Tensor.Ones([3], DType.Float64)));
        Fails<AutogradException>(
            "Mismatch in shape: grad_output[0] has a shape of torch.Size([]) and output[0] has a shape of torch.Size([2]).",
            () => (x * 2).Backward(Tensor.Scalar(1.0)));
        Fails<AutogradException>(
            "Mismatch in shape: grad_output[1] has a shape of torch.Size([1]) and output[1] has a shape of torch.Size([]).",
            () => Autograd.Backward([x.Sum(), x.Sum()], [null, Tensor.Ones([1], DType.Float64)]));
        Assert.Null(x.Grad);
    }

    [Fact]
    public void TheGradientIsCastToTheOutput()
    {
        var x = Leaf(1, 2);
        (x * x).Backward(Tensor.FromArray([1f, 10]));
        Assert.Equal(DType.Float64, x.Grad!.DType);
        Holds(x.Grad, 2, 40);
    }

    [Fact]
    public void ANumberServesAsTheGradientOfAScalar()
    {
        var x = ScalarLeaf(3);
        (x * x).Backward(10.0);
        Holds(x.Grad, 60);
    }

    [Fact]
    public void WithoutAGraphThereIsNothingToDo()
    {
        const string text = "element 0 of tensors does not require grad and does not have a grad_fn";
        Tensor constant = [1.0];
        Fails<AutogradException>(text, () => constant.Backward());
        Fails<AutogradException>(text, () => constant.Sum().Backward());
        Fails<AutogradException>(text, () => Tensor.Scalar(3L).Backward());
        var x = Leaf(1, 2);
        Fails<AutogradException>(text, () => x.Detach().Sum().Backward());
        using (Autograd.NoGrad())
        {
            var y = x.Sum();
            Fails<AutogradException>(text, () => y.Backward());
        }

        Fails<AutogradException>(
            "element 1 of tensors does not require grad and does not have a grad_fn", () => Autograd.Backward([x.Sum(), constant.Sum()]));
        Assert.Null(x.Grad);
    }

    [Fact]
    public void ALeafIsItsOwnGraph()
    {
        var x = Leaf(1, 2);
        x.Backward(Tensor.FromArray([3.0, 4]));
        Holds(x.Grad, 3, 4);
    }

    /// <summary>PyTorch's test_backward_twice_with_saved_values.</summary>
    [Fact]
    public void ASecondPassThroughSavedValuesIsRefused()
    {
        var x = Leaf(1, 2);
        foreach (var make in new Func<Tensor>[]
        {
            () => (x * x).Sum(), () => x.Exp().Sum(), () => x.Pow(3).Sum(), () => x.Max(), () => x.Norm(), () => x.Softmax(0)[0],
            () => Tensor.Dot(x, x), () => x.LogSumExp(0), () => Tensor.Where(x > 1, x, -x).Sum(),
        })
        {
            var y = make();
            y.Backward();
            Fails<AutogradException>(Twice, () => y.Backward());
            Fails<AutogradException>(Twice, () => Autograd.Grad(y, x));
        }
    }

    /// <summary>PyTorch's test_backward_twice_without_saved_values.</summary>
    [Fact]
    public void ASecondPassWithoutSavedValuesIsNot()
    {
        var x = Leaf(1, 2);
        var y = (x + x - 1).Reshape(1, 2).T.Sum();
        y.Backward();
        y.Backward();
        Holds(x.Grad, 4, 4);
    }

    /// <summary>PyTorch's test_backward_twice_retained_graph_with_saved_values.</summary>
    [Fact]
    public void ARetainedGraphCanBeUsedAgain()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        y.Backward(retainGraph: true);
        y.Backward(retainGraph: true);
        y.Backward();
        Holds(x.Grad, 6, 12);
        Fails<AutogradException>(Twice, () => y.Backward());
    }

    [Fact]
    public void AGraphThatSharesFreedPartsIsFreedToo()
    {
        var x = Leaf(1, 2);
        var shared = x.Exp();
        shared.Sum().Backward();
        Fails<AutogradException>(Twice, () => (shared * 2).Sum().Backward());
    }

    /// <summary>A pass that fails leaves the graph as it was before: nothing of it stays claimed.</summary>
    [Fact]
    public void AFailedPassDoesNotSpoilTheNext()
    {
        var x = Leaf(1, 2);
        var h = x * 2;
        var bad = (h * h).Sum();
        bad.Backward(retainGraph: true);
        var good = h.Sum() + x.Sum();
        var broken = x.Exp();
        var root = broken.Sum() + good;
        broken.Add_(1);
        x.Grad = null;
        Assert.Throws<AutogradException>(() => root.Backward());
        x.Grad = null;
        good.Backward(retainGraph: true);
        Holds(x.Grad, 3, 3);
        Holds(Autograd.Grad(bad, x), 8, 16); // (2x)²
    }

    [Fact]
    public void CreatingAGraphRetainsItToo()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        y.Backward(createGraph: true);
        y.Backward();
        Holds(x.Grad, 4, 8);

        var z = (x * x).Sum();
        z.Backward(createGraph: true, retainGraph: false);
        Fails<AutogradException>(Twice, () => z.Backward());
    }

    [Fact]
    public void GradientsHaveAHistoryOnlyWithCreateGraph()
    {
        var x = Leaf(1, 2);
        (x * x).Sum().Backward();
        Assert.False(x.Grad!.RequiresGrad);
        x.Grad = null;
        (x * x).Sum().Backward(createGraph: true);
        Assert.True(x.Grad!.RequiresGrad);
        Assert.NotNull(x.Grad.GradFn);
    }

    /// <summary>The grad mode around a pass says nothing about the pass: PyTorch's engine sets its own.</summary>
    [Fact]
    public void TheModeAroundAPassDoesNotMatter()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        using (Autograd.NoGrad())
        {
            y.Backward(createGraph: true);
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.True(x.Grad!.RequiresGrad);
        Assert.True(Autograd.IsGradEnabled);
        x.Grad = null;
        y.Backward();
        Assert.True(Autograd.IsGradEnabled);
        Assert.False(x.Grad!.RequiresGrad);
    }

    [Fact]
    public void TheModeIsRestoredAfterAnError()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        var z = y.Sum();
        y.Add_(1);
        Assert.Throws<AutogradException>(() => z.Backward());
        Assert.True(Autograd.IsGradEnabled);
        using (Autograd.NoGrad())
        {
            Assert.Throws<AutogradException>(() => z.Backward(createGraph: true));
            Assert.False(Autograd.IsGradEnabled);
        }
    }

    /// <summary>PyTorch's test_backward_with_inputs.</summary>
    [Fact]
    public void OnlyTheInputsAccumulate()
    {
        var x = Leaf(1, 2);
        var y = Leaf(3, 4);
        var z = (x * x * y).Sum();
        z.Backward(inputs: [x], retainGraph: true);
        Holds(x.Grad, 6, 16);
        Assert.Null(y.Grad);
        z.Backward(inputs: [y, x]);
        Holds(x.Grad, 12, 32);
        Holds(y.Grad, 1, 4);
    }

    /// <summary>PyTorch's test_backward_with_nonleaf_inputs: an input that is a result retains its gradient from then on.</summary>
    [Fact]
    public void ResultsCanBeInputs()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        var z = (3 * h).Sum();
        z.Backward(inputs: [h], retainGraph: true);
        Holds(h.Grad, 3, 3);
        Assert.Null(x.Grad);
        Assert.True(h.RetainsGrad);
        z.Backward(inputs: [h, x], retainGraph: true);
        Holds(h.Grad, 6, 6);
        Holds(x.Grad, 6, 12);
        z.Backward();
        Holds(h.Grad, 9, 9);
    }

    [Fact]
    public void AnInputThatRetainsItsGradientGetsItOnce()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        h.RetainGrad();
        (3 * h).Sum().Backward(inputs: [h]);
        Holds(h.Grad, 3, 3);
    }

    [Fact]
    public void AnInputNamedTwiceGetsItsGradientOnce()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        (3 * h).Sum().Backward(inputs: [h, x, h, x]);
        Holds(h.Grad, 3, 3);
        Holds(x.Grad, 6, 12);
    }

    [Fact]
    public void TheRootCanBeAnInput()
    {
        var y = Leaf(1, 2).Sum();
        y.Backward(inputs: [y]);
        Holds(y.Grad, 1);
    }

    [Fact]
    public void InputsThatAreNotInTheGraphStayEmpty()
    {
        var x = Leaf(1, 2);
        var stranger = Leaf(5);
        x.Sum().Backward(inputs: [stranger]);
        Assert.Null(stranger.Grad);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void MisuseOfInputs()
    {
        var x = Leaf(1, 2);
        Fails<AutogradException>("inputs argument to Backward cannot be empty.", () => x.Sum().Backward(inputs: []));
        Fails<AutogradException>(
            "One of the differentiated Tensors does not require grad", () => x.Sum().Backward(inputs: [Tensor.FromArray([1.0])]));
        Assert.Throws<ArgumentNullException>(() => x.Sum().Backward(inputs: [null!]));
        Assert.Null(x.Grad);
    }

    /// <summary>A pass restricted to inputs does not run, and so does not free, what does not lead to them.</summary>
    [Fact]
    public void WhatDoesNotLeadToAnInputIsNotFreed()
    {
        var x = Leaf(1, 2);
        var y = Leaf(3, 4);
        var left = x.Exp();
        var right = y.Exp();
        (left + right).Sum().Backward(inputs: [x]);
        Assert.Throws<AutogradException>(() => left.Sum().Backward());
        right.Sum().Backward();
        IsClose(y.Grad, [Math.Exp(3), Math.Exp(4)]);
    }

    [Fact]
    public void SeveralRootsAddUp()
    {
        var x = Leaf(1, 2);
        var y = x * x;
        Autograd.Backward([y.Sum(), y, x], [null, Tensor.FromArray([1.0, 10]), Tensor.FromArray([100.0, 1000])]);
        Holds(x.Grad, 2 + 2 + 100, 4 + 40 + 1000);
    }

    /// <summary>PyTorch's test_duplicate_backward_root.</summary>
    [Fact]
    public void ARootNamedTwiceCountsTwice()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        Autograd.Backward([y, y]);
        Holds(x.Grad, 4, 8);
    }

    /// <summary>PyTorch's test_dependent_backward: one root is an ancestor of the other, so it must wait for both gradients.</summary>
    [Fact]
    public void ARootInsideTheGraphOfAnotherWaits()
    {
        var x = Leaf(1, 2);
        var y = x * x;
        var z = y * y;
        Autograd.Backward([y, z], [Tensor.Ones([2], DType.Float64), Tensor.Ones([2], DType.Float64)]);
        Holds(x.Grad, 2 + 4, 4 + 32);
        x.Grad = null;
        y = x * x;
        z = y * y;
        Autograd.Backward([z, y], [Tensor.Ones([2], DType.Float64), Tensor.Ones([2], DType.Float64)]);
        Holds(x.Grad, 2 + 4, 4 + 32);
    }

    [Fact]
    public void MisuseOfRoots()
    {
        var x = Leaf(1, 2);
        Fails<AutogradException>("got 1 tensors and 2 gradients", () => Autograd.Backward([x.Sum()], [null, null]));
        Assert.Throws<ArgumentNullException>(() => Autograd.Backward(null!));
        Assert.Throws<ArgumentNullException>(() => Autograd.Backward([null!]));
        Assert.Throws<NullReferenceException>(() => ((Tensor)null!).Backward());
        Autograd.Backward([]);
    }

    /// <summary>Nothing of the sweep depends on how the user's tensors are held: a graph outlives its intermediate tensors.</summary>
    [Fact]
    public void IntermediateTensorsNeedNotBeHeld()
    {
        var x = Leaf(1, 2);
        Tensor Build()
        {
            var y = x;
            for (var i = 0; i < 10; i++)
            {
                y = (y * 1.5).Tanh();
            }

            return y.Sum();
        }

        var expected = Of(Autograd.Grad(Build(), x));
        var z = Build();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        z.Backward();
        Holds(x.Grad, expected);
    }
}
