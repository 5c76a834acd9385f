using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary><c>Autograd.Grad</c>: gradients as values. After PyTorch's test_grad,
/// test_grad_nonleaf, test_grad_unreachable and their relatives.</summary>
public class GradFunctionTests
{
    private const string Unused = "One of the differentiated Tensors appears to not have been used in the graph.";

    [Fact]
    public void GradientsAreReturnedAndNotAccumulated()
    {
        var x = Leaf(1, 2);
        var y = Leaf(3, 4);
        var gradients = Autograd.Grad([(x * x * y).Sum()], [x, y]);
        Holds(gradients[0], 6, 16);
        Holds(gradients[1], 1, 4);
        Assert.Null(x.Grad);
        Assert.Null(y.Grad);
        Assert.All(gradients, g => Assert.False(g!.RequiresGrad));
    }

    /// <summary>PyTorch's test_grad_nonleaf.</summary>
    [Fact]
    public void ResultsCanBeInputs()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        var z = (h * h).Sum();
        var gradients = Autograd.Grad([z], [h, x]);
        Holds(gradients[0], 2, 8);
        Holds(gradients[1], 4, 32);
        Assert.False(h.RetainsGrad);
    }

    /// <summary>PyTorch's test_grad_nonleaf_many_outputs.</summary>
    [Fact]
    public void OutputsMaySharePartsOfTheGraph()
    {
        var x = Leaf(1, 2);
        var h = x.Exp();
        var first = (h * 2).Sum();
        var second = (h * h).Sum();
        var gradients = Autograd.Grad([first, second, h], [h, x], [null, Tensor.Scalar(10.0), Tensor.FromArray([5.0, 7])]);
        double e = Math.Exp(1), ee = Math.Exp(2);
        IsClose(gradients[0], [2 + (20 * e) + 5, 2 + (20 * ee) + 7]);
        IsClose(gradients[1], [e * (2 + (20 * e) + 5), ee * (2 + (20 * ee) + 7)]);
    }

    [Fact]
    public void AnOutputCanBeAnInput()
    {
        var x = Leaf(1, 2);
        var y = x * x;
        Tensor g = [3.0, 4];
        var gradients = Autograd.Grad([y, x], [y, x], [g, g]);
        Holds(gradients[0], 3, 4);
        Holds(gradients[1], 6 + 3, 16 + 4);
        Holds(g, 3, 4);
        Holds(Autograd.Grad([x], [x], [g])[0], 3, 4);
    }

    [Fact]
    public void AnInputCanBeNamedTwice()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        var gradients = Autograd.Grad([(h * 3).Sum()], [x, h, x, h]);
        Holds(gradients[0], 6, 12);
        Holds(gradients[1], 3, 3);
        Holds(gradients[2], 6, 12);
        Holds(gradients[3], 3, 3);
    }

    [Fact]
    public void TheSingleFormTakesAGradient()
    {
        var x = Leaf(1, 2);
        Holds(Autograd.Grad(x * x, x, Tensor.FromArray([1.0, 10])), 2, 40);
        Holds(Autograd.Grad((x * x).Sum(), x), 2, 4);
    }

    /// <summary>In brackets a tensor is a list of one, although brackets also make tensors.</summary>
    [Fact]
    public void BracketsMeanLists()
    {
        var x = Leaf(1, 2);
        var gradients = Autograd.Grad([x.Sum()], [x]);
        Assert.IsType<Tensor?[]>(gradients);
        Holds(Assert.Single(gradients), 1, 1);
    }

    /// <summary>PyTorch's test_grad_unreachable.</summary>
    [Fact]
    public void AnUnusedInputIsAnErrorUnlessAllowed()
    {
        var x = Leaf(1, 2);
        var stranger = Leaf(5, 6, 7);
        Fails<AutogradException>(Unused, () => Autograd.Grad([x.Sum()], [x, stranger]));
        Fails<AutogradException>(Unused, () => Autograd.Grad([x.Sum()], [stranger], allowUnused: false));
        Fails<AutogradException>(Unused, () => Autograd.Grad(x.Sum(), stranger));
        var gradients = Autograd.Grad([x.Sum()], [x, stranger], allowUnused: true);
        Holds(gradients[0], 1, 1);
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void ADetachedPathIsUnused()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        var z = (h.Detach() * x).Sum();
        Fails<AutogradException>(Unused, () => Autograd.Grad(z, h));
        Holds(Autograd.Grad(z, x), 1, 4);
    }

    /// <summary>PyTorch's test_grad_materialize_grads.</summary>
    [Fact]
    public void UnusedInputsCanBeZeros()
    {
        var x = Leaf(1, 2);
        var stranger = LeafOf([1, 3], 5, 6, 7);
        var gradients = Autograd.Grad([x.Sum()], [x, stranger], materializeGrads: true);
        Holds(gradients[1], 0, 0, 0);
        Assert.Equal(stranger.Shape, gradients[1]!.Shape);
        Assert.Equal(stranger.DType, gradients[1]!.DType);
        Holds(Autograd.Grad([x.Sum()], [stranger], allowUnused: true, materializeGrads: true)[0], 0, 0, 0);
        Fails<AutogradException>(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.",
            () => Autograd.Grad([x.Sum()], [stranger], allowUnused: false, materializeGrads: true));
    }

    [Fact]
    public void AnInputMustRequireGrad()
    {
        var x = Leaf(1, 2);
        Tensor constant = [3.0, 4];
        var y = (x * constant).Sum();
        Fails<AutogradException>("One of the differentiated Tensors does not require grad", () => Autograd.Grad([y], [x, constant]));
        Fails<AutogradException>(
            "One of the differentiated Tensors does not require grad", () => Autograd.Grad([y], [constant], allowUnused: true));

        // Required only afterwards: then it is merely unused.
        constant.RequiresGrad = true;
        Fails<AutogradException>(Unused, () => Autograd.Grad([y], [constant]));
    }

    [Fact]
    public void Misuse()
    {
        var x = Leaf(1, 2);
        Fails<AutogradException>("grad requires non-empty inputs.", () => Autograd.Grad([x.Sum()], Array.Empty<Tensor>()));
        Fails<AutogradException>(
            "element 0 of tensors does not require grad and does not have a grad_fn",
            () => Autograd.Grad([Tensor.FromArray([1.0])], [x]));
        Fails<AutogradException>("grad can be implicitly created only for scalar outputs", () => Autograd.Grad(x * 2, x));
        Fails<AutogradException>("got 1 tensors and 2 gradients", () => Autograd.Grad([x.Sum()], [x], [null, null]));
        Assert.Throws<ArgumentNullException>(() => Autograd.Grad([x.Sum()], [null!]));
        Assert.Throws<ArgumentNullException>(() => Autograd.Grad(null!, x));
        Assert.Throws<ArgumentNullException>(() => Autograd.Grad(x.Sum(), null!));
    }

    [Fact]
    public void AGraphIsFreedUnlessRetained()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        Autograd.Grad(y, x, retainGraph: true);
        Autograd.Grad(y, x, createGraph: true);
        Autograd.Grad(y, x);
        Fails<AutogradException>("Trying to backward through the graph a second time", () => Autograd.Grad(y, x));
    }

    /// <summary>What a gradient is computed for stops there: the graph behind an input is neither run nor freed.</summary>
    [Fact]
    public void TheGraphBehindAnInputIsLeftAlone()
    {
        var x = Leaf(1, 2);
        var h = x.Exp();
        var z = (h * h).Sum();
        IsClose(Autograd.Grad(z, h), [2 * Math.Exp(1), 2 * Math.Exp(2)]);
        h.Sum().Backward();
        IsClose(x.Grad, [Math.Exp(1), Math.Exp(2)]);
    }

    /// <summary>A retained gradient is filled on the way, as in PyTorch, where it is a hook.</summary>
    [Fact]
    public void RetainedGradientsAreFilledOnTheWay()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        h.RetainGrad();
        Autograd.Grad((3 * h).Sum(), x);
        Holds(h.Grad, 3, 3);
    }

    [Fact]
    public void AViewAskedForIsTheViewThatWasUsed()
    {
        var x = Leaf(1, 2, 3);
        var used = x[..2];
        var z = (used * used).Sum();
        Holds(Autograd.Grad(z, used, retainGraph: true), 2, 4);

        // Another view of the same elements is another tensor.
        Fails<AutogradException>(Unused, () => Autograd.Grad(z, x[..2]));
    }
}
