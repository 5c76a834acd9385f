using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Passes on several threads. PyTorch's rule: graphs may share leaves, and a retained graph may be run by several threads at once; gradients of
/// shared leaves add up without loss. After its TestMultithreadAutograd.
/// </summary>
public class ThreadTests
{
    private const int Threads = 8;

    /// <summary>Every gradient is a whole number, so that their sum is exact whatever the order.</summary>
    [Fact]
    public void PassesOverSharedLeavesLoseNothing()
    {
        const int passes = 10_000;
        var x = Leaf(1, 2, 3);
        var w = ScalarLeaf(2);
        OnThreads(Threads, thread =>
        {
            for (var i = thread; i < passes; i += Threads)
            {
                // Uses each leaf twice, in one node and in two.
                var y = (w * x * x).Sum() + (w * (i % 7)).Sum();
                y.Backward();
            }
        });

        double others = Enumerable.Range(0, passes).Sum(i => i % 7);
        Holds(x.Grad, passes * 4.0, passes * 8.0, passes * 12.0);
        Holds(w.Grad, (passes * 14.0) + others);
    }

    [Fact]
    public void LargeGradientsOfSharedLeavesLoseNothing()
    {
        const int passes = 400;
        var x = Tensor.Ones([5000], DType.Float64).RequiresGrad_();
        OnThreads(Threads, _ =>
        {
            for (var i = 0; i < passes / Threads; i++)
            {
                ((x * 3) + (x * x)).Sum().Backward();
            }
        });
        Assert.All(Of(x.Grad), value => Assert.Equal(passes * 5.0, value));
    }

    /// <summary>PyTorch's test_simple_backward_same_input, on one retained graph: nodes are claimed by many passes at once.</summary>
    [Fact]
    public void ARetainedGraphMayBeRunByManyThreads()
    {
        const int passes = 2000;
        var x = Leaf(1, 2);
        var h = x * x;
        for (var i = 0; i < 5; i++)
        {
            h = (h + h) * Tensor.FromArray([1.0, 0.5]);
        }

        var y = h.Sum();
        OnThreads(Threads, _ =>
        {
            for (var i = 0; i < passes / Threads; i++)
            {
                y.Backward(retainGraph: true);
            }
        });
        Holds(x.Grad, passes * 2.0 * 32, passes * 4.0);
    }

    [Fact]
    public void GradientsAsValuesDoNotMixAcrossThreads()
    {
        var x = Leaf(1, 2);
        var y = x * x * x;
        OnThreads(Threads, thread =>
        {
            var seed = Tensor.FromArray([(double)thread, 1]);
            for (var i = 0; i < 500; i++)
            {
                Holds(Autograd.Grad([y], [x], [seed], retainGraph: true)[0], 3.0 * thread, 12);
            }
        });
        Assert.Null(x.Grad);
    }

