using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Recorded changes in place: who may be changed, and that gradients are those of the same program written without them. After PyTorch's
/// test_inplace_on_view_modify_base, test_inplace_on_view_of_view, test_inplace_on_view_makes_base_require_grad and their relatives.
/// </summary>
public class InPlaceTests
{
    private const string Leaf2 = "a leaf Variable that requires grad is being used in an in-place operation.";
    private const string View3 = "a view of a leaf Variable that requires grad is being used in an in-place operation.";

    [Fact]
    public void ALeafThatRequiresGradIsRefused()
    {
        var x = Leaf(1, 2);
        foreach (var change in new Action[]
        {
            () => x.Add_(1), () => x.Mul_(x), () => x.Exp_(), () => x.Zero_(), () => x.Fill_(3), () => x.Copy_(x * 2), () => x[x > 0] = 1,
            () => x[new[] { 0 }] = 1, () => x[TensorIndex.Ellipsis] = 1, () => x += 1, () => x -= 1, () => x *= 2, () => x /= 2,
        })
        {
            Fails<AutogradException>(Leaf2, change);
        }

        Holds(x, 1, 2);
        Assert.Equal(0, x.Version);
    }

    [Fact]
    public void AViewOfSuchALeafIsRefused()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        foreach (var change in new Action[]
        {
            () => x[0].Add_(1), () => x.T.Zero_(), () => x[0, 1] = 3, () => x[.., 1] = 3, () => x[..] = 3, () => x.Reshape(4)[1..].Mul_(2),
            () => x[0][new[] { 1 }] = 1,
        })
        {
            Fails<AutogradException>(View3, change);
        }

