using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Diagnostics;

/// <summary>
/// The checker of derivatives: right functions pass in every mode, wrong ones fail with PyTorch's sentence and the element (after PyTorch's
/// test_gradcheck_* in test_autograd.py).
/// </summary>
public class GradCheckTests
{
    private static readonly GradCheckOptions Everything = new()
    {
        CheckForward = true,
        CheckBatchedGrad = true,
        CheckBatchedForwardGrad = true,
        CheckGradDTypes = true,
    };

    private static readonly Func<Tensor, Tensor> WrongSquare = Autograd.Function(
        (context, x) =>
        {
            context.SaveForBackward(x);
            return x * x;
        },
        (context, gradient) => 3 * context.SavedTensors[0] * gradient,
        name: "WrongSquare");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RightFunctionsPassInEveryMode(bool fast)
    {
        var options = Everything with { FastMode = fast };
        var x = LeafOf([2, 3], 0.5, -1, 2, 0.3, 1.5, -0.7);
        Assert.True(Diagnose.GradCheck(a => a.Sin() * a, x, options));
        Assert.True(Diagnose.GradCheck(a => a.Sum(), x, options));
        Assert.True(Diagnose.GradCheck((a, b) => a.MatMul(b).Tanh(), x, LeafOf([3, 2], 1, 2, -1, 0.4, 0.2, 3), options));
        Assert.True(Diagnose.GradCheck(a => (a.Exp(), a.T.Square()), x, options));
        Assert.True(Diagnose.GradGradCheck(a => a.Sin() * a, x, options));
        Assert.True(Diagnose.GradGradCheck((a, b) => a * b * b, x, LeafOf([3], 1, 2, 3), options));
        Assert.Null(x.Grad);
    }

    /// <summary>3x in place of 2x at [1, 2]: the numbers are those derivatives.</summary>
    /// <summary>A number that is one more or less makes a result longer or shorter: there is no difference of both.</summary>
    [Fact]
    public void ShapesThatFollowValuesAreRefused() => Assert.Throws<AutogradException>(() =>
        Diagnose.GradCheck(x => Tensor.Arange(x.Detach().Reshape(Array.Empty<int>())) * x, Tensor.FromArray([3.0]).RequiresGrad_()));