    [Fact]
    public void SecondDerivativesOnManyThreads()
    {
        var x = Leaf(1, 2);
        var y = (x * x * x).Sum();
        OnThreads(Threads, _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                var gradient = Autograd.Grad(y, x, createGraph: true);
                Holds(Autograd.Grad(gradient.Sum(), x, retainGraph: true), 6, 12); // it goes through the shared x * x
            }
        });
    }

    /// <summary>A pass over one graph while other threads build on the same leaf and on a shared result.</summary>
    [Fact]
    public void BuildingAndRunningAtTheSameTime()
    {
        var x = Leaf(1, 2);
        var shared = x * 2;
        OnThreads(Threads, thread =>
        {
            for (var i = 0; i < 500; i++)
            {
                var y = shared;
                for (var n = 0; n < 10; n++)
                {
                    y = y + (shared * n);
                }

                Holds(Autograd.Grad(y.Sum(), shared, retainGraph: true), 46, 46);
            }
        });
    }

    /// <summary>PyTorch's test_fork_join_in_middle.</summary>
    [Fact]
    public async Task AGraphMayBeBuiltByTasks()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        var parts = await Task.WhenAll(
            Enumerable.Range(1, 16).Select(i => Task.Run(() => (h * i).Exp().Log(), TestContext.Current.CancellationToken)));
        Tensor.Stack(parts).Sum().Backward();
        IsClose(x.Grad, [2 * 136, 4 * 136]);
    }

    /// <summary>Later operations run first, also when another thread recorded them:
    /// their numbers are larger than those of all they depend on.</summary>
    [Fact]
    public async Task NumbersGrowAlongEveryEdge()
    {
        var x = Leaf(1, 2);
        var h = x * 1;
        for (var i = 0; i < 200; i++)
        {
            var before = h;
            h = await Task.Run(() => before * 1, TestContext.Current.CancellationToken);
            Assert.True(h.GradFn!.SequenceNumber > before.GradFn!.SequenceNumber);
            var own = h + before;
            Assert.True(own.GradFn!.SequenceNumber > h.GradFn.SequenceNumber);
        }
    }

    /// <summary>An error on one thread is that thread's; what it had claimed is free again.</summary>
    [Fact]
    public void AFailureOnOneThreadLeavesTheOthersAlone()
    {
        var x = Leaf(1, 2);
        var good = (x * x).Sum();
        var bad = good + Broken(x);
        OnThreads(Threads, thread =>
        {
            for (var i = 0; i < 300; i++)
            {
                if (thread % 2 == 0)
                {
                    Assert.Throws<AutogradException>(() => Autograd.Grad([bad], [x], retainGraph: true));
                }
                else
                {
                    Holds(Autograd.Grad(good, x, retainGraph: true), 2, 4);
                }
            }
        });

        static Tensor Broken(Tensor x)
        {
            var y = x.Exp();
            var z = y.Sum();
            y.Add_(1);
            return z;
        }
    }

    [Fact]
    public void APassInsideTheConstructionOfAnotherGraph()
    {
        var x = Leaf(1, 2);
        var outer = x * 3;
        var inner = x.Exp();
        inner.Sum().Backward();
        outer = outer * x.Grad!;
        x.Grad = null;
        outer.Sum().Backward();
        IsClose(x.Grad, [3 * Math.Exp(1), 3 * Math.Exp(2)]);
    }

    /// <summary>PyTorch's test_reentrant_with_callbacks and test_deep_reentrant: a pass inside a hook of another pass, over shared nodes.</summary>
    [Fact]
    public void APassInsideAPass()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        var tripled = h * 3;
        var side = h.Sum();
        tripled.RegisterHook(_ => side.Backward(retainGraph: true));
        tripled.Sum().Backward();
        Holds(x.Grad, 6 + 2, 12 + 4);
    }

    /// <summary>PyTorch's test_deep_reentrant: each pass starts the next from a hook. An error comes back through all of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PassesInsidePassesAreNotBoundedByTheStack(bool fails)
    {
        const int depth = 20_000;
        var x = ScalarLeaf(1);
        var left = depth;
        void Step(Tensor gradient)
        {
            if (--left > 0)
            {
                using var recording = Autograd.EnableGrad();
                var y = x * 1;
                y.RegisterHook(Step);
                y.Backward();
            }
            else if (fails)
            {
                throw new TimeoutException("at the bottom");
            }
        }

        var first = x * 1;
        first.RegisterHook(Step);
        if (fails)
        {
            Assert.Equal("at the bottom", Message<TimeoutException>(() => first.Backward()));
        }
        else
        {
            first.Backward();
            Holds(x.Grad, depth);
        }
    }

    /// <summary>What a hook chooses for itself ends with it, in the pass and after: recording is as it was, now and after the next await.</summary>
    [Fact]
    public async Task AHooksModeIsItsOwn()
    {
        var x = Leaf(1, 2);
        var h = x * x;
        h.RegisterHook(_ =>
        {
            Assert.False(Autograd.IsGradEnabled);
            using (Autograd.EnableGrad())
            {
                Holds(Autograd.Grad((x * x).Sum(), x), 2, 4);
                Assert.True(Autograd.IsGradEnabled);
            }

            Assert.False(Autograd.IsGradEnabled);

            // Another flow starts in the mode of this one; its end brings that back, which is not the mode of the pass.
            Other().GetAwaiter().GetResult();
        });
        h.Sum().Backward();
        Assert.False(x.Grad!.RequiresGrad);
        Assert.True(Autograd.IsGradEnabled);
        await Task.Yield();
        Assert.True(Autograd.IsGradEnabled);

        static async Task Other()
        {
            using (Autograd.EnableGrad())
            {
                await Task.Yield();
            }
        }
    }

    private static void OnThreads(int count, Action<int> body)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                body(number);
            }
            catch (Exception exception)
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.True(failures.Count == 0, failures.Count == 0 ? string.Empty : failures[0].ToString());
    }
}
