using System.Runtime.CompilerServices;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Graphs that are long, wide or shared many times over. After PyTorch's test_free_deep_graph and its relatives.</summary>
public class DeepGraphTests
{
    private const int Million = 1_000_000;

    /// <summary>x + 1 + 1 + ...: nothing recurses, neither the pass nor letting go of the graph.</summary>
    [Fact]
    public void AMillionNodesInAChain()
    {
        var x = ScalarLeaf(3);
        var y = x;
        for (var i = 0; i < Million; i++)
        {
            y = y + 1;
        }

        Assert.Equal(3 + Million, y.Item());
        y.Backward();
        Holds(x.Grad, 1);
    }

    /// <summary>On the smallest stack a thread can have: depth is bounded by memory only.</summary>
    [Fact]
    public void AMillionNodesOnASmallStack()
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    var x = ScalarLeaf(1);
                    var y = x;
                    for (var i = 0; i < Million; i++)
                    {
                        y = (i & 1) == 0 ? y * 2 : y * 0.5;
                    }

                    var gradient = Autograd.Grad(y, x, createGraph: true);
                    Assert.Equal(1, gradient.Item());
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    failure = exception;
                }
            },
            maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    /// <summary>PyTorch's test_free_deep_graph: a graph that nobody runs is let go of like any other garbage.</summary>
    [Fact]
    public void AChainThatIsNeverRunIsFreed()
    {
        var (first, last) = Build();
        for (var i = 0; i < 10 && (first.IsAlive || last.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(first.IsAlive);
        Assert.False(last.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (WeakReference First, WeakReference Last) Build()
        {
            var y = ScalarLeaf(1) * 1;
            var first = new WeakReference(y.GradFn);
            for (var i = 0; i < Million; i++)
            {
                y = y + 1;
            }

            return (first, new WeakReference(y.GradFn));
        }
    }

    /// <summary>PyTorch's test_free_deep_graph_complicated: every step uses one of the last ten values at random.</summary>
    [Fact]
    public void ALongTangle()
    {
        var random = new Random(1);
        var x = ScalarLeaf(1);
        var y = ScalarLeaf(1);
        var recent = new Queue<Tensor>(Enumerable.Repeat(x, 10));
        double expected = 0;
        var counts = new Queue<double>(Enumerable.Repeat(0.0, 10));
        for (var i = 0; i < 100_000; i++)
        {
            var pick = random.Next(10);
            var other = recent.ElementAt(pick);
            var last = recent.Last();

            // Averages, so that the gradient stays finite: z = (last + other) / 2, plus y / 2^20 every step.
            recent.Dequeue();
            recent.Enqueue(((last + other) * 0.5) + (y * Math.Pow(2, -20)));
            var next = ((counts.Last() + counts.ElementAt(pick)) * 0.5) + Math.Pow(2, -20);
            counts.Dequeue();
            counts.Enqueue(next);
            expected = next;
        }

        var gradients = Autograd.Grad([recent.Last()], [x, y]);
        Assert.Equal(1, gradients[0]!.Item(), 1e-9); // averages of 1
        Assert.Equal(expected, gradients[1]!.Item(), 1e-9);
    }

    /// <summary>y ← y + y sixty times has 2^60 paths but sixty nodes, each of which runs once.</summary>
    [Fact]
    public void PathsAreNotCounted()
    {
        var x = ScalarLeaf(1);
        var y = x;
        for (var i = 0; i < 60; i++)
        {
            y = y + y;
        }

        y.Backward();
        Holds(x.Grad, Math.Pow(2, 60));
    }

    /// <summary>y ← y y / 2 + y y / 2 twenty times: a diamond of two products at every step. y stays 1, and the gradient doubles.</summary>
    [Fact]
    public void DiamondsRunOnce()
    {
        var x = ScalarLeaf(1);
        var y = x;
        for (var i = 0; i < 20; i++)
        {
            y = (y * y * 0.5) + (y * y * 0.5);
        }

        var first = Autograd.Grad(y, x, createGraph: true);
        Assert.Equal(1 << 20, first.Item());

        // y is x to the power 2^20: n (n - 1) at 1.
        Assert.Equal(Math.Pow(2, 40) - Math.Pow(2, 20), Autograd.Grad(first, x).Item());
    }

    [Fact]
    public void ManyPathsMeetInOneNode()
    {
        var x = Leaf(1, 2);
        var h = x * 1;
        var parts = Enumerable.Range(0, 20_000).Select(i => h * i).ToList();
        Tensor.Stack(parts).Sum().Backward();
        Holds(x.Grad, 20_000.0 * 19_999 / 2, 20_000.0 * 19_999 / 2);
    }

    [Fact]
    public void ManyLeavesMeetInOneNode()
    {
        var leaves = Enumerable.Range(0, 20_000).Select(i => ScalarLeaf(i)).ToList();
        Tensor.Stack(leaves).Square().Sum().Backward();
        for (var i = 0; i < leaves.Count; i++)
        {
            Assert.Equal(2 * i, leaves[i].Grad!.Item());
        }
    }

    [Fact]
    public void ALongLoopOverViewsAndChangesInPlace()
    {
        var w = ScalarLeaf(1.0001);
        var x = Tensor.Ones([4], DType.Float64);
        for (var i = 0; i < 1000; i++)
        {
            x[i % 4].Mul_(w);
        }

        x.Sum().Backward();
        Assert.Equal(4 * 250 * Math.Pow(1.0001, 249), w.Grad!.Item(), 1e-9);
    }
}