    [Fact]
    public void AWrongBackwardNamesInputElementAndBothNumbers()
    {
        var text = Message<AutogradException>(() => Diagnose.GradCheck((a, b) => a + WrongSquare(b), Leaf(7, 8), Leaf(1, 2)));
        Assert.StartsWith(
            "Jacobian mismatch for output 0 with respect to input 1,\nnumerical:tensor([[2.0000, 0.0000],", text, StringComparison.Ordinal);
        Assert.Contains(
            "\nanalytical:tensor([[3., 0.],\n        [0., 6.]], dtype=torch.float64)\n2 of 4 elements differ. ", text, StringComparison.Ordinal);
        Assert.Contains("in the derivative of element [1] of output 0 by element [1] of input 1: numerical ", text, StringComparison.Ordinal);
        Assert.Contains(", analytical 6. ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void FalseInsteadOfAnException() =>
        Assert.False(Diagnose.GradCheck(WrongSquare, Leaf(1, 2), new() { RaiseException = false }));

    [Fact]
    public void FastModeFindsItTooAndShowsTheSlowOne()
    {
        var text = Message<AutogradException>(() => Diagnose.GradCheck(WrongSquare, Leaf(1, 2), new() { FastMode = true }));
        Assert.StartsWith("Jacobian mismatch for output 0 with respect to input 0,\nnumerical:", text, StringComparison.Ordinal);
        Assert.Contains("computed in fast mode", text, StringComparison.Ordinal);
        Assert.Contains("In slow mode: Jacobian mismatch for output 0 with respect to input 0,\nnumerical:tensor(", text, StringComparison.Ordinal);
    }

    /// <summary>A custom function's forward derivative comes from its backward part, so it is wrong in the same way.</summary>
    [Fact]
    public void AWrongForwardModeSaysSo() => Fails<AutogradException>(
        "Jacobian computed with forward mode mismatch for output 0 with respect to input 0,\n",
        () => Diagnose.GradCheck(WrongSquare, Leaf(1, 2), new() { CheckBackward = false, CheckForward = true }));

    /// <summary>The first derivative is right; its own is not, because the saved factor is cut off.</summary>
    [Fact]
    public void AWrongSecondDerivativeIsFoundByTheSecondCheckOnly()
    {
        var cut = Autograd.Function(
            (context, x) =>
            {
                context.SaveForBackward(x);
                return x * x;
            },
            (context, gradient) => 2 * context.SavedTensors[0].Detach() * gradient,
            name: "Cut");
        Assert.True(Diagnose.GradCheck(cut, Leaf(1, 2)));
        Fails<AutogradException>(
            "Jacobian mismatch for output 0 with respect to input 0,\n", () => Diagnose.GradGradCheck(cut, Leaf(1, 2)));
    }

    /// <summary>In float32 differences of values are too rough for any check; those of the same function in float64 are not.</summary>
    [Fact]
    public void Float32IsComparedWithFloat64()
    {
        var x = Tensor.FromArray([1f, 2f, 3f]).RequiresGrad_();
        Assert.True(Diagnose.GradCheck(a => (a * 100).Sin() * a, x, Everything));
        Assert.False(Diagnose.GradCheck(WrongSquare, x, new() { RaiseException = false }));
        var weights = Tensor.Ones([3, 3]);
        Fails<DTypeException>(
            "gradcheck runs the function on float64 inputs to compare with, which it does not accept.",
            () => Diagnose.GradCheck(a => weights.MatMul(a), x));
    }

    [Fact]
    public void OnlyInputsThatRequireGradAreChecked()
    {
        Tensor constant = [1.0, 2];
        Assert.True(Diagnose.GradCheck((a, b) => a * WrongSquare(b), Leaf(3, 4), constant, Everything));
    }

    [Fact]
    public void NoInputRequiresGrad()
    {
        Tensor constant = [1.0, 2];
        const string expected =
            "gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.";
        Fails<AutogradException>(expected, () => Diagnose.GradCheck(a => a * a, constant));
        Fails<AutogradException>(expected, () => Diagnose.GradGradCheck(a => a * a, constant));
    }

    [Fact]
    public void AResultWithoutGraphMustNotDependOnItsInput()
    {
        Assert.True(Diagnose.GradCheck(a => Tensor.Ones([2], DType.Float64), Leaf(1, 2)));
        Fails<AutogradException>("Numerical gradient for function expected to be zero.", () => Diagnose.GradCheck(a => a.Detach() * 2, Leaf(1, 2)));
    }

    [Fact]
    public void TwoPassesThatDiffer()
    {
        var calls = 0;
        var drifting = Autograd.Function((_, x) => x * 2, (_, gradient) => gradient * (2 + (1e-9 * calls++)), name: "Drifting");
        Fails<AutogradException>(
            "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although " +
            "analytical gradient matches numerical gradient.",
            () => Diagnose.GradCheck(drifting, Leaf(1)));
        Assert.True(Diagnose.GradCheck(drifting, Leaf(1), new() { NondetTol = 1e-6 }));
    }

    [Fact]
    public void ABackwardPartThatForgetsTheGradient()
    {
        var forgetful = Autograd.Function((_, x) => x * 2, (_, gradient) => Tensor.OnesLike(gradient) * 2, name: "Forgetful");
        Fails<AutogradException>("backward not multiplied by grad_output.", () => Diagnose.GradCheck(forgetful, Leaf(1)));
    }

    [Fact]
    public void FastModeChecksPassesAndScaleToo()
    {
        var fast = new GradCheckOptions { FastMode = true };
        var calls = 0;
        var drifting = Autograd.Function((_, x) => x * 2, (_, gradient) => gradient * (2 + (1e-9 * calls++)), name: "Drifting");
        Fails<AutogradException>("Backward is not reentrant", () => Diagnose.GradCheck(drifting, Leaf(1), fast));
        Assert.True(Diagnose.GradCheck(drifting, Leaf(1), fast with { NondetTol = 1e-6 }));

        // At one element the direction and the weight are one number each, so the forgotten gradient must show in the zeros.
        var forgetful = Autograd.Function((_, x) => x * 2, (_, gradient) => Tensor.OnesLike(gradient) * 2, name: "Forgetful");
        Assert.False(Diagnose.GradCheck(forgetful, Leaf(1), fast with { RaiseException = false, Atol = 10 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FastModeTakesFewEvaluations(bool forward)
    {
        var calls = 0;
        var x = Tensor.FromArray([.. Enumerable.Range(0, 40).Select(i => i / 40.0)]).RequiresGrad_();
        Assert.True(Diagnose.GradCheck(Counted, x, new() { FastMode = true, CheckBackward = !forward, CheckForward = forward }));
        Assert.InRange(calls, 3, 4);

        Tensor Counted(Tensor t)
        {
            calls++;
            return t.Sin();
        }
    }

    [Fact]
    public void ABackwardPartMustDoWithSomeOfTheGradients()
    {
        static Func<Tensor[], Tensor[]> Two(Func<FunctionContext, Tensor?[], Tensor?[]> backward) => Autograd.MultiFunction(
            (context, x) =>
            {
                context.SetMaterializeGrads(false);
                return [x[0] * 2, x[0] * 3];
            },
            backward);
        var needy = Two((_, g) => [(g[0]! * 2) + (g[1]! * 3)]);
        var modest = Two((_, g) => [g[0] is null ? g[1]! * 3 : g[1] is null ? g[0]! * 2 : (g[0]! * 2) + (g[1]! * 3)]);
        Assert.True(Diagnose.GradCheck((Tensor x) => modest([x]), Leaf(1, 2)));
        foreach (var fast in new[] { true, false })
        {
            Fails<AutogradException>(
                "Expected backward function to handle undefined output grads. Please look at 'Notes about undefined output gradients' in " +
                "'tools/autograd/derivatives.yaml'",
                () => Diagnose.GradCheck((Tensor x) => needy([x]), Leaf(1, 2), new() { FastMode = fast }));
        }
    }

    [Fact]
    public void AGradientOfAnotherDTypeIsNoticedInBothModes()
    {
        // The engine casts what arrives at an input, so what a backward part returns in another dtype is right.
        var narrow = Autograd.Function((_, x) => x * 2, (_, gradient) => gradient.To(DType.Float32) * 2);
        foreach (var fast in new[] { true, false })
        {
            Assert.True(
                Diagnose.GradCheck(narrow, Leaf(1, 2), Everything with { FastMode = fast, CheckForward = false, CheckBatchedForwardGrad = false }));
        }
    }

    [Fact]
    public void ACustomErrorOfTheFunctionArrives() => Assert.Equal(
        "mine", Message<InvalidDataException>(() => Diagnose.GradCheck<Tensor, Tensor>(_ => throw new InvalidDataException("mine"), Leaf(1))));

    [Fact]
    public void IntegersAndEmptyTensorsTakePart()
    {
        Tensor which = [1, 0];
        Assert.True(Diagnose.GradCheck((x, i) => x.Gather(0, i), Leaf(1, 2), which, Everything));
        Assert.True(Diagnose.GradCheck(x => x * 2, Tensor.Zeros([0], DType.Float64).RequiresGrad_(), Everything));
    }

    [Fact]
    public void NothingIsKept() => Collected.Gone(() =>
    {
        var x = Leaf(1, 2);
        Diagnose.GradCheck(a => a.Exp(), x, Everything);
        return [x];
    });
}
