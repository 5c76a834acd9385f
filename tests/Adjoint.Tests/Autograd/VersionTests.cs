using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Versions of memory: a saved value that was changed in place is an error
/// that names the operator and the versions, never a wrong gradient.</summary>
public class VersionTests
{
    private const string Modified = "one of the variables needed for gradient computation has been modified by an inplace operation: ";

    [Fact]
    public void EveryInPlaceOperatorRaisesTheVersion()
    {
        Tensor x = [1.0, 2, 3, 4];
        Assert.Equal(0, x.Version);
        var expected = 0;
        foreach (var change in new Action<Tensor>[]
        {
            t => t.Add_(1), t => t.Sub_(1), t => t.Mul_(2), t => t.Div_(2), t => t.Zero_(), t => t.Fill_(1), t => t.Copy_(t + 1), t => t.Exp_(),
            t => t.Neg_(), t => t[0] = 1, t => t[t > 0] = 1, t => t[new[] { 1 }] = 1, t => t[1..].Add_(1), t => t.Reshape(2, 2).T.Add_(1),
            t => t.Detach().Add_(1),
        })
        {
            change(x);
            Assert.Equal(++expected, x.Version);
        }

        using (Autograd.NoGrad())
        {
            x.Add_(1);
        }

        Assert.Equal(++expected, x.Version);
        x += 1;
        Assert.Equal(++expected, x.Version);
    }

    [Fact]
    public void ReadingDoesNot()
    {
        var x = Leaf(1, 2);
        _ = x + x;
        (x * x).Sum().Backward();
        _ = x[0];
        _ = x.Detach();
        _ = x.ToString();
        Assert.Equal(0, x.Version);
    }

    [Fact]
    public void ViewsShareTheVersionAndCopiesDoNot()
    {
        Tensor x = [1.0, 2, 3, 4];
        var view = x[1..];
        var further = view.Reshape(3, 1).T;
        var copy = x.Clone();
        further.Add_(1);
        Assert.Equal(1, x.Version);
        Assert.Equal(1, view.Version);
        Assert.Equal(1, further.Version);
        Assert.Equal(0, copy.Version);
        Holds(x, 1, 3, 4, 5);
    }

    /// <summary>PyTorch's example: the input of exp may change, because its derivative reads the output.</summary>
    [Fact]
    public void TheInputOfExpMayChange()
    {
        var leaf = Leaf(1, 2);
        var x = leaf * 1;
        var y = x.Exp();
        x.Add_(1);
        y.Sum().Backward();
        IsClose(leaf.Grad, [Math.Exp(1), Math.Exp(2)]);
    }

    /// <summary>The text of PyTorch's saved_variable.cpp, for an output.</summary>
    [Fact]
    public void TheOutputOfExpMayNot()
    {
        var x = Leaf(1, 2, 3);
        var y = x.Exp();
        var z = y.Sum();
        y.Add_(1);
        var text = Message<AutogradException>(() => z.Backward());
        Assert.StartsWith(
            Modified + "[torch.DoubleTensor [3]], which is output 0 of ExpBackward0, is at version 1; expected version 0 instead.",
            text,
            StringComparison.Ordinal);
        Assert.Contains("ExpBackward0 saved it", text, StringComparison.Ordinal);
        Assert.Null(x.Grad);
    }

    /// <summary>For an input PyTorch names the node that the tensor has by now.</summary>
    [Fact]
    public void ASavedInputMayNotChange()
    {
        Tensor leaf = [1f, 2];
        leaf.RequiresGrad = true;
        var x = leaf * 2;
        var y = x * x;
        x.Add_(1);
        Fails<AutogradException>(
            Modified + "[torch.FloatTensor [2]], which is output 0 of AddBackward0, is at version 1; expected version 0 instead.",
            () => y.Sum().Backward());
    }

    /// <summary>A leaf has no node to name.</summary>
    [Fact]
    public void ASavedLeafMayNotChange()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        var y = x * x;
        using (Autograd.NoGrad())
        {
            x.Add_(1);
            x.Add_(1);
        }

