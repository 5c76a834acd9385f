using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <content>Results that are whole numbers or changed in place, hooks, transforms, and what is freed.</content>
public partial class CustomFunctionTests
{
    [Fact]
    public void WholeNumbersAreNeverDifferentiable()
    {
        var f = Autograd.MultiFunction((_, inputs) => [inputs[0] * 1, inputs[0] > 0], (_, gradients) => [gradients[0]]);
        Assert.False(f([Leaf(1)])[1].RequiresGrad);
        Assert.Null(Autograd.Function((_, x) => x > 0, (_, g) => g)(Leaf(1)).GradFn);
    }

    [Fact]
    public void AnIntegerInputTakesNoGradient()
    {
        var x = Leaf(1);
        var f = Autograd.Function((_, a, i) => a * i, (_, g) => (g * 2, g));
        f(x, Tensor.FromArray([2L])).Backward();
        Holds(x.Grad, 2);
    }

    [Fact]
    public void ADirtyInputIsTheResult()
    {
        var leaf = Leaf(1, 2);
        var x = leaf * 1;
        var y = Doubled(x);
        Assert.Same(x, y);
        Assert.Equal("DoubleBackward", x.GradFn!.Name);
        Holds(x, 2, 4);
        y.Sum().Backward();
        Holds(leaf.Grad, 20, 20);
    }

    [Fact]
    public void ADirtyLeafIsRefused() => Fails<AutogradException>(
        "a leaf Variable that requires grad is being used in an in-place operation.", () => Doubled(Leaf(1)));

    [Fact]
    public void ADirtyViewOfALeafIsRefused() => Fails<AutogradException>(
        "a view of a leaf Variable that requires grad is being used in an in-place operation.", () => Doubled(Leaf(1, 2)[..1]));

    [Fact]
    public void ADirtyViewChangesTheHistoryOfItsBase()
    {
        var leaf = Leaf(1, 2);
        var x = leaf * 1;
        _ = Doubled(x[..1]);
        Assert.Equal("CopySlices", x.GradFn!.Name);
        Holds(x, 2, 2);
        x.Sum().Backward();
        Holds(leaf.Grad, 20, 1);
    }

    [Fact]
    public void ADirtyConstantBecomesAResult()
    {
        var (x, w) = (Tensor.FromArray([1.0]), Leaf(5));
        var f = Autograd.Function(
            (context, a, b) =>
            {
                context.MarkDirty(a);
                return Autograd.NoGrad(() => a.Mul_(b));
            },
            (_, g) => (g * 5, g * 1));
        f(x, w).Backward();
        Holds(w.Grad, 1);
        Assert.True(x.RequiresGrad);
    }

    [Fact]
    public void WhatIsDirtyMustBeReturned()
    {
        var f = Autograd.Function(
            (context, x) =>
            {
                context.MarkDirty(x);
                return x * 1;
            },
            (_, g) => g);
        Fails<AutogradException>(
            "Some elements marked as dirty during the forward method were not returned as output. The inputs that are modified inplace must all be " +
            "outputs of the Function.",
            () => f(Leaf(1) * 1));
    }

    [Fact]
    public void OnlyInputsCanBeDirtyAndOnlyOutputsConstant()
    {
        var dirty = Autograd.Function(
            (context, x) =>
            {
                var y = x * 1;
                context.MarkDirty(y);
                return y;
            },
            (_, g) => g,
            name: "Foo");
        Fails<AutogradException>("FooBackward: MarkDirty takes inputs", () => dirty(Leaf(1)));
        var constant = Autograd.Function(
            (context, x) =>
            {
                context.MarkNonDifferentiable(x);
                return x * 1;
            },
            (_, g) => g,
            name: "Foo");
        Fails<AutogradException>("FooBackward: MarkNonDifferentiable takes outputs", () => constant(Leaf(1)));
    }

    [Fact]
    public void AFunctionMustReturnATensor()
    {
        Assert.Throws<AutogradException>(() => Autograd.MultiFunction((_, _) => [], (_, gradients) => gradients)([Leaf(1)]));
        Assert.Throws<AutogradException>(() => Autograd.Function((_, _) => null!, (_, g) => g)(Leaf(1)));
        Assert.Throws<ArgumentNullException>(() => new Scale(1).Apply((Tensor)null!));
    }

