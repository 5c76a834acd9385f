using Adjoint.Tests.Memory;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Random draws inside of checkpoints (PyTorch's test_checkpoint_rng_cpu). Alone, because all tests share the default generator.</summary>
[Collection(Alone.Name)]
public class CheckpointRandomTests
{
    private readonly List<Tensor> _masks = [];

    [Fact]
    public void DrawsComeOutTheSameAndTheStreamGoesOn()
    {
        var x = Tensor.Ones([200], DType.Float64).RequiresGrad_();
        var y = Checkpoint.Run(Dropped, x);
        _ = Tensor.Rand([3], DType.Float64);
        var before = Generator.Default.GetState();
        y.Sum().Backward();
        Assert.Equal(before, Generator.Default.GetState());
        Assert.Equal(2, _masks.Count);
        Holds(_masks[1], Of(_masks[0]));
        IsClose(x.Grad, [.. Of(_masks[0]).Select(m => m * Math.Exp(m))]);
    }

    [Fact]
    public void WithoutPreservingTheyDiffer()
    {
        var x = Tensor.Ones([200], DType.Float64).RequiresGrad_();
        var y = Checkpoint.Run(Dropped, x, new CheckpointOptions { PreserveRngState = false });
        y.Sum().Backward();
        Assert.NotEqual(Of(_masks[0]), Of(_masks[1]));
    }

    [Fact]
    public void TheStreamGoesOnAfterAnErrorToo()
    {
        var x = Tensor.Ones([200], DType.Float64).RequiresGrad_();
        var y = Checkpoint.Run(t => Dropped(_masks.Count == 0 ? t : t[..2]), x, new CheckpointOptions { EarlyStop = false });
        var before = Generator.Default.GetState();
        Assert.ThrowsAny<Exception>(() => y.Sum().Backward());
        Assert.Equal(before, Generator.Default.GetState());
    }

    private Tensor Dropped(Tensor t)
    {
        var mask = Tensor.Rand([200], DType.Float64);
        _masks.Add(mask);
        return (t * mask).Exp();
    }
}
