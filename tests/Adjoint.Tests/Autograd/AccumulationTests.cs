using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// How gradients join in <c>Grad</c>. PyTorch's cases test_accumulate_grad, test_accumulate_grad_tensor_reference, test_no_grad_copy: the first is
/// taken only if nobody else can name it, later ones are added in place, and with a graph on top anew.
/// </summary>
public class AccumulationTests
{
    [Fact]
    public void GradientsAdd()
    {
        var x = Leaf(1, 2);
        (3 * x).Sum().Backward();
        Holds(x.Grad, 3, 3);
        (x * x).Sum().Backward();
        Holds(x.Grad, 5, 7);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5000)] // a pool block: taking somebody else's memory would show after a release
    public void TheGradientsOfASumDoNotShareMemory(int n)
    {
        var a = Tensor.Ones([n], DType.Float64).RequiresGrad_();
        var b = Tensor.Ones([n], DType.Float64).RequiresGrad_();
        (a + b).Sum().Backward();
        Assert.False(Share(a.Grad, b.Grad));
        a.Grad!.Mul_(7);
        Assert.All(Of(b.Grad), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5000)]
    public void AGradientNeverSharesTheUsersArgument(int n)
    {
        var x = Tensor.Ones([n], DType.Float64).RequiresGrad_();
        var g = Tensor.Full([n], 2.0, DType.Float64);
        foreach (var y in new[] { x.Clone(), x.Reshape(n), x + 0, x[..], x })
        {
            x.Grad = null;
            y.Backward(g);
            Assert.False(Share(x.Grad, g));
            x.Grad!.Zero_();
            Assert.All(Of(g), value => Assert.Equal(2, value));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5000)]
    public void ARetainedGradientIsItsOwn(int n)
    {
        var x = Tensor.Ones([n], DType.Float64).RequiresGrad_();
        var h = x.Clone();
        var y = h.Clone();
        h.RetainGrad();
        y.RetainGrad();
        var g = Tensor.Full([n], 2.0, DType.Float64);
        y.Backward(g);
        Tensor[] all = [x.Grad!, h.Grad!, y.Grad!, g];
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.False(Share(all[i], all[j]), $"{i} and {j} share memory.");
            }
        }
    }

    [Fact]
    public void LaterGradientsAreAddedInPlace()
    {
        var x = Leaf(1, 2);
        x.Sum().Backward();
        var first = x.Grad!;
        x.Sum().Backward();
        Assert.Same(first, x.Grad);
        Holds(first, 2, 2);
    }

    /// <summary>With <c>createGraph</c> the old gradient may be part of a graph, so it must keep its value.</summary>
    [Fact]
    public void WithAGraphTheSumIsANewTensor()
    {
        var x = Leaf(1, 2);
        (x * x).Sum().Backward(createGraph: true);
        var first = x.Grad!;
        var version = first.Version;
        (x * x * x).Sum().Backward(createGraph: true);
        Assert.NotSame(first, x.Grad);
        Holds(first, 2, 4);
        Assert.Equal(version, first.Version);
        Holds(x.Grad, 2 + 3, 4 + 12);

        // d/dx of (2x + 3x²)
        Holds(Autograd.Grad(x.Grad!.Sum(), x), 2 + 6, 2 + 12);
    }

    [Fact]
    public void WithoutAGraphTheGradientHasNoHistory()
    {
        var x = Leaf(1, 2);
        (x * x).Sum().Backward();
        Assert.False(x.Grad!.RequiresGrad);
        (x * x).Sum().Backward();
        Assert.False(x.Grad!.RequiresGrad);
    }

    [Fact]
    public void AGradientTheUserPutThereIsAddedTo()
    {
        var x = Leaf(1, 2);
        Tensor own = [10.0, 20];
        x.Grad = own;
        x.Sum().Backward();
        Assert.Same(own, x.Grad);
        Holds(own, 11, 21);
    }

    /// <summary>As in PyTorch, whose in-place addition refuses it too; anything but writing one number into all elements.</summary>
    [Fact]
    public void AnExpandedGradientOfTheUserIsNotWrittenThrough()
    {
        var x = Leaf(1, 2);
        x.Grad = Tensor.Zeros([1], DType.Float64).Expand(2);
        Fails<ShapeException>(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location.",
            () => (x * Tensor.FromArray([1.0, 5])).Sum().Backward());
    }

    [Fact]
    public void TheSeedKeepsItsValue()
    {
        var x = Leaf(1, 2);
        Tensor g = [1.0, 10];
        (x + x).Backward(g);
        (x * 3).Backward(g);
        ((x + x) + x).Backward(g);
        Holds(g, 1, 10);
        Assert.Equal(0, g.Version);
        Holds(x.Grad, 8, 80);
    }

    [Fact]
    public void AGradientHasTheShapeOfItsLeaf()
    {
        var scalar = ScalarLeaf(2);
        var row = LeafOf([1, 3], 1, 2, 3);
        var column = LeafOf([2, 1], 1, 2);
        (scalar * row * column).Sum().Backward();
        Assert.Equal(scalar.Shape, scalar.Grad!.Shape);
        Assert.Equal(row.Shape, row.Grad!.Shape);
        Assert.Equal(column.Shape, column.Grad!.Shape);

        // Sum over i, j of s r_j c_i = s (1 + 2 + 3)(1 + 2).
        Holds(scalar.Grad, 18);
        Holds(row.Grad, 6, 6, 6);
        Holds(column.Grad, 12, 12);
    }

    [Fact]
    public void AGradientHasTheDTypeOfItsLeaf()
    {
        Tensor single = [1f, 2], twice = [3.0, 4];
        single.RequiresGrad = true;
        twice.RequiresGrad = true;
        var product = single * twice;
        Assert.Equal(DType.Float64, product.DType);
        product.Sum().Backward();
        Assert.Equal(DType.Float32, single.Grad!.DType);
        Assert.Equal(DType.Float64, twice.Grad!.DType);
        Holds(single.Grad, 3, 4);
        Holds(twice.Grad, 1, 2);
    }

    /// <summary>PyTorch's layout contract for dense leaves.</summary>
    [Fact]
    public void AGradientIsContiguous()
    {
        var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        foreach (var y in new[] { x.T.Sum(), x.Sum(), x[.., 1].Sum(), x.T.Clone().Sum(), x.Expand(2, 2, 3).Sum() })
        {
            x.Grad = null;
            y.Backward();
            Assert.True(x.Grad!.IsContiguous);
        }
    }

    /// <summary>PyTorch's test_accumulate_grad_with_zero_numel_grad.</summary>
    [Fact]
    public void EmptyTensorsHaveEmptyGradients()
    {
        var x = Tensor.Ones([2, 0], DType.Float64).RequiresGrad_();
        (x * 2).Sum().Backward();
        x.Sum().Backward();
        Assert.Equal(x.Shape, x.Grad!.Shape);
        Assert.Equal(0, x.Grad.Count);
    }

    /// <summary>One gradient arrives by a plain pass-through, the other is made: their sum may not be formed in the first's memory.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5000)]
    public void SumsOfGradientsDoNotOverwriteWhatIsStillRead(int n)
    {
        var x = Tensor.Ones([n], DType.Float64).RequiresGrad_();
        var h = x * 1;
        var y = (h + (h * 2)) + (h - (h * 5));
        var g = Tensor.Full([n], 3.0, DType.Float64);
        var captured = Autograd.Grad([y], [y, h, x], [g]);
        Assert.All(Of(captured[0]), value => Assert.Equal(3, value));
        Assert.All(Of(captured[1]), value => Assert.Equal(3 * (1 + 2 + 1 - 5), value));
        Assert.All(Of(captured[2]), value => Assert.Equal(-3, value));
        Assert.All(Of(g), value => Assert.Equal(3, value));
    }
}