    [Fact]
    public void FunctionsNest()
    {
        var x = Leaf(2);
        var outer = Autograd.Function(
            (context, a) =>
            {
                context.SaveForBackward(a);
                return new Cube().Apply(a);
            },
            (context, g) => Autograd.EnableGrad(() =>
            {
                // The inner one is differentiated by a pass inside of the pass.
                var a = context.SavedTensors[0].Detach().RequiresGrad_();
                return g * Autograd.Grad(new Cube().Apply(a).Sum(), a);
            }));
        outer(x).Backward();
        Holds(x.Grad, 12);
    }

    [Fact]
    public void ResultsOfAFunctionRetainTheirOwnGradients()
    {
        var x = Leaf(1);
        var y = new SineAndCosine().Apply(x);
        y[0].RetainGrad();
        y[1].RetainGrad();
        (2 * y[0] + 3 * y[1]).Backward();
        Holds(y[0].Grad, 2);
        Holds(y[1].Grad, 3);
    }

    [Fact]
    public void HooksBelongToOneResult()
    {
        var x = Leaf(0);
        var y = new SineAndCosine().Apply(x);
        y[1].RegisterHook(g => g * 1000);
        List<double> seen = [];
        y[0].RegisterHook(g => seen.Add(g.Item()));
        y[1].RegisterHook(g => seen.Add(g.Item()));
        (2 * y[0] + 3 * y[1]).Backward();
        Assert.Equal([2, 3000], seen);
        Holds(x.Grad, 2); // cos 0 = 1, sin 0 = 0
    }

    [Fact]
    public void OneResultCanBeAnInputOfGrad()
    {
        var y = new SineAndCosine().Apply(Leaf(1));
        var z = 2 * y[0] + 3 * y[1];
        var gradients = Autograd.Grad([z], [y[1], y[0]]);
        Holds(gradients[0], 3);
        Holds(gradients[1], 2);
    }

    [Fact]
    public void HooksOfTheNodeSeeAllResults()
    {
        var x = Leaf(0);
        var y = new SineAndCosine().Apply(x);
        List<double?> seen = [];
        var node = y[0].GradFn!;
        node.RegisterPreHook((Tensor?[] gradients) =>
        {
            seen.AddRange(gradients.Select(g => g?.Item()));
            return [gradients[0]! * 10, gradients[1]];
        });
        node.RegisterHook((Tensor?[] inputs, Tensor?[] outputs) =>
        {
            seen.AddRange(inputs.Concat(outputs).Select(g => g?.Item()));
            return [inputs[0]! + 1];
        });
        (2 * y[0]).Backward();
        Assert.Equal([2, null, 20, 20, null], seen);
        Holds(x.Grad, 21);
    }

    [Fact]
    public void AHookOfOneGradientDoesNotFitANodeOfTwo()
    {
        var node = new SineAndCosine().Apply(Leaf(0))[0].GradFn!;
        Fails<AutogradException>("SineAndCosineBackward has 2 outputs.", () => node.RegisterPreHook((Tensor g) => g));
        Fails<AutogradException>("SineAndCosineBackward has 2 outputs.", () => node.RegisterHook((Tensor?[] inputs, Tensor _) => inputs));
    }

