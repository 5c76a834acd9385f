using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Hooks on tensors, leaves and nodes, in PyTorch's order (its tests test_hooks, test_prehook_ordering,
/// test_post_accumulate_grad_hook_ordering).</summary>
public sealed class HookTests
{
    [Fact]
    public void TensorHookReplacesTheGradient()
    {
        Tensor x = [1f, 2, 3];
        x.RequiresGrad = true;
        var y = x * 2;
        y.RegisterHook(g => g * 10);
        y.Sum().Backward();
        Assert.Equal([20f, 20, 20], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void HooksRunInOrderAndRetainedGradientComesLast()
    {
        Tensor x = [1f, 2];
        x.RequiresGrad = true;
        var y = x * 3;
        List<string> log = [];
        y.RetainGrad();
        y.RegisterHook(g =>
        {
            log.Add("first");
            return g + 1;
        });
        y.RegisterHook(g =>
        {
            log.Add($"second {g.ToArray<float>()[0]}");
            return g * 2;
        });
        y.GradFn!.RegisterPreHook(g =>
        {
            log.Add($"pre {g.ToArray<float>()[0]}");
            return null;
        });
        y.GradFn!.RegisterHook((inputs, output) =>
        {
            log.Add($"post {inputs[0]!.ToArray<float>()[0]} {output.ToArray<float>()[0]}");
            return null;
        });
        y.Sum().Backward();

        // 1 becomes 2, then 4; the node multiplies by 3.
        Assert.Equal(["first", "second 2", "pre 4", "post 12 4"], log);
        Assert.Equal([4f, 4], y.Grad!.ToArray<float>());
        Assert.Equal([12f, 12], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void RemovedHookDoesNotRun()
    {
        var x = Tensor.Scalar(2f).RequiresGrad_();
        var calls = 0;
        var handle = x.RegisterHook(_ => { calls++; });
        (x * x).Backward();
        handle.Remove();
        handle.Dispose();
        (x * x).Backward();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void PostHookReplacesTheGradientsOfInputs()
    {
        Tensor x = [1f, 2];
        x.RequiresGrad = true;
        var y = x * x;
        y.GradFn!.RegisterHook((inputs, _) => [inputs[0]! * 0, inputs[1]]);
        y.Sum().Backward();
        Assert.Equal([1f, 2], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void PostAccumulateHookSeesTheSum()
    {
        var x = Tensor.Scalar(3f).RequiresGrad_();
        List<float> seen = [];
        x.RegisterPostAccumulateGradHook(leaf => seen.Add(leaf.Grad!.Item<float>()));
        ((x * x) + x).Backward();
        (x * 2).Backward();
        Assert.Equal([7f, 9f], seen);
    }

    [Fact]
    public void GradOfALeafRunsTensorHooksButNotTheAccumulator()
    {
        var x = Tensor.Scalar(3f).RequiresGrad_();
        x.RegisterHook(g => g * 2);
        x.RegisterPostAccumulateGradHook(_ => Assert.Fail("nothing accumulates"));
        Assert.Equal(12f, Autograd.Grad(x * x, x).Item<float>());
        Assert.Null(x.Grad);
    }

    [Fact]
    public void HookOfTheOldValueSurvivesAnInPlaceOperator()
    {
        var x = Tensor.Scalar(3f).RequiresGrad_();
        var y = x * 2;
        Tensor? seen = null;
        y.RegisterHook(g => { seen = g; });
        y.RetainGrad();
        y.Mul_(5);
        y.Backward();
        Assert.Equal(5f, seen!.Item<float>());
        Assert.Equal(1f, y.Grad!.Item<float>());
        Assert.Equal(10f, x.Grad!.Item<float>());
    }

    [Fact]
    public void HookedGradientsAreNotReused()
    {
        // Large enough for pool blocks, which the sweep gives back as soon as it may.
        var x = Tensor.Ones([8000], DType.Float64).RequiresGrad_();
        Tensor? kept = null;
        var y = x.Sin();
        y.RegisterHook(g => { kept = g; });
        (y.Exp() * 2).Sum().Backward();
        (x.Cos().Exp() * 3).Sum().Backward();
        var expected = 2 * Math.Exp(Math.Sin(1));
        Assert.All(kept!.ToArray<double>(), value => Assert.Equal(expected, value, 1e-12));
    }

    [Fact]
    public void MisuseIsRefused()
    {
        var x = Tensor.Scalar(3f);
        Assert.StartsWith(
            "cannot register a hook on a tensor that doesn't require gradient",
            Assert.Throws<AutogradException>(() => x.RegisterHook(g => g)).Message,
            StringComparison.Ordinal);
        x.RequiresGrad = true;
        Assert.StartsWith(
            "post accumulate grad hooks cannot be registered on non-leaf tensors",
            Assert.Throws<AutogradException>(() => (x * 2).RegisterPostAccumulateGradHook(_ => { })).Message,
            StringComparison.Ordinal);
        var y = x * 2;
        y.RegisterHook(_ => Tensor.Ones(2));
        Assert.Throws<AutogradException>(() => y.Backward());
    }

    /// <summary>PyTorch runs the node of a tensor in <c>inputs</c> although nothing is wanted behind it, and its hooks see the gradient.</summary>
    [Fact]
    public void HooksAroundTheNodeOfATargetRun()
    {
        var x = Leaf(2);
        var b = x * 3;
        var log = new List<string>();
        b.RegisterHook(g =>
        {
            log.Add("tensor");
            return g * 2;
        });
        b.GradFn!.RegisterPreHook(g =>
        {
            log.Add($"pre {g.ToArray<float>()[0]}");
            return g * 10;
        });
        b.GradFn!.RegisterHook((inputs, output) =>
        {
            log.Add($"post {output.ToArray<float>()[0]}");
            return null;
        });
        (b * 4).Sum().Backward(inputs: [b]);
        Assert.Equal(["tensor", "pre 8", "post 80"], log);
        Holds(b.Grad, 8);
        Assert.Null(x.Grad);

        // Autograd.Grad captures what arrives, and runs nothing more.
        log.Clear();
        Holds(Autograd.Grad((b * 4).Sum(), b), 8);
        Assert.Equal(["tensor"], log);
    }

    /// <summary>A hook belongs to the value that it was registered on: after a change in place, also of a view, there is another one.</summary>
    [Fact]
    public void AHookOfAnOldValueOfAViewIsSilent()
    {
        var x = Leaf(1, 2, 3);
        var a = x * 1;
        var view = a[1..];
        var fired = 0;
        view.RegisterHook(g =>
        {
            fired++;
            return g * 100;
        });
        view.Mul_(2);
        (view * 5).Sum().Backward();
        Assert.Equal(0, fired);
        Holds(x.Grad, 0, 10, 10);

        // The same where the base changes.
        x.Grad = null;
        a = x * 1;
        view = a[1..];
        view.RegisterHook(g =>
        {
            fired++;
            return g * 100;
        });
        a.Mul_(2);
        (view * 5).Sum().Backward();
        Assert.Equal(0, fired);
        Holds(x.Grad, 0, 10, 10);
    }
}
