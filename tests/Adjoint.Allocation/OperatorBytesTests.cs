using Adjoint.Memory;

namespace Adjoint.Allocation;

/// <summary>
/// Managed bytes for each operator on small tensors, where objects are the cost: unrecorded, recorded, and with its share of a backward pass. The
/// bounds stand a few objects above what was measured when they were written, so that a boxed value, a closure or a second dictionary shows.
/// </summary>
[Collection(ProcessTests.Name)]
public class OperatorBytesTests
{
    private const int Chain = 100;

    private static readonly Tensor X = Tensor.Full([1], 0.5);
    private static readonly Tensor Y = Tensor.Full([1], 1.5);
    private static readonly Tensor Leaf = Tensor.Full([1], 0.5).RequiresGrad_();
    private static readonly Tensor Row = Tensor.Full([64], 0.5).RequiresGrad_();
    private static readonly Tensor Matrix = Tensor.Full([8, 8], 0.5).RequiresGrad_();

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Operators = new()
    {
        ["Tanh"] = x => x.Tanh(),
        ["Mul"] = x => x * Y,
        ["Mul number"] = x => x * 2,
        ["Add"] = x => x + x,
        ["Reshape"] = x => x.Reshape(1, 1),
        ["Sum"] = x => x.Sum(),
        ["Select"] = x => x[0],
        ["Clone"] = x => x.Clone(),
    };

    [Theory]
    [InlineData("Tanh", 200)]
    [InlineData("Mul", 200)]
    [InlineData("Mul number", 520)]
    [InlineData("Add", 200)]
    [InlineData("Reshape", 280)]
    [InlineData("Sum", 320)]
    [InlineData("Select", 290)]
    [InlineData("Clone", 200)]
    public void Unrecorded(string name, int bound) => Assert.InRange(Bytes(X, Operators[name]), 1, bound);

    [Theory]
    [InlineData("Tanh", 320)]
    [InlineData("Mul", 352)]
    [InlineData("Mul number", 656)]
    [InlineData("Add", 352)]
    [InlineData("Reshape", 376)]
    [InlineData("Sum", 408)]
    [InlineData("Select", 376)]
    [InlineData("Clone", 304)]
    public void Recorded(string name, int bound) => Assert.InRange(Bytes(Leaf, Operators[name]), 1, bound);

    /// <summary>A chain of products and tanh, forward and backward, for each of its operators.</summary>
    [Fact]
    public void WithBackward()
    {
        var bytes = Meter.Bytes(() =>
        {
            var y = Leaf;
            for (var i = 0; i < Chain / 2; i++)
            {
                y = (y * Y).Tanh();
            }

            y.Backward();
        });
        Assert.InRange(bytes / Chain, 1, 620);
    }

    [Fact]
    public void WithBackwardOfAnOrdinaryLayer()
    {
        var bytes = Meter.Bytes(() => (Matrix.Mv(Row[..8]) + Row[8..16]).Tanh().Sum().Backward());
        Assert.InRange(bytes, 1, 9000);
    }

    [Fact]
    public void InPlace() => Assert.InRange(Meter.Bytes(() => X.Add_(Y)), 0, 0);

    /// <summary>Large tensors cost the same objects and one block, which the pool hands out again.</summary>
    [Fact]
    public void LargeTensorsCostNoManagedMemory()
    {
        var large = Tensor.Ones(100_000);
        Assert.InRange(Bytes(large, x => x.Tanh()), 1, 216);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = BlockPool.LiveBytes + BlockPool.FreeBytes;
        for (var i = 0; i < 50; i++)
        {
            large.Tanh().Storage.Release();
        }

        Assert.InRange(BlockPool.LiveBytes + BlockPool.FreeBytes - before, 0, 1 << 19);
    }

    private static long Bytes(Tensor x, Func<Tensor, Tensor> run) => Meter.Bytes(() => run(x));
}