    [Fact]
    public void AHookOfTheNodeMustGiveAsMany()
    {
        var y = new SineAndCosine().Apply(Leaf(0));
        y[0].GradFn!.RegisterPreHook((Tensor?[] gradients) => [gradients[0]]);
        Assert.Contains(
            "incorrect number of values (got 1, but expected 2)", Message<AutogradException>(() => y[0].Backward()), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyGradientsOfOneResultAddUp()
    {
        var x = Leaf(1, 2);
        var y = new SineAndCosine().Apply(x);
        var sum = Tensor.Scalar(0.0);
        for (var i = 1; i <= 4; i++)
        {
            sum = sum + (i * y[0]).Sum();
        }

        sum.Backward();
        IsClose(x.Grad, [10 * Math.Cos(1), 10 * Math.Cos(2)]);
    }

    /// <summary>PyTorch's gradcheck of a custom function, by central differences.</summary>
    [Fact]
    public void TheGradientAgreesWithDifferences()
    {
        var at = Leaf(0.3, -1.2, 2);
        static Tensor F(Tensor[] x)
        {
            var y = new SineAndCosine().Apply(x[0]);
            return (y[0] * y[1] + new Cube().Apply(y[0])).Sum();
        }

        var x = Of(at);
        IsClose(Autograd.Grad(F([at]), at), FiniteDifference.Gradient(F, [at], 0), 1e-8);
        Assert.Equal(x, Of(at));
    }

    [Fact]
    public void AFunctionWorksInsideOfGrad()
    {
        var gradient = Transform.Grad((Tensor x) => new Cube().Apply(x).Sum());
        Holds(gradient(Leaf(2, 3)), 12, 27);
        Holds(Transform.Grad((Tensor x) => gradient(x).Sum())(Leaf(2, 3)), 12, 18);
    }

    [Fact]
    public void AFunctionIsBatched()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        Holds(Transform.Vmap((Tensor row) => new Cube().Apply(row).Sum())(x), 9, 91);
        Holds(Transform.Vmap(Transform.Grad((Tensor row) => new Cube().Apply(row).Sum()))(x), 3, 12, 27, 48);

        // From outside: by the tape, by Grad, and the second derivative 6x.
        Transform.Vmap((Tensor row) => new Cube().Apply(row).Sum())(x).Sum().Backward();
        Holds(x.Grad, 3, 12, 27, 48);
        var gradient = Transform.Grad((Tensor rows) => Transform.Vmap((Tensor row) => new Cube().Apply(row).Sum())(rows).Sum());
        Holds(gradient(x), 3, 12, 27, 48);
        Holds(Transform.Grad((Tensor rows) => gradient(rows).Sum())(x), 6, 12, 18, 24);
    }

    /// <summary>Forward mode follows an input that the function changed, under its own name too.</summary>
    [Fact]
    public void ADirtyInputInForwardMode()
    {
        var (y, t) = Transform.Jvp(
            a =>
            {
                var b = a * 1;
                Doubled(b);
                return b * 1;
            },
            Tensor.FromArray([1.0, 2]),
            Tensor.FromArray([1.0, 10]));
        Holds(y, 2, 4);
        Holds(t, 20, 200);
    }

    [Fact]
    public void ADirtyInputInATraceIsRefused() => Fails<AutogradException>(
        "DoubleBackward: a custom function cannot change its inputs in place inside of Transform.Trace.",
        () => Transform.Trace((Tensor x) => Doubled(x * 1), Tensor.FromArray([1.0])));

    /// <summary>The push of a function that only says its pull, by transposing the pull.</summary>
    [Fact]
    public void ForwardModeComesFromTheBackwardPart()
    {
        var (y, t) = Transform.Jvp(x => new Scale(3, backward: 100).Apply(x), Tensor.FromArray([1.0, 2]), Tensor.FromArray([1.0, 10]));
        Holds(y, 3, 6);
        Holds(t, 100, 1000);
        var (z, u) = Transform.Jvp(x => new Cube().Apply(x), Tensor.FromArray([2.0]), Tensor.FromArray([1.0]));
        Holds(z, 8);
        Holds(u, 12);
    }

    [Fact]
    public void ForwardModeOverReverseMode()
    {
        var hessian = Transform.JacFwd(Transform.Grad((Tensor x) => new Cube().Apply(x).Sum()));
        Holds(hessian(Tensor.FromArray([2.0, 3])), 12, 0, 0, 18);
    }

    [Fact]
    public void ForwardModeOverForwardMode()
    {
        var one = Tensor.Scalar(1.0);
        var (_, second) = Transform.Jvp(x => Transform.Jvp(y => new Cube().Apply(y), x, one).Tangent, Tensor.Scalar(2.0), one);
        Holds(second, 12);
    }

    [Fact]
    public void ForwardModeNeedsABackwardPartThatMayBeDifferentiated() => Fails<AutogradException>(
        "You must implement the jvp function for custom autograd.Function to use it with forward mode AD.",
        () => Transform.Jvp(x => new Cube(once: true).Apply(x), Tensor.Scalar(2.0), Tensor.Scalar(1.0)));

    /// <summary>PyTorch's test_custom_function_cycle: a context that refers to its own output is garbage like anything else.</summary>
    [Fact]
    public void WhatAContextHoldsIsFreed() => Collected.Gone(() =>
    {
        var x = Leaf(1);
        FunctionContext? stashed = null;
        var y = Autograd.Function(
            (context, a) =>
            {
                stashed = context;
                var b = a * 2;
                context.SaveForBackward(a, b);
                context.State = b;
                return b;
            },
            (_, g) => g * 2)(x);
        return [y, y.GradFn!, stashed!];
    });

    [Fact]
    public void SavedTensorsGoWithThePass()
    {
        var x = Leaf(1);
        List<Tensor> held = [];
        Collected.Gone(() =>
        {
            var h = x * 2;
            held.Add(new Cube().Apply(h).Sum());
            held[0].Backward();
            return [h];
        });
        Holds(x.Grad, 24); // 3 (2x)^2 * 2
    }

    /// <summary>PyTorch's test_naughty_autograd_function_stashing_ctx.</summary>
    [Fact]
    public void AStashedContextHasNoSavedTensorsAfterThePass()
    {
        FunctionContext? stashed = null;
        var f = Autograd.Function(
            (context, a) =>
            {
                stashed = context;
                context.SaveForBackward(a);
                return a * 2;
            },
            (_, g) => g * 2);
        var y = f(Leaf(1));
        Holds(stashed!.SavedTensors[0], 1);
        y.Backward(retainGraph: true);
        Holds(stashed!.SavedTensors[0], 1);
        y.Backward();
        Fails<AutogradException>("Trying to backward through the graph a second time", () => _ = stashed!.SavedTensors);
    }

    /// <summary>In PyTorch both results are the input that was changed; here the second is another name of the first.</summary>
    [Fact]
    public void ADirtyInputIsReturnedTwice()
    {
        var x = Leaf(1, 2);
        var doubled = Autograd.MultiFunction(
            (context, inputs) =>
            {
                inputs[0].Mul_(2);
                context.MarkDirty(inputs[0]);
                return [inputs[0], inputs[0]];
            },
            (_, gradients) => [(gradients[0]! * 2) + (gradients[1]! * 2)]);
        var a = x * 1;
        var y = doubled([a]);
        Assert.Same(a, y[0]);
        ((y[0] * 3) + (y[1] * 5)).Sum().Backward();
        Holds(y[1], 2, 4);
        Holds(x.Grad, 16, 16);
    }

    /// <summary>An input that was left out is kept as null, as in <c>ctx.save_for_backward(x, None)</c>.</summary>
    [Fact]
    public void NothingIsSavedAsNull()
    {
        Tensor Scaled(Tensor x, Tensor? scale)
        {
            var f = Autograd.Function(
                (context, a) =>
                {
                    context.SaveForBackward(null, a, scale);
                    return scale is null ? a * a : a * a * scale;
                },
                (context, g) =>
                {
                    Assert.Equal(3, context.SavedTensors.Count);
                    Assert.Null(context.SavedTensors[0]);
                    var slope = 2 * g * context.SavedTensors[1];
                    return context.SavedTensors[2] is { } kept ? slope * kept : slope;
                });
            return f(x);
        }

        var x = Leaf(1, 2);
        (Scaled(x, null) + Scaled(x, Tensor.FromArray([3f, 5]))).Sum().Backward();
        Holds(x.Grad, 8, 24);
        Tensor samples = [1.0, 2];
        Assert.Equal([2.0, 4], Transform.Vmap(Transform.Grad((Tensor a) => Scaled(a, null)))(samples).ToArray<double>());
        Assert.Equal([6.0, 12], Transform.Vmap(Transform.Grad((Tensor a) => Scaled(a, Tensor.Scalar(3.0))))(samples).ToArray<double>());
        Assert.Equal([2.0, 4], Transform.Grad((Tensor a) => Transform.Vmap((Tensor b) => Scaled(b, null))(a).Sum())(samples).ToArray<double>());
        Assert.Equal([2.0, 4], Transform.Jvp((Tensor a) => Scaled(a, null), samples, Tensor.OnesLike(samples)).Tangent.ToArray<double>());
        var trace = Transform.Trace(Transform.Grad((Tensor a) => Scaled(a, null).Sum()), samples);
        Assert.Equal([2.0, 4], trace.Call(samples).ToArray<double>());
    }
}