        Holds(x, 1, 2, 3, 4);
        Assert.Equal(0, x.Version);
    }

    [Fact]
    public void AViewThatIsItselfALeafIsRefused()
    {
        var view = Tensor.FromArray([1.0, 2, 3])[1..];
        view.RequiresGrad = true;
        Fails<AutogradException>(View3, () => view.Add_(1));
    }

    [Fact]
    public void WithoutRecordingAllAreAllowed()
    {
        var x = Leaf(1, 2);
        using (Autograd.NoGrad())
        {
            x += 1;
            x[0] = 5;
            x[x > 4] = 7;
        }

        Holds(x, 7, 3);
        Assert.True(x.IsLeaf);
        x.Detach().Zero_();
        Holds(x, 0, 0);
    }

    [Fact]
    public void ATensorBecomesAResultByWhatIsBroughtIn()
    {
        var w = Leaf(3, 4);
        var x = Tensor.FromArray([1.0, 2]);
        x.Mul_(w);
        Assert.False(x.IsLeaf);
        Assert.True(x.RequiresGrad);
        x.Sum().Backward();
        Holds(w.Grad, 1, 2);
    }

    /// <summary>PyTorch's test_inplace_on_view_makes_base_require_grad.</summary>
    [Fact]
    public void AChangedViewMakesItsBaseRequireGrad()
    {
        var w = Leaf(3, 4);
        var x = Tensor.FromArray([1.0, 2, 5]);
        var view = x[..2];
        view.Mul_(w);
        Assert.True(x.RequiresGrad);
        Assert.True(view.RequiresGrad);
        Assert.Equal("CopySlices", x.GradFn?.Name);
        (x * Tensor.FromArray([10.0, 100, 1000])).Sum().Backward();
        Holds(w.Grad, 10, 200);
    }

    [Fact]
    public void AnotherViewOfTheBaseFollows()
    {
        var w = Leaf(3, 4);
        var x = Tensor.FromArray([1.0, 2, 5]);
        var other = x[1..];
        Assert.False(other.RequiresGrad);
        x[..2].Mul_(w);
        Assert.True(other.RequiresGrad);
        (other * Tensor.FromArray([10.0, 100])).Sum().Backward();
        Holds(w.Grad, 0, 20);
    }

    /// <summary>PyTorch's test_inplace_on_view_modify_base: a view made before its base changed sees the change in value and in gradient.</summary>
    [Fact]
    public void AViewFollowsAChangeOfItsBase()
    {
        var leaf = Leaf(1, 2, 3);
        var x = leaf * 1;
        var view = x[1..];
        x.Mul_(10);
        (view * view).Sum().Backward();

        // view = 10 leaf[1..], so d/dleaf Σ view² = 200 leaf
        Holds(leaf.Grad, 0, 400, 600);
    }

    [Fact]
    public void AViewOfAViewFollowsToo()
    {
        var leaf = LeafOf([2, 2], 1, 2, 3, 4);
        var x = leaf * 1;
        var row = x[1];
        var element = row[0];
        row.Mul_(10);
        element.Add_(5);
        x.T.Reshape(4); // a copy: has nothing to do with it
        Holds(x, 1, 2, 35, 40);
        (element * element).Backward();
        Holds(leaf.Grad, 0, 0, 2 * 35 * 10, 0);
    }

    [Fact]
    public void ManyChangesOfOverlappingViews()
    {
        var leaf = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        var scale = Leaf(2, 3, 4);

        Tensor InPlace()
        {
            var x = leaf * 1;
            x[0].Mul_(scale);
            x[.., 1].Add_(x[.., 0]);
            x.T[2].Sin_();
            x[1, 1..] = scale[..2] * x[0, 0].Clone(); // kept by the product, and written next
            x[x > 7] = 0;
            return (x * x).Sum();
        }

        Tensor OutOfPlace()
        {
            var first = leaf[0] * scale;
            var second = leaf[1];
            first = Tensor.Stack([first[0], first[1] + first[0], first[2].Sin()]);
            second = Tensor.Stack([second[0], second[1] + second[0], second[2].Sin()]);
            second = Tensor.Stack([second[0], scale[0] * first[0], scale[1] * first[0]]);
            var x = Tensor.Stack([first, second]);
            x = Tensor.Where(x > 7, 0, x);
            return (x * x).Sum();
        }

        Assert.Equal(OutOfPlace().Item(), InPlace().Item(), 1e-9);
        var expected = Autograd.Grad([OutOfPlace()], [leaf, scale]);
        var actual = Autograd.Grad([InPlace()], [leaf, scale]);
        IsClose(actual[0], Of(expected[0]));
        IsClose(actual[1], Of(expected[1]));
    }

    [Fact]
    public void ValuesUsedBeforeAChangeKeepTheirGradients()
    {
        var leaf = Leaf(1, 2, 3);
        var x = leaf * 2;
        var before = x.Sum(); // reads nothing later
        var view = x[1..];
        var early = view + 0;
        x.Mul_(10);
        var z = before + (view * 3).Sum() + early.Sum();
        z.Backward();
        Holds(leaf.Grad, 2, 2 + 60 + 2, 2 + 60 + 2);
    }

    [Fact]
    public void AViewMadeWithoutRecordingIsAmbiguous()
    {
        var x = Leaf(1, 2) * 1;
        Tensor view;
        using (Autograd.NoGrad())
        {
            view = x[..1];
        }

        Fails<AutogradException>(
            "A view was created in no_grad mode and is being modified inplace with grad mode enabled.", () => view.Mul_(Leaf(3)));
        using (Autograd.NoGrad())
        {
            view.Mul_(3);
        }

        Holds(x, 3, 2);
    }

    /// <summary>A view of such a view inherits the ambiguity (PyTorch's test_autograd_inplace_views_creation_meta).</summary>
    [Fact]
    public void AViewOfAViewMadeWithoutRecordingIsToo()
    {
        var x = Leaf(1, 2) * 1;
        var view = Autograd.NoGrad(() => x[..1]);
        Fails<AutogradException>(
            "A view was created in no_grad mode and is being modified inplace with grad mode enabled.",
            () => Autograd.NoGrad(() => view.View(1, 1)).Mul_(Leaf(3)));
        Fails<AutogradException>(
            "Output 0 of ViewBackward0 is a view of a view which was created in no_grad mode and is being modified inplace with grad mode enabled.",
            () => view.View(1, 1).Mul_(3));
    }

    [Fact]
    public void AChangedBaseMakesSuchAViewUseless()
    {
        var x = Leaf(1, 2) * 1;
        var view = Autograd.NoGrad(() => x[..1]);
        x.Mul_(3);
        const string message =
            "A view was created in no_grad mode and its base or another view of its base has been modified inplace with grad mode enabled.";
        Fails<AutogradException>(message, () => (view * 2).Sum());
        Fails<AutogradException>(message, () => (view * 2).Sum());
        Holds(view.Detach(), 3);
        Assert.EndsWith("grad_fn=<Invalid>)", view.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What reshape had to copy and what matmul made are values of their own, not views:
    /// they may be changed in place (PyTorch's _unsafe_view).</summary>
    [Fact]
    public void CopiesAreNotViews()
    {
        var leaf = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        var w = LeafOf([3, 2], 1, 0, 2, 1, 0, 3);
        foreach (var y in new[] { leaf.T.Reshape(6), leaf.Unsqueeze(0).MatMul(w), leaf[0].MatMul(w), leaf.Unsqueeze(0).MatMul(w[.., 0]) })
        {
            leaf.Grad = null;
            y.Mul_(2);
            Assert.Equal("MulBackward0", y.GradFn?.Name);
            y.Sum().Backward();
            Assert.NotNull(leaf.Grad);
        }
    }

    [Fact]
    public void CopyTakesTheHistoryOfItsSource()
    {
        var a = Leaf(1, 2);
        var b = Leaf(3, 4);
        var x = a * 1;
        x.Copy_(b);
        var gradients = Autograd.Grad([(x * x).Sum()], [a, b]);
        Holds(gradients[0], 0, 0); // PyTorch gives the overwritten value zeros, not nothing
        Holds(gradients[1], 6, 8);
    }

    [Fact]
    public void CopySumsBackOverWhatWasBroadcastAndCast()
    {
        Tensor source = [3f];
        source.RequiresGrad = true;
        var x = Tensor.Zeros([2, 3], DType.Float64);
        x.Copy_(source);
        x.Sum().Backward();
        Holds(source.Grad, 6);
        Assert.Equal(DType.Float32, source.Grad!.DType);
    }

    /// <summary>Nothing flows through whole numbers, so nothing is recorded either.</summary>
    [Fact]
    public void AnIntegerTensorTakesNoHistory()
    {
        var w = Leaf(1.5, 2.5);
        var x = Tensor.Zeros([2], DType.Int64);
        x.Copy_(w);
        x[0] = w[1];
        x[new[] { 0 }] = w[1];
        Assert.False(x.RequiresGrad);
        Holds(x, 2, 2);
    }

    [Fact]
    public void FillAndZeroCutTheGradient()
    {
        var w = Leaf(1, 2);
        var x = w * 3;
        x.Zero_();
        Holds(Autograd.Grad((x + w).Sum(), w), 1, 1);
        var value = ScalarLeaf(5);
        var y = w * 3;
        y.Fill_(value);
        var gradients = Autograd.Grad([y.Sum()], [w, value]);
        Holds(gradients[0], 0, 0);
        Holds(gradients[1], 2);
    }

    [Fact]
    public void ResultsMustFit()
    {
        var x = Tensor.FromArray([1L, 2]);
        Fails<DTypeException>("result type Float can't be cast to the desired output type Long", () => x.Add_(1.5));
        Fails<DTypeException>("result type Float can't be cast to the desired output type Long", () => x.Exp_());
        Fails<ShapeException>(
            "output with shape [2] doesn't match the broadcast shape [3, 2]", () => x.Add_(Tensor.Ones([3, 2], DType.Int64)));
        Fails<ShapeException>(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location.",
            () => Tensor.Zeros(1).Expand(3).Add_(1));
        Holds(x, 1, 2);
        Assert.Equal(0, x.Version);
    }

    [Fact]
    public void AnOperandThatOverlapsIsReadBeforeItIsWritten()
    {
        var x = Tensor.Arange(6.0, dtype: DType.Float64);
        x[1..].Add_(x[..5]);
        Holds(x, 0, 1, 3, 5, 7, 9);
        var m = Tensor.Arange(4.0, dtype: DType.Float64).Reshape(2, 2);
        m.Add_(m.T);
        Holds(m, 0, 3, 3, 6);
        m[0] = m[.., 1].Clone();
        m.Copy_(m.T);
        Holds(m, 3, 3, 6, 6);
    }

    /// <summary>C# 14's compound operators are PyTorch's: all who hold the tensor see the change.</summary>
    [Fact]
    public void CompoundOperatorsAreInPlace()
    {
        var x = Tensor.FromArray([1.0, 2]);
        var same = x;
        x += 1;
        x -= Tensor.FromArray([0.5, 0.5]);
        x *= 4;
        x /= 2;
        Assert.Same(same, x);
        Holds(same, 3, 5);

        var leaf = Leaf(1, 2);
        var y = leaf * 3;
        var alias = y;
        y *= 2;
        Assert.Same(alias, y);
        y.Sum().Backward();
        Holds(leaf.Grad, 6, 6);
    }
}
