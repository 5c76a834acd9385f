namespace Adjoint.Tests.Fuzz;

/// <summary>Arguments outside of what there is are refused by exceptions of this library or of .NET's argument family, and with a sentence.</summary>
public class TypedErrorTests
{
    [Fact]
    public void APlaceThatAShapeHasNotGot()
    {
        var shape = Tensor.Ones(2, 3).Shape;
        Assert.Equal(3, shape[-1]);
        Assert.StartsWith(
            "Dimension out of range (expected to be in range of [-2, 1], but got 2).", Assert.Throws<TensorIndexException>(() => shape[2]).Message);
        Assert.Throws<TensorIndexException>(() => shape[-3]);
        Assert.Throws<TensorIndexException>(() => shape[int.MinValue]);
        Assert.Throws<TensorIndexException>(() => default(Shape)[0]);

        PerAxis stride = new[] { 1, 2 };
        Assert.Throws<ArgumentOutOfRangeException>(() => stride[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => stride[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(PerAxis)[0]);
    }

    [Fact]
    public void APlanOfNoChunksHasNoPasses()
    {
        Assert.Equal(0, new JacobianPlan(JacobianMode.Forward, 2, 3, 0, 8).Passes);
        Assert.Equal(2, new JacobianPlan(JacobianMode.Forward, 2, 3, 2, 8).Passes);
        Assert.Equal(long.MaxValue, new JacobianPlan(JacobianMode.Reverse, long.MaxValue, 3, 1, 8).Passes);
        Assert.NotEmpty(new JacobianPlan(JacobianMode.Reverse, 1, 1, 0, long.MaxValue).ToString());
    }

    /// <summary>Whole numbers were converted before it was seen that they stand for a batch, so that an exception of the engine's own came out.</summary>
    [Fact]
    public void AWholeNumberInsideATransformIsNotChangedInPlace()
    {
        var thrown = Assert.Throws<AutogradException>(() =>
            Transform.Vmap<Tensor, Tensor>(x => x.Reciprocal_())(Tensor.Zeros([0, 2], DType.Int64)));
        Assert.StartsWith("Vmap: inplace arithmetic is not possible", thrown.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Each order doubles the work, so that no machine gets to the 63rd; far larger ones had filled the memory before the first step.</summary>
    [Fact]
    public void AnOrderThatNobodyCouldWaitFor()
    {
        var x = Tensor.Ones(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Transform.DirectionalDerivative(a => a, x, x, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Transform.DirectionalDerivative(a => a, x, x, -1));
    }
}
