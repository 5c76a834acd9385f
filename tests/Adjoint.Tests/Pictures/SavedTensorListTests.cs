using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Drawing;

/// <summary>The list of what a graph keeps for its backward pass (pytorch#91692).</summary>
public class SavedTensorListTests
{
    [Fact]
    public void EachSavedTensorIsListedWithItsNode()
    {
        var w = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        var x = Tensor.Ones([4, 2], dtype: DType.Float64);
        var y = x.MatMul(w).Exp();
        var saved = ComputationGraph.SavedTensors(y);
        Assert.Equal(
            ["ExpBackward0 saved its output [4, 3] torch.float64, 96 bytes", "MmBackward0 saved its input [4, 2] torch.float64, 64 bytes, a leaf"],
            saved.Select(one => one.ToString()));
        Assert.True(saved[0].IsOutput);
        Assert.False(saved[1].IsOutput);
        Assert.Same(y.GradFn, saved[0].Node);
        Assert.Equal(96, ComputationGraph.SavedBytes(y));
    }

    [Fact]
    public void MemoryIsCountedOnceAndViewsKeepAllOfIt()
    {
        var x = Leaf(1, 2, 3, 4);
        var h = x * 1.5;
        var y = (h * h[..1]).Sum() + h.Sin().Sum();
        Assert.Equal(3, ComputationGraph.SavedTensors(y).Count(saved => saved.HeldBytes == 32 && !saved.IsLeaf));
        Assert.Equal(32, ComputationGraph.SavedBytes(y));
    }

    [Fact]
    public void NothingIsLeftAfterThePass()
    {
        var x = Leaf(1, 2);
        var y = x.Exp().Sum();
        y.Backward(retainGraph: true);
        Assert.Single(ComputationGraph.SavedTensors(y));
        y.Backward();
        Assert.Empty(ComputationGraph.SavedTensors(y));
        Assert.Equal(0, ComputationGraph.SavedBytes(y));
    }

    [Fact]
    public void SeveralTensorsShareTheirHistory()
    {
        var x = Leaf(1, 2);
        var h = x.Exp();
        var (a, b) = (h.Sin(), h.Cos());
        Assert.Equal(3, ComputationGraph.SavedTensors(a, b).Count);
        Assert.Equal(16, ComputationGraph.SavedBytes(a, b));
        Assert.Empty(ComputationGraph.SavedTensors(x, h.Detach()));
    }

    [Fact]
    public void WhatHooksKeepIsListedWithItsForm()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.SavedTensorHooks(t => new byte[5], _ => Tensor.Zeros([2], dtype: DType.Float64)))
        {
            y = x.Exp();
        }

        var saved = Assert.Single(ComputationGraph.SavedTensors(y));
        Assert.Equal("ExpBackward0 saved its output [2] torch.float64, 16 bytes, kept as hooks", saved.ToString());
        Assert.Equal(5, saved.HeldBytes);
        Assert.Equal(5, ComputationGraph.SavedBytes(y));
    }

    [Fact]
    public void CustomFunctionsAreListedToo()
    {
        var y = Autograd.Function(
            (context, a) =>
            {
                var y = a.Exp();
                context.SaveForBackward(a, y);
                return y;
            },
            (context, g) => g * context.SavedTensors[1],
            name: "MyExp")(Leaf(1, 2));
        Assert.Equal(
            ["MyExpBackward saved its input [2] torch.float64, 16 bytes, a leaf", "MyExpBackward saved its output [2] torch.float64, 16 bytes"],
            ComputationGraph.SavedTensors(y).Select(one => one.ToString()));
    }

    [Fact]
    public void TheLineIsThereIfSomebodyAskedForIt()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Diagnose.TraceOrigins())
        {
            y = x.Exp();
        }

        var saved = Assert.Single(ComputationGraph.SavedTensors(y));
        Assert.Equal("SavedTensorListTests.cs", Path.GetFileName(saved.Origin?.File));
        Assert.Contains(", at SavedTensorListTests.cs:", saved.ToString(), StringComparison.Ordinal);
        Assert.Null(Assert.Single(ComputationGraph.SavedTensors(x.Exp())).Origin);
    }

    [Fact]
    public void NullIsRefused() => Assert.Throws<ArgumentNullException>(() => ComputationGraph.SavedTensors(null!, null!));
}
