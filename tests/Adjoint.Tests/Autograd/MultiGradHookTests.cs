using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Hooks on several tensors: PyTorch's test_multi_grad_all_hooks and test_multi_grad_any_hooks.</summary>
public class MultiGradHookTests
{
    [Fact]
    public void AllWaitsForEveryGradient()
    {
        var (a, b, c) = (Leaf(1), Leaf(2), Leaf(3));
        var seen = new List<double?[]>();
        using var handle = Autograd.RegisterMultiGradHook([a, b, c], gradients => seen.Add(Numbers(gradients)));
        (a * b * c).Sum().Backward();
        Assert.Equal([[6, 3, 2]], seen);
    }

    /// <summary>What a pass does not reach is not waited for, and has no gradient.</summary>
    [Fact]
    public void WhatIsNotReachedIsNull()
    {
        var (a, b, c) = (Leaf(1), Leaf(2), Leaf(3));
        var seen = new List<double?[]>();
        using var handle = Autograd.RegisterMultiGradHook([a, b, c], gradients => seen.Add(Numbers(gradients)));
        (a * b).Sum().Backward();
        (c * 5).Sum().Backward();
        Assert.Equal([[2, 1, null], [null, null, 5]], seen);
    }

    [Fact]
    public void OnlyWhatTheInputsAskForIsWaitedFor()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var seen = new List<double?[]>();
        using var handle = Autograd.RegisterMultiGradHook([a, b], gradients => seen.Add(Numbers(gradients)));
        (a * b).Sum().Backward(inputs: [b]);
        Autograd.Grad([(a * b).Sum()], [a]);
        Assert.Equal([[null, 2], [3, null]], seen);
    }

    [Fact]
    public void ResultsInTheMiddleCount()
    {
        var x = Leaf(2);
        var y = x * x;
        var z = y * 3;
        var seen = new List<double?[]>();
        using var handle = Autograd.RegisterMultiGradHook([z, x, y, y], gradients => seen.Add(Numbers(gradients)));
        z.Sum().Backward(retainGraph: true);
        z.Sum().Backward();
        Assert.Equal([[1, 12, 3, 3], [1, 12, 3, 3]], seen);
    }

    [Fact]
    public void OutputsOfOneNode()
    {
        var x = LeafOf([2, 1], 1, 2);
        var rows = x.Unbind();
        var seen = new List<double?[]>();
        using var handle = Autograd.RegisterMultiGradHook([rows[1], rows[0]], gradients => seen.Add(Numbers(gradients)));
        ((rows[0] * 5) + (rows[1] * 7)).Sum().Backward();
        Assert.Equal([[7, 5]], seen);
    }

    [Fact]
    public void AnyRunsForTheFirstOnly()
    {
        var x = Leaf(2);
        var y = x * x;
        var z = y * 3;
        var seen = new List<double?[]>();
        using var handle = Autograd.RegisterMultiGradHook([x, y, z], gradients => seen.Add(Numbers(gradients)), MultiGradHookMode.Any);
        z.Sum().Backward();
        (y * 1).Sum().Detach();
        Assert.Equal([[null, null, 1]], seen);
        (x * 4).Sum().Backward();
        Assert.Equal([4, null, null], seen[1]);
    }

    /// <summary>It is a hook of the tensor whose gradient comes last, among its others in order of registration.</summary>
    [Fact]
    public void ItStandsAmongTheOtherHooks()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var log = new List<string>();
        a.RegisterHook(_ => log.Add("before"));
        b.RegisterHook(_ => log.Add("before"));
        Autograd.RegisterMultiGradHook([a, b], _ => log.Add("both"));
        a.RegisterHook(_ => log.Add("after"));
        b.RegisterHook(_ => log.Add("after"));
        a.RegisterPostAccumulateGradHook(_ => log.Add("sum"));
        b.RegisterPostAccumulateGradHook(_ => log.Add("sum"));
        (a * b).Sum().Backward();
        Assert.Equal(["before", "after", "sum", "before", "both", "after", "sum"], log);
    }

    [Fact]
    public void ARemovedOneIsSilent()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var calls = 0;
        var handle = Autograd.RegisterMultiGradHook([a, b], _ => calls++);
        (a * b).Sum().Backward();
        handle.Remove();
        handle.Remove();
        (a * b).Sum().Backward();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void APassInsideTheHookIsItsOwn()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var depth = 0;
        var seen = new List<double?[]>();
        Autograd.RegisterMultiGradHook([a, b], gradients =>
        {
            seen.Add(Numbers(gradients));
            if (depth++ < 2)
            {
                Autograd.EnableGrad(() => (a * b * 10).Sum()).Backward();
            }
        });
        (a * b).Sum().Backward();
        Assert.Equal([[3, 2], [30, 20], [30, 20]], seen);
    }

    [Fact]
    public void PassesOnManyThreadsDoNotMix()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var wrong = 0;
        var calls = 0;
        Autograd.RegisterMultiGradHook([a, b], gradients =>
        {
            Interlocked.Increment(ref calls);
            var factor = Of(gradients[0])[0] / 3;
            if (Of(gradients[1])[0] != factor * 2)
            {
                Interlocked.Increment(ref wrong);
            }
        });
        Parallel.For(0, 400, i => (a * b * (i + 1)).Sum().Backward());
        Assert.Equal(400, calls);
        Assert.Equal(0, wrong);
    }

    /// <summary>A function that gives no gradient leaves the others waiting, as in PyTorch; nothing is kept for it.</summary>
    [Fact]
    public void APassThatNeverBringsAllIsForgotten()
    {
        var a = Leaf(2);
        var nothing = Autograd.MultiFunction((_, inputs) => [inputs[0] * 1], (_, _) => [null]);
        var calls = 0;
        var b = Leaf(3);
        Autograd.RegisterMultiGradHook([a, b], _ => calls++);
        Gone(() =>
        {
            var y = nothing([a])[0] + (b * 2);
            var gradients = new List<object>();
            b.RegisterHook(gradient => gradients.Add(gradient));
            y.Sum().Backward();
            return [y, y.GradFn!];
        });
        Assert.Equal(0, calls);
    }

    [Fact]
    public void MisuseIsRefused()
    {
        var a = Leaf(2);
        Fails<AutogradException>(
            "cannot register a hook on a tensor that doesn't require gradient",
            () => Autograd.RegisterMultiGradHook([a, Tensor.Ones(2)], _ => { }));
        Assert.Throws<ArgumentNullException>(() => Autograd.RegisterMultiGradHook(null!, _ => { }));
        Assert.Throws<ArgumentNullException>(() => Autograd.RegisterMultiGradHook([a], null!));
        Autograd.RegisterMultiGradHook([], _ => { }).Dispose();
    }

    private static double?[] Numbers(Tensor?[] gradients) =>
        Array.ConvertAll(gradients, gradient => gradient is null ? (double?)null : Of(gradient)[0]);
}
