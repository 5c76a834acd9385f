using Adjoint.NN;

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

    /// <summary>Whole numbers were converted before it was seen that they stand for a batch, so that an exception
    /// of the engine's own came out.</summary>
    [Fact]
    public void AWholeNumberInsideATransformIsNotChangedInPlace()
    {
        var thrown = Assert.Throws<DTypeException>(() =>
            Transform.Vmap<Tensor, Tensor>(x => x.Reciprocal_())(Tensor.Zeros([0, 2], DType.Int64)));
        Assert.StartsWith("result type Float can't be cast to the desired output type Long", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>Each order doubles the work, so that no machine gets to the 63rd;
    /// far larger ones had filled the memory before the first step.</summary>
    [Fact]
    public void AnOrderThatNobodyCouldWaitFor()
    {
        var x = Tensor.Ones(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Transform.DirectionalDerivative(a => a, x, x, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Transform.DirectionalDerivative(a => a, x, x, -1));
    }

    /// <summary>A null went on to the next function, or to where its bytes were counted.</summary>
    [Fact]
    public void AFunctionOfACheckpointedSequenceThatReturnsNull()
    {
        Func<Tensor, Tensor>[] last = [x => x.Sin(), x => null!], first = [x => null!, x => x.Sin()];
        var input = Tensor.Ones(3).RequiresGrad_();
        foreach (var (place, functions) in new[] { (1, last), (0, first) })
        {
            var expected = $"function {place} of a checkpointed sequence returned null.";
            Assert.StartsWith(expected, Assert.Throws<AutogradException>(() => Checkpoint.Auto(1 << 20).Run(functions, input)).Message);
            Assert.StartsWith(expected, Assert.Throws<AutogradException>(() => Checkpoint.Sequential(functions, 2, input)).Message);
            using var off = Autograd.NoGrad();
            Assert.StartsWith(expected, Assert.Throws<AutogradException>(() => Checkpoint.Auto(1 << 20).Run(functions, input)).Message);
        }
    }

    /// <summary>It returns tensors while it is measured, and null when the plan is followed.</summary>
    [Fact]
    public void AFunctionOfAMeasuredSequenceThatReturnsNullLater()
    {
        var auto = Checkpoint.Auto(1 << 20);
        var input = Tensor.Ones(3).RequiresGrad_();
        auto.Run([x => x.Sin(), x => x.Cos()], input);
        Assert.StartsWith(
            "function 1 of a checkpointed sequence returned null.",
            Assert.Throws<AutogradException>(() => auto.Run([x => x.Sin(), x => null!], input)).Message);
    }

    /// <summary>The message looked for the sizes of later tensors too, which need not have the dimension.</summary>
    [Fact]
    public void SizesThatDifferBeforeATensorWithoutTheDimension()
    {
        var thrown = Assert.Throws<ShapeException>(
            () => Transform.Vmap<Tensor[], Tensor>(a => a[0])([Tensor.Ones(3), Tensor.Ones(4), Tensor.Ones()]));
        Assert.StartsWith(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [3, 4] for the mapped dimension", thrown.Message);
    }

    [Fact]
    public void ResultsOfAnotherStructureInEachChunk()
    {
        var runs = 0;
        var function = Transform.Vmap<Tensor, Tensor[]>(x => ++runs == 1 ? [x, x] : [x], chunkSize: 1);
        Assert.StartsWith(
            "vmap: the function returned 2 tensors for some samples and 1 for others.",
            Assert.Throws<AutogradException>(() => function(Tensor.Ones(2))).Message);
    }

    [Fact]
    public void ANullAmongTheInputsOfAGraph()
    {
        var graph = Transform.Trace<Tensor, Tensor>(x => x.Sin(), Tensor.Ones(2)).Graph;
        Assert.Equal("inputs", Assert.Throws<ArgumentNullException>(() => graph.Run([null!])).ParamName);
    }

    /// <summary>A scope that something inside of it has suspended.</summary>
    [Fact]
    public void AScopeThatEndsBeforeItsSuspension()
    {
        var scope = new TensorScope();
        var suspension = TensorScope.Suspend();
        Assert.StartsWith("A TensorScope ends on the thread that began it", Assert.Throws<TensorException>(scope.Dispose).Message);
        suspension.Dispose();
        scope.Dispose();
    }

    /// <summary>The null went on to the next layer, or to what stands around a layer with backward hooks.</summary>
    [Fact]
    public void ALayerThatReturnsNull()
    {
        var input = Tensor.Ones(2).RequiresGrad_();
        const string expected = "Forward() of ReturnsNull returned null.";
        Assert.StartsWith(expected, Assert.Throws<AutogradException>(() => new Sequential(new ReturnsNull(), new ReLU()).Call(input)).Message);
        var hooked = new ReturnsNull();
        hooked.RegisterFullBackwardHook((_, _, _) => null);
        Assert.StartsWith(expected, Assert.Throws<AutogradException>(() => hooked.Call(input)).Message);
    }

    [Fact]
    public void ATensorBehindTwoEllipses()
    {
        var x = Tensor.Ones(3, 2, 2, 1);
        var index = Tensor.Zeros([3, 2], DType.Int64);
        const string expected = "too many indices for tensor of dimension 4";
        Assert.StartsWith(expected, Assert.Throws<TensorIndexException>(() => x[TensorIndex.Ellipsis, TensorIndex.Ellipsis, index]).Message);
        Assert.StartsWith(expected, Assert.Throws<TensorIndexException>(() => x[TensorIndex.Ellipsis, TensorIndex.Ellipsis, index] = 1).Message);
    }

    private sealed class ReturnsNull : Layer
    {
        public override Tensor Forward(Tensor x) => null!;
    }
}
