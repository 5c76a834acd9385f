using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Functions with a derivative of their own, as classes and as lambdas (PyTorch's tests test_custom_function_*, test_function_returns_input,
/// test_mark_non_differentiable_mixed, test_dont_materialize_grads, test_naughty_autograd_function_stashing_ctx).
/// </summary>
public partial class CustomFunctionTests
{
    [Fact]
    public void TheBackwardPartIsUsedAndNotTheForwardPart()
    {
        var x = Leaf(1, 2);
        var y = new Scale(3, backward: 100).Apply(x);
        Holds(y, 3, 6);
        y.Sum().Backward();
        Holds(x.Grad, 100, 100);
    }

    [Fact]
    public void TheNodeHasTheNameOfTheClassWithoutADigit()
    {
        var y = new Scale(3).Apply(Leaf(1));
        Assert.Equal("ScaleBackward", y.GradFn!.Name);
        Assert.Equal("tensor([3.], dtype=torch.float64, grad_fn=<ScaleBackward>)", y.ToString());
    }

    [Fact]
    public void ALambdaIsAFunctionToo()
    {
        var square = Autograd.Function(
            (context, x) =>
            {
                context.SaveForBackward(x);
                return x * x;
            },
            (context, gradient) => 2 * context.SavedTensors[0] * gradient,
            name: "Square");
        var x = Leaf(3, 4);
        var y = square(x);
        Assert.Equal("SquareBackward", y.GradFn!.Name);
        Holds(Autograd.Grad(y.Sum(), x), 6, 8);
    }

    [Fact]
    public void ALambdaOfTwo()
    {
        var product = Autograd.Function(
            (context, x, y) =>
            {
                context.SaveForBackward(x, y);
                return x * y;
            },
            (context, gradient) => (gradient * context.SavedTensors[1], gradient * context.SavedTensors[0]));
        var (x, y) = (Leaf(3), Leaf(5));
        product(x, y).Backward();
        Holds(x.Grad, 5);
        Holds(y.Grad, 3);
    }

    [Fact]
    public void SeveralResultsMeetInOneNode()
    {
        var x = Leaf(2, 3);
        var results = new SineAndCosine().Apply(x);
        Assert.Same(results[0].GradFn, results[1].GradFn);
        Assert.Equal(1, (results[1] * 1).GradFn!.NextFunctions[0].Index);
        (results[0] * 2 + results[1] * 3).Sum().Backward();
        static double D(double v) => 2 * Math.Cos(v) - 3 * Math.Sin(v);
        IsClose(x.Grad, [D(2), D(3)]);
    }

    [Fact]
    public void TheBackwardPartRunsOnceForAllResults()
    {
        var calls = 0;
        var twice = Autograd.MultiFunction(
            (_, inputs) => [inputs[0] * 1, inputs[0] * 2],
            (_, gradients) =>
            {
                calls++;
                return [gradients[0]! + 2 * gradients[1]!];
            });
        var x = Leaf(1);
        var y = twice([x]);
        (y[0] * y[1] + y[0]).Backward();
        Assert.Equal(1, calls);
        Holds(x.Grad, 5); // of 2 x^2 + x at 1
    }

    [Fact]
    public void AResultThatNothingDependsOnHasZeros()
    {
        List<double[]> seen = [];
        var twice = Autograd.MultiFunction(
            (_, inputs) => [inputs[0] * 1, inputs[0][..1] * 2],
            (_, gradients) =>
            {
                seen.AddRange(gradients.Select(Of));
                return [gradients[0]];
            });
        twice([Leaf(1, 2)])[0].Sum().Backward();
        Assert.Equal([[1, 1], [0]], seen);
    }

    [Fact]
    public void WithoutMaterializationItHasNothing()
    {
        List<bool> seen = [];
        var twice = Autograd.MultiFunction(
            (context, inputs) =>
            {
                context.SetMaterializeGrads(false);
                return [inputs[0] * 1, inputs[0] * 2];
            },
            (_, gradients) =>
            {
                seen.AddRange(gradients.Select(gradient => gradient is null));
                return [gradients[1]];
            });
        twice([Leaf(1)])[1].Backward();
        Assert.Equal([true, false], seen);
    }

    [Fact]
    public void NullMeansThatNothingFlows()
    {
        var (x, y) = (Leaf(1), Leaf(2));
        var f = Autograd.Function((_, a, b) => a * b, (_, g) => ((Tensor?)null, g));
        Assert.Equal([true, false], Autograd.Grad([f(x, y)], [x, y], allowUnused: true).Select(g => g is null));
    }

    [Fact]
    public void NeedsInputGradSaysWhatIsWanted()
    {
        var (x, y) = (Leaf(1), Leaf(2));
        List<bool> forward = [], backward = [];
        var f = Autograd.MultiFunction(
            (context, inputs) =>
            {
                forward.AddRange(context.NeedsInputGrad);
                return [inputs[0] * inputs[1] * inputs[2]];
            },
            (context, gradients) =>
            {
                backward.AddRange(context.NeedsInputGrad);
                return [gradients[0], gradients[0], null];
            });
        var z = f([x, y, Tensor.Ones([1], DType.Float64)])[0];
        _ = Autograd.Grad(z, y);
        Assert.Equal([true, true, false], forward);
        Assert.Equal([false, true, false], backward);
    }

    [Fact]
    public void TheForwardPartIsNotRecorded()
    {
        var enabled = true;
        var f = Autograd.Function(
            (_, x) =>
            {
                enabled = Autograd.IsGradEnabled;
                return x.Exp();
            },
            (_, g) => g);
        var y = f(Leaf(1));
        Assert.False(enabled);
        Assert.True(Autograd.IsGradEnabled);
        Assert.Equal("AccumulateGrad", y.GradFn!.NextFunctions.Single().Node!.Name);
    }

    [Fact]
    public void TheModeIsRestoredAfterAnError()
    {
        var f = Autograd.Function((_, _) => throw new FormatException(), (_, g) => g);
        Assert.Throws<FormatException>(() => f(Leaf(1)));
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void AnErrorOfTheBackwardPartArrives()
    {
        var f = Autograd.Function((_, x) => x * 2, (_, _) => throw new FormatException("in the backward part"));
        Assert.Equal("in the backward part", Message<FormatException>(() => f(Leaf(1)).Backward()));
    }

    [Fact]
    public void WithoutAGradientNothingIsRecorded()
    {
        Assert.Null(new Scale(2).Apply(Tensor.FromArray([1.0])).GradFn);
        var y = Autograd.NoGrad(() => new Scale(2).Apply(Leaf(1)));
        Assert.False(y.RequiresGrad);
    }

    [Fact]
    public void ARecordedBackwardPartCanBeDifferentiated()
    {
        var x = Leaf(2, 3);
        var y = new Cube().Apply(x).Sum();
        var first = Autograd.Grad(y, x, createGraph: true);
        Assert.True(first.RequiresGrad);
        var second = Autograd.Grad(first.Sum(), x, createGraph: true);
        Holds(second, 12, 18); // 6 x
        Holds(Autograd.Grad(second.Sum(), x), 6, 6);
    }

    [Fact]
    public void WithoutAGraphTheBackwardPartIsNotRecorded()
    {
        var enabled = true;
        var f = Autograd.Function((_, x) => x * 2, (_, g) =>
        {
            enabled = Autograd.IsGradEnabled;
            return g * 2;
        });
        f(Leaf(1)).Backward();
        Assert.False(enabled);
    }

    /// <summary>An output that was saved has the node as its history, so second derivatives go through it.</summary>
    [Fact]
    public void ASavedOutputIsFollowed()
    {
        var exp = Autograd.Function(
            (context, x) =>
            {
                var y = x.Exp();
                context.SaveForBackward(y);
                return y;
            },
            (context, g) => g * context.SavedTensors[0]);
        var x = Leaf(0.5);
        var first = Autograd.Grad(exp(x), x, createGraph: true);
        var second = Autograd.Grad(first, x, createGraph: true);
        var third = Autograd.Grad(second, x);
        IsClose(third, [Math.Exp(0.5)]);
    }

    [Fact]
    public void OnceDifferentiableIsRecordedAsAnErrorForTheSecondTime()
    {
        var x = Leaf(2);
        var y = new Cube(once: true).Apply(x).Sum();
        var first = Autograd.Grad(y, x, createGraph: true);
        Holds(first, 12);
        Fails<AutogradException>(
            "trying to differentiate twice a function that was marked with @once_differentiable", () => Autograd.Grad(first.Sum(), x));
    }

    [Fact]
    public void OnceDifferentiableRunsWithoutRecording()
    {
        var enabled = true;
        var f = Autograd.Function(
            (_, x) => x * 2,
            (_, g) =>
            {
                enabled = Autograd.IsGradEnabled;
                return g * 2;
            },
            onceDifferentiable: true);
        var x = Leaf(1);
        Holds(Autograd.Grad(f(x), x, createGraph: true), 2);
        Assert.False(enabled);
        Holds(Autograd.Grad(f(x), x), 2);
    }

    [Fact]
    public void TooFewGradientsAreRefused()
    {
        var f = Autograd.MultiFunction((_, inputs) => [inputs[0] * inputs[1]], (_, gradients) => [gradients[0]], name: "Foo");
        Fails<AutogradException>(
            "function FooBackward returned an incorrect number of gradients (expected 2, got 1)", () => f([Leaf(1), Leaf(2)])[0].Backward());
    }

    [Fact]
    public void TooManyGradientsAreRefusedUnlessNull()
    {
        var x = Leaf(1);
        var padded = Autograd.MultiFunction((_, inputs) => [inputs[0] * 1], (_, gradients) => [gradients[0], null, null]);
        padded([x])[0].Backward();
        Holds(x.Grad, 1);
        var f = Autograd.MultiFunction((_, inputs) => [inputs[0] * 1], (_, gradients) => [gradients[0], gradients[0]], name: "Foo");
        Fails<AutogradException>(
            "function FooBackward returned an incorrect number of gradients (expected 1, got 2)", () => f([x])[0].Backward());
    }

    [Fact]
    public void AGradientMustFitItsInput()
    {
        var f = Autograd.Function((_, x) => x * 1, (_, _) => Tensor.Ones([3], DType.Float64), name: "Foo");
        Fails<AutogradException>(
            "Function FooBackward returned an invalid gradient at index 0 - got [3] but expected shape compatible with [2]",
            () => f(Leaf(1, 2)).Sum().Backward());
    }

    [Fact]
    public void AGradientThatWasBroadcastIsSummedAndCast()
    {
        Tensor x = [1f, 2];
        x.RequiresGrad = true;
        var f = Autograd.Function((_, a) => a * 1, (_, g) => Tensor.Ones([3, 2], DType.Float64));
        f(x).Sum().Backward();
        Holds(x.Grad!.To(DType.Float64), 3, 3);
        Assert.Equal(DType.Float32, x.Grad!.DType);
    }

    [Fact]
    public void AClassWithoutABackwardPart()
    {
        Fails<AutogradException>(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.",
            () => new ForwardOnly().Apply(Leaf(1)).Backward());
        Holds(new ForwardOnly().Apply(Tensor.FromArray([1.0])), 2);
    }

    [Fact]
    public void ASecondPassThroughSavedTensorsIsRefused()
    {
        var y = new Cube().Apply(Leaf(1)).Sum();
        y.Backward();
        Fails<AutogradException>("Trying to backward through the graph a second time", () => y.Backward());
    }

    [Fact]
    public void ASecondPassWithoutSavedTensorsIsNot()
    {
        var x = Leaf(1);
        var y = new Scale(2).Apply(x);
        y.Backward();
        y.Backward();
        Holds(x.Grad, 4);
    }

    [Fact]
    public void ASavedTensorThatChangedIsNoticed()
    {
        var x = Leaf(1) * 1;
        var y = new Cube().Apply(x);
        x.Add_(1);
        Fails<AutogradException>(
            "one of the variables needed for gradient computation has been modified by an inplace operation", () => y.Backward());
    }

    [Fact]
    public void TheStateCarriesWhatIsNoTensor()
    {
        var power = Autograd.Function(
            (context, x) =>
            {
                context.State = 3;
                context.SaveForBackward(x);
                return x.Pow(3);
            },
            (context, g) => (int)context.State! * context.SavedTensors[0].Pow(2) * g);
        var x = Leaf(2);
        Holds(Autograd.Grad(power(x), x), 12);
    }

    /// <summary>PyTorch's test_function_returns_input: the result is another tensor, with the function as its history.</summary>
    [Fact]
    public void AnInputThatIsReturnedBecomesAView()
    {
        var x = Leaf(1, 2);
        var y = Autograd.Function((_, a) => a, (_, g) => g * 7)(x);
        Assert.NotSame(x, y);
        Assert.True(Share(x, y));
        Assert.True(x.IsLeaf);
        y.Sum().Backward();
        Holds(x.Grad, 7, 7);
    }

    [Fact]
    public void SuchAViewMayNotBeChangedInPlace()
    {
        var y = Autograd.Function((_, a) => a, (_, g) => g, name: "Foo")(Leaf(1) * 1);
        Fails<AutogradException>(
            "Output 0 of FooBackward is a view and is being modified inplace. This view was created inside a custom Function (or because an input " +
            "was returned as-is)",
            () => y.Mul_(2));
    }

    [Fact]
    public void AViewOfAnInputMayNotBeChangedEither()
    {
        var y = Autograd.Function((_, a) => a[..1], (_, g) => g.Expand(2), name: "Foo")(Leaf(1, 2) * 1);
        Assert.Equal("FooBackward", y.GradFn!.Name);
        Fails<AutogradException>("Output 0 of FooBackward is a view and is being modified inplace.", () => y.Mul_(2));
    }

    [Fact]
    public void AResultReturnedTwiceHasTwoGradients()
    {
        var x = Leaf(1);
        var f = Autograd.MultiFunction(
            (_, inputs) =>
            {
                var y = inputs[0] * 1;
                return [y, y];
            },
            (_, gradients) => [gradients[0]! + 10 * gradients[1]!]);
        var y = f([x]);
        (2 * y[0] + 3 * y[1]).Backward();
        Holds(x.Grad, 32);
    }

    [Fact]
    public void ATensorFromOutsideKeepsItsOwnHistory()
    {
        var (x, other) = (Leaf(1), Leaf(5));
        var known = other * 1;
        var y = Autograd.Function((_, _) => known, (_, g) => g * 3)(x);
        Assert.Equal("MulBackward0", known.GradFn!.Name);
        y.Backward();
        Holds(x.Grad, 3);
        Assert.Null(other.Grad);
    }

    [Fact]
    public void WhatIsNotDifferentiableRequiresNoGrad()
    {
        List<bool> zeros = [];
        var f = Autograd.MultiFunction(
            (context, inputs) =>
            {
                var (a, b) = (inputs[0] * 1, inputs[0] * 2);
                context.MarkNonDifferentiable(a);
                return [a, b];
            },
            (_, gradients) =>
            {
                zeros.AddRange(gradients.Select(g => Of(g)[0] == 0));
                return [gradients[1]];
            });
        var x = Leaf(1);
        var y = f([x]);
        Assert.False(y[0].RequiresGrad);
        Assert.True(y[1].RequiresGrad);
        (y[0] * y[1]).Backward();
        Assert.Equal([true, false], zeros);
        Holds(x.Grad, 1);
    }

    private static Tensor Doubled(Tensor x) => Autograd.Function(
        (context, a) =>
        {
            context.MarkDirty(a);
            return a.Mul_(2);
        },
        (_, g) => g * 20,
        name: "Double")(x);

    private sealed class Scale(double factor, double? backward = null) : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * factor;

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient * (backward ?? factor)];
    }

    private sealed class Cube(bool once = false) : Function
    {
        protected override bool IsOnceDifferentiable => once;

        protected override Tensor Forward(FunctionContext context, Tensor[] inputs)
        {
            context.SaveForBackward(inputs[0]);
            return inputs[0] * inputs[0] * inputs[0];
        }

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient)
        {
            var x = context.SavedTensors[0];
            return [3 * x * x * gradient];
        }
    }

    private sealed class SineAndCosine : MultiFunction
    {
        protected override Tensor[] Forward(FunctionContext context, Tensor[] inputs)
        {
            Tensor[] results = [inputs[0].Sin(), inputs[0].Cos()];
            context.SaveForBackward(results);
            return results;
        }

        protected override Tensor?[] Backward(FunctionContext context, Tensor?[] gradients)
        {
            var saved = context.SavedTensors;
            return [gradients[0]! * saved[1] - gradients[1]! * saved[0]];
        }
    }

    private sealed class ForwardOnly : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * 2;
    }
}
