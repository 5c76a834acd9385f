using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Sums of gradients from several threads that do not depend, to the last bit, on who came first.</summary>
public class GradientOrderTests
{
    private const int Threads = 8;

    /// <summary>
    /// The numbers are such that the order of addition shows in the last bits, which the first lines make sure of. The shared part of the graph is
    /// reached by two paths of each turn, besides a third one to the leaf itself.
    /// </summary>
    [Fact]
    public void TheBitsAreThoseOfOneThread()
    {
        const int passes = 10_000;
        var forwards = OneThread(Enumerable.Range(0, passes));
        Assert.NotEqual(forwards, OneThread(Enumerable.Range(0, passes).Reverse()));
        for (var run = 0; run < 2; run++)
        {
            var (x, shared) = Model();
            using (var order = Autograd.OrderedAccumulation())
            {
                OnThreads(thread =>
                {
                    for (var i = thread; i < passes; i += Threads)
                    {
                        using (order.Turn(i))
                        {
                            Pass(x, shared, i);
                        }
                    }
                });
            }

            Assert.Equal(forwards, Of(x.Grad));
        }

        static double[] OneThread(IEnumerable<int> numbers)
        {
            var (x, shared) = Model();
            foreach (var i in numbers)
            {
                Pass(x, shared, i);
            }

            return Of(x.Grad);
        }

        static (Tensor X, Tensor Shared) Model()
        {
            var x = Leaf(0.3, 0.7, 1.1);
            return (x, x.Sin());
        }

        static void Pass(Tensor x, Tensor shared, int i)
        {
            var own = x * (1.0 / (i + 3));
            ((own.Exp() * shared) + (shared / (i + 7)) + (x * 0.1)).Sum().Backward(retainGraph: true);
        }
    }

    /// <summary>Each pass of a turn is added by itself, as one thread would.</summary>
    [Fact]
    public void SeveralPassesOfATurnStayInOrder()
    {
        var x = ScalarLeaf(1);
        using (var order = Autograd.OrderedAccumulation())
        {
            using (order.Turn(0))
            {
                // (1e16 + 1) + 1 is 1e16, and 1e16 + (1 + 1) is not.
                (x * 1e16).Backward();
                (x * 1).Backward();
                (x * 1).Backward();
                Assert.Null(x.Grad);
            }

            Holds(x.Grad, 1e16);
        }
    }

    [Fact]
    public void ALaterTurnWaitsForTheEarlier()
    {
        var x = ScalarLeaf(1);
        using (var order = Autograd.OrderedAccumulation())
        {
            using (order.Turn(1))
            {
                (x * 2).Backward();
            }

            Assert.Null(x.Grad);
            using (order.Turn(0))
            {
                (x * 3).Backward();
            }

            Holds(x.Grad, 5);
            using (order.Turn(3))
            {
                (x * 10).Backward();
            }

            Holds(x.Grad, 5);
        }

        // Nobody took 2.
        Holds(x.Grad, 15);
    }

    [Fact]
    public void HooksSeeTheSumsInOrder()
    {
        var x = ScalarLeaf(1);
        List<double> seen = [];
        x.RegisterPostAccumulateGradHook(leaf => seen.Add(leaf.Grad!.Item()));
        using var order = Autograd.OrderedAccumulation();
        foreach (var i in new[] { 2, 0, 1 })
        {
            using (order.Turn(i))
            {
                (x * (i + 1)).Backward();
            }
        }

        Assert.Equal([1, 3, 6], seen);
    }

    /// <summary>What the caller can still name is copied, or a change of it would change what is added later.</summary>
    [Fact]
    public void AKeptGradientIsNobodyElses()
    {
        var x = Leaf(1, 2);
        var seed = Tensor.FromArray([3.0, 4]);
        using (var order = Autograd.OrderedAccumulation())
        {
            using (order.Turn(1))
            {
                x.Backward(seed);
                (x + 0).Backward(seed);
            }

            seed.Zero_();
        }

        Holds(x.Grad, 6, 8);
        Assert.False(Share(x.Grad, seed));
    }

    [Fact]
    public void GradientsWithAHistoryKeepIt()
    {
        var x = Leaf(2, 3);
        using (var order = Autograd.OrderedAccumulation())
        {
            using (order.Turn(0))
            {
                (x * x * x).Sum().Backward(createGraph: true);
            }
        }

        Holds(Autograd.Grad(x.Grad!.Sum(), x), 12, 18);
    }

    [Fact]
    public void APassThatFailsHandsInWhatItHas()
    {
        var x = Leaf(1, 2);
        var order = Autograd.OrderedAccumulation();
        using (order)
        {
            Assert.Throws<TimeoutException>(Fails);
            using (order.Turn(1))
            {
                (x * 3).Sum().Backward();
            }
        }

        Holds(x.Grad, 5, 5);

        void Fails()
        {
            using (order.Turn(0))
            {
                (x * 2).Sum().Backward();
                throw new TimeoutException();
            }
        }
    }

    [Fact]
    public void Misuse()
    {
        var order = Autograd.OrderedAccumulation();
        var turn = order.Turn(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => order.Turn(-1));
        Fails<ArgumentException>("Turn 0 was taken before.", () => order.Turn(0));
        TensorException? refused = null;
        var thread = new Thread(() => refused = Assert.Throws<TensorException>(turn.Dispose));
        thread.Start();
        thread.Join();
        Assert.StartsWith("A turn ends on the thread that began it", refused!.Message, StringComparison.Ordinal);
        using (order.Turn(1))
        {
            Assert.Throws<TensorException>(turn.Dispose);
        }

        turn.Dispose();
        turn.Dispose();
        Fails<ArgumentException>("Turn 0 was taken before.", () => order.Turn(0));
        order.Dispose();
        Assert.Throws<ObjectDisposedException>(() => order.Turn(2));
    }

    /// <summary>An order that is over holds no gradients, and no turn is left on the thread.</summary>
    [Fact]
    public void WhatWasAddedIsGone() => Collected.Gone(() =>
    {
        var x = Leaf(1, 2);
        var order = Autograd.OrderedAccumulation();
        using (order.Turn(0))
        {
            (x * 2).Sum().Backward();
        }

        order.Dispose();
        return [x, x.Grad!, order];
    });

    private static void OnThreads(Action<int> body)
    {
        Exception? failure = null;
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            try
            {
                body(number);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.True(failure is null, failure?.ToString());
    }
}
