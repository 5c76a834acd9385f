using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Whether operations are recorded: nested, by function, and across <c>await</c>, tasks and threads.</summary>
public class GradModeTests
{
    [Fact]
    public void RecordingIsOnByDefault() => Assert.True(Autograd.IsGradEnabled);

    [Fact]
    public void ScopesNest()
    {
        var x = Leaf(1, 2);
        using (Autograd.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
            using (Autograd.EnableGrad())
            {
                Assert.True((x * 2).RequiresGrad);
                using (Autograd.SetGradEnabled(false))
                {
                    Assert.False((x * 2).RequiresGrad);
                    using (Autograd.SetGradEnabled(true))
                    {
                        Assert.True((x * 2).RequiresGrad);
                    }

                    Assert.False((x * 2).RequiresGrad);
                }

                Assert.True((x * 2).RequiresGrad);
            }

            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void AScopeEndsWithAnException()
    {
        try
        {
            using var scope = Autograd.NoGrad();
            throw new InvalidOperationException();
        }
        catch (InvalidOperationException)
        {
            Assert.True(Autograd.IsGradEnabled);
        }

        Assert.Throws<InvalidOperationException>(() => Autograd.NoGrad<int>(() => throw new InvalidOperationException()));
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void FunctionsRunInAMode()
    {
        var x = Leaf(1, 2);
        Assert.False(Autograd.NoGrad(() => x * 2).RequiresGrad);
        Assert.True(Autograd.NoGrad(() => Autograd.EnableGrad(() => x * 2)).RequiresGrad);
        Assert.Throws<ArgumentNullException>(() => Autograd.NoGrad<int>(null!));
        Assert.Throws<ArgumentNullException>(() => Autograd.EnableGrad<int>(null!));
    }

    /// <summary>A scope that was never opened has nothing to restore.</summary>
    [Fact]
    public void AnEmptyScopeLeavesRecordingOn()
    {
        default(GradScope).Dispose();
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void ScopesCompareByWhatTheyRestore()
    {
        var outer = Autograd.NoGrad();
        var inner = Autograd.NoGrad();
        Assert.True(outer != inner);
        Assert.False(outer.Equals((object)inner));
        inner.Dispose();
        outer.Dispose();
        Assert.True(Autograd.IsGradEnabled);
        var again = Autograd.NoGrad();
        Assert.True(outer == again);
        Assert.Equal(outer.GetHashCode(), again.GetHashCode());
        again.Dispose();
    }

    /// <summary>PyTorch: no_grad has no effect on what the user makes with requires_grad.</summary>
    [Fact]
    public void LeavesCanBeMadeWithoutRecording()
    {
        using var scope = Autograd.NoGrad();
        var x = Tensor.Ones(2).RequiresGrad_();
        Assert.True(x.RequiresGrad);
    }

    [Fact]
    public void ALeafMayBeChangedInPlaceWithoutRecording()
    {
        var x = Leaf(1, 2);
        var y = (x * 3).Sum();
        using (Autograd.NoGrad())
        {
            x.Sub_(1);
            x[0] = 10;
        }

        Holds(x, 10, 1);
        Assert.True(x.IsLeaf);
        Assert.True(x.RequiresGrad);
        y.Backward();
        Holds(x.Grad, 3, 3);
    }

    [Fact]
    public async Task TheModeFollowsAwait()
    {
        var x = Leaf(1, 2);
        using (Autograd.NoGrad())
        {
            await Task.Yield();
            Assert.False((x * 2).RequiresGrad);
            await Task.Delay(1, TestContext.Current.CancellationToken);
            Assert.False((x * 2).RequiresGrad);
            await Elsewhere();
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
        await Task.Yield();
        Assert.True((x * 2).RequiresGrad);

        async Task Elsewhere()
        {
            await Task.Run(() => Assert.False((x * 2).RequiresGrad)).ConfigureAwait(false);
            Assert.False((x * 2).RequiresGrad);
            using (Autograd.EnableGrad())
            {
                await Task.Delay(1).ConfigureAwait(false);
                Assert.True((x * 2).RequiresGrad);
            }

            Assert.False((x * 2).RequiresGrad);
        }
    }

    [Fact]
    public async Task WhatACalleeChoosesEndsWithIt()
    {
        async Task Callee()
        {
            // Never disposed: a leak in the callee must not reach its caller.
            _ = Autograd.NoGrad();
            await Task.Yield();
            Assert.False(Autograd.IsGradEnabled);
        }

        await Callee();
        Assert.True(Autograd.IsGradEnabled);
        var running = Callee();
        Assert.True(Autograd.IsGradEnabled);
        await running;
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public async Task FlowsDoNotDisturbEachOther()
    {
        var x = Leaf(1, 2);
        async Task Flow(int number)
        {
            var on = number % 2 == 0;
            for (var i = 0; i < 200; i++)
            {
                using (Autograd.SetGradEnabled(on))
                {
                    await Task.Yield();
                    Assert.Equal(on, (x * 2).RequiresGrad);
                    using (Autograd.SetGradEnabled(!on))
                    {
                        await Task.Yield();
                        Assert.Equal(!on, (x * 2).RequiresGrad);
                    }

                    Assert.Equal(on, (x * 2).RequiresGrad);
                }

                Assert.True(Autograd.IsGradEnabled);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 16).Select(Flow));
    }

    [Fact]
    public void TasksAndParallelLoopsStartInTheModeOfTheirMaker()
    {
        var x = Leaf(1, 2);
        using (Autograd.NoGrad())
        {
            Parallel.For(0, 100, _ => Assert.False((x * 2).RequiresGrad));
            Assert.All(
                ParallelEnumerable.Range(0, 100).Select(_ => (x * 2).RequiresGrad), requiresGrad => Assert.False(requiresGrad));
            var thread = new Thread(() => Assert.False((x * 2).RequiresGrad));
            thread.Start();
            thread.Join();
        }

        Parallel.For(0, 100, _ => Assert.True((x * 2).RequiresGrad));
    }

    [Fact]
    public void ATasksChoiceDoesNotStayOnItsThread()
    {
        var x = Leaf(1, 2);
        Parallel.For(0, 1000, i =>
        {
            Assert.True((x * 2).RequiresGrad);
            if (i % 3 == 0)
            {
                // Left open, as a careless user would.
                _ = Autograd.NoGrad();
                Task.Run(() => Assert.False(Autograd.IsGradEnabled)).Wait();
                _ = Autograd.EnableGrad();
            }
        });
        Assert.True(Autograd.IsGradEnabled);
    }

    /// <summary>A pass turns recording off on its own thread only, and what it computes with helpers stays right.</summary>
    [Fact]
    public async Task APassOnOneThreadDoesNotStopRecordingOnAnother()
    {
        var x = Tensor.Ones([400, 400], DType.Float32).RequiresGrad_();
        using var stop = new CancellationTokenSource();
        var passes = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Autograd.Grad(x.Mm(x).Sum(), x);
                }
            },
            TestContext.Current.CancellationToken);
        var y = Leaf(1, 2);
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True((y * 2).RequiresGrad);
        }

        await stop.CancelAsync();
        await passes;
    }

    /// <summary>An iterator is not a flow of its own: as in a Python generator, what it sets while suspended its consumer sees.</summary>
    [Fact]
    public void AnIteratorsChoiceIsItsConsumers()
    {
        static IEnumerable<int> Numbers()
        {
            using (Autograd.NoGrad())
            {
                yield return 1;
            }
        }

        foreach (var _ in Numbers())
        {
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.True(Autograd.IsGradEnabled);
    }
}