        Fails<AutogradException>(
            Modified + "[torch.DoubleTensor [2, 2]] is at version 2; expected version 0 instead.", () => y.Sum().Backward());
    }

    [Fact]
    public void ASavedConstantMayNotChangeEither()
    {
        var x = Leaf(1, 2);
        Tensor constant = [3.0, 4];
        var y = x * constant;
        constant.Zero_();
        Fails<AutogradException>(Modified, () => y.Sum().Backward());
    }

    [Fact]
    public void WhatNobodySavedMayChange()
    {
        var x = Leaf(1, 2);
        Tensor constant = [3.0, 4];
        var h = x * 1;
        var sum = h + constant;
        var product = x * 2;
        constant.Zero_();
        h.Zero_();
        product.Zero_();
        sum.Sum().Backward();
        Holds(x.Grad, 1, 1);
    }

    /// <summary>x * w saves w for x only if x needs a gradient: nothing more is kept than the derivatives read
    /// (PyTorch's test_no_unnecessary_save).</summary>
    [Fact]
    public void OnlyWhatIsNeededIsSaved()
    {
        Tensor data = [3.0, 4];
        var w = Leaf(1, 2);
        var y = w * data;
        using (Autograd.NoGrad())
        {
            w.Add_(10);
        }

        y.Sum().Backward();
        Holds(w.Grad, 3, 4);
    }

    [Fact]
    public void AChangeThroughAViewIsAChange()
    {
        var leaf = Leaf(1, 2, 3);
        var x = leaf * 1;
        var y = x * x;
        x[2..].Zero_();
        Fails<AutogradException>(Modified, () => y.Sum().Backward());

        x = leaf * 1;
        var view = x[..2];
        y = view * view;
        x[2] = 0; // not even an element of the view: versions belong to memory
        Fails<AutogradException>(Modified, () => y.Sum().Backward());
    }

    [Theory]
    [InlineData("Mm")]
    [InlineData("Dot")]
    [InlineData("Max")]
    [InlineData("Softmax")]
    [InlineData("Norm")]
    [InlineData("LogSumExp")]
    [InlineData("Pow")]
    [InlineData("Div")]
    [InlineData("Where")]
    public void EveryFamilyNotices(string family)
    {
        var leaf = LeafOf([2, 2], 1, 2, 3, 4);
        var x = leaf * 1;
        var y = family switch
        {
            "Mm" => x.Mm(x),
            "Dot" => Tensor.Dot(x[0], x[0]),
            "Max" => x.Max(),
            "Softmax" => Changed(x.Softmax(1)),
            "Norm" => x.Norm(),
            "LogSumExp" => x.LogSumExp(1),
            "Pow" => x.Pow(x),
            "Div" => x / x,
            _ => x.Maximum(x * 2),
        };
        x.Add_(1);
        Fails<AutogradException>(Modified, () => y.Sum().Backward());

        // Its derivative reads the output.
        static Tensor Changed(Tensor y)
        {
            var sum = y * 1;
            y.Detach().Add_(1);
            return sum;
        }
    }

    [Fact]
    public void IndicesAreSavedToo()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        var index = Tensor.FromArray([0L, 1], 2, 1);
        var y = x.Gather(1, index);
        index.Zero_();
        var text = Message<AutogradException>(() => y.Sum().Backward());
        Assert.StartsWith(Modified + "[torch.LongTensor [2, 1]] is at version 1; expected version 0 instead.", text, StringComparison.Ordinal);
        Assert.Contains("GatherBackward0", text, StringComparison.Ordinal);

        var (values, indices) = x.Max(1);
        indices.Zero_();
        Fails<AutogradException>(Modified, () => values.Sum().Backward());
    }

    /// <summary>Positions of <c>x[indices]</c> and masks are copied when they are used, so that changing them later changes nothing.</summary>
    [Fact]
    public void IndexTensorsMayChangeAfterwards()
    {
        var x = Leaf(1, 2, 3);
        var index = Tensor.FromArray([0L, 2]);
        var mask = Tensor.FromArray([true, false, true]);
        var y = (x[index] * Tensor.FromArray([10.0, 20])).Sum() + x[mask].Sum() + Tensor.Where(mask, x, 0).Sum();
        index.Zero_();
        mask.Zero_();
        y.Backward();
        Holds(x.Grad, 10 + 1 + 1, 0, 20 + 1 + 1);
    }

    /// <summary>An in-place operator saves its own output with the version after it, or a copy of its input from before.</summary>
    [Fact]
    public void AnInPlaceOperatorDoesNotInvalidateItself()
    {
        var leaf = Leaf(1, 2);
        var x = leaf * 1;
        x.Mul_(x);
        x.Sin_();
        x.Exp_();
        x.Sum().Backward();

        // d/dx exp(sin(x²)) = exp(sin(x²)) cos(x²) 2x
        static double D(double x) => Math.Exp(Math.Sin(x * x)) * Math.Cos(x * x) * 2 * x;
        IsClose(leaf.Grad, [D(1), D(2)]);
    }

    /// <summary>As in PyTorch: x.exp_() keeps its output, which a second in-place operator overwrites.</summary>
    [Fact]
    public void ButTheNextOneMay()
    {
        var x = Leaf(1, 2) * 1;
        x.Exp_();
        x.Sin_();
        Fails<AutogradException>(Modified, () => x.Sum().Backward());
    }

    [Fact]
    public void TheCheckIsMadeWhenTheValueIsRead()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        var z = y.Sum();
        y.Add_(1);

        // z does not lead there.
        Assert.Throws<AutogradException>(() => Autograd.Grad(z, x, retainGraph: true));
        Holds(Autograd.Grad([z], [y], allowUnused: true)[0] ?? Tensor.Zeros([2], DType.Float64), 0, 0);
    }

    /// <summary>A wider right side is computed in its own dtype and stored in the left one's; the derivatives are right in both.</summary>
    [Fact]
    public void AWiderRightSideInPlace()
    {
        Tensor leaf = [1.5f, 2.5f];
        leaf.RequiresGrad = true;
        var w = Leaf(3, 4);
        var x = leaf * 1;
        x.Mul_(w);
        Assert.Equal(DType.Float32, x.DType);
        x.Sum().Backward();
        Holds(leaf.Grad, 3, 4);
        Holds(w.Grad, 1.5, 2.5);
        Assert.Equal(DType.Float64, w.Grad!.DType);
    }
}
