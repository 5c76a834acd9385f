using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Where a view gets its history: from its base, whose requires_grad it shares however it was made, and which it reads anew after every change in
/// place. The rules are those of PyTorch's DifferentiableViewMeta (variable.cpp: grad_fn, handle_view_on_rebase; VariableTypeUtils.h: check_inplace);
/// numbers are closed forms.
/// </summary>
public class ViewHistoryTests
{
    private const string MadeInNoGrad = "A view was created in no_grad mode and is being modified inplace with grad mode enabled.";
    private const string MadeInInference = "A view was created in inference mode and is being modified inplace in normal mode.";
    private const string ViewOfLeaf = "a view of a leaf Variable that requires grad is being used in an in-place operation.";

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Views = new()
    {
        ["alias"] = x => x[TensorIndex.Ellipsis],
        ["chunk"] = x => x.Chunk(2)[0],
        ["expand"] = x => x.Expand(2, 2),
        ["flatten"] = x => x.Flatten(),
        ["index"] = x => x[0],
        ["narrow"] = x => x.Narrow(0, 0, 1),
        ["permute"] = x => x.Permute(1, 0),
        ["range"] = x => x[..1],
        ["reshape"] = x => x.Reshape(4),
        ["select"] = x => x.Select(1, 0),
        ["slice"] = x => x.Slice(1, 0, 1),
        ["split"] = x => x.Split(1)[0],
        ["squeeze"] = x => x.Squeeze(),
        ["T"] = x => x.T,
        ["transpose"] = x => x.Transpose(0, 1),
        ["unbind"] = x => x.Unbind()[0],
        ["unsqueeze"] = x => x.Unsqueeze(0),
        ["view"] = x => x.View(4),
        ["view of a view"] = x => x.T[0],
    };

    private static readonly Dictionary<string, Action<Tensor>> Changes = new()
    {
        ["add"] = v => v.Add_(5.0),
        ["+="] = v => v += 5,
        ["-="] = v => v -= 5,
        ["*="] = v => v *= 5,
        ["/="] = v => v /= 5,
        ["by a tensor"] = v => v.Mul_(Tensor.Full(v.Shape.ToArray(), 2.0)),
        ["copy"] = v => v.Copy_(Tensor.Scalar(2.0)),
        ["exp"] = v => v.Exp_(),
        ["fill"] = v => v.Fill_(2.0),
        ["index"] = v => v[0] = 2,
        ["list"] = v => v[new[] { 0 }] = 2,
        ["mask"] = v => v[v.Detach() > 0] = 2,
        ["normal"] = v => v.Normal_(),
        ["range"] = v => v[..1] = 2,
        ["relu"] = v => v.Relu_(),
        ["sin"] = v => v.Sin_(),
        ["sub"] = v => v.Sub_(1.0),
        ["whole"] = v => v[TensorIndex.Ellipsis] = 2,
        ["zero"] = v => v.Zero_(),
    };

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var view in Views.Keys)
        {
            foreach (var change in Changes.Keys)
            {
                pairs.Add(view, change);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void AViewMadeWhileNothingWasRecordedCannotBeChangedLater(string kind, string change)
    {
        var leaf = LeafOf([2, 2], 1, 2, 3, 4);
        foreach (var (view, x, refusal) in new[]
        {
            Made(leaf * 1, x => Autograd.NoGrad(() => Views[kind](x)), "no_grad mode and is being modified inplace with grad mode enabled."),
            Made(leaf * 1, x => Autograd.InferenceMode(() => Views[kind](x)), "inference mode and is being modified inplace in normal mode."),
            Made(leaf, x => Autograd.NoGrad(() => Views[kind](x)), "no_grad mode and is being modified inplace with grad mode enabled."),
        })
        {
            Assert.True(view.RequiresGrad);
            Assert.True(view.IsLeaf);
            Assert.Null(view.GradFn);
            var refused = Assert.Throws<AutogradException>(() => Changes[change](view));
            Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
            Holds(x, 1, 2, 3, 4);
            Assert.Equal(0, x.Version);
            using (Autograd.NoGrad())
            {
                Changes[change](view);
            }

            Assert.True(x.Version > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void AViewOfALeafFromBeforeItRequiredGradCannotBeChanged(string kind, string change)
    {
        var leaf = Tensor.FromArray([1.0, 2, 3, 4], 2, 2);
        var view = Views[kind](leaf);
        leaf.RequiresGrad = true;
        Assert.True(view.RequiresGrad);
        var isOneOfSeveral = kind is "chunk" or "split" or "unbind";
        var refused = Assert.Throws<AutogradException>(() => Changes[change](view));
        Assert.Contains(isOneOfSeveral ? "a function that returns multiple views" : ViewOfLeaf, refused.Message, StringComparison.Ordinal);
        Holds(leaf, 1, 2, 3, 4);
        Assert.Equal(0, leaf.Version);
    }

    [Fact]
    public void TheWordsAreThoseOfPyTorch()
    {
        var x = Leaf(1, 2, 3) * 1;
        Fails<AutogradException>(MadeInNoGrad, () => Autograd.NoGrad(() => x[..2]).Mul_(2));
        Fails<AutogradException>(MadeInInference, () => Autograd.InferenceMode(() => x[..2]).Mul_(2));
        Fails<AutogradException>(
            "Output 0 of SelectBackward0 is a view of a view which was created in no_grad mode and is being modified inplace with grad mode enabled.",
            () => Autograd.NoGrad(() => x[..2]).Select(0, 1).Mul_(2));
        Fails<AutogradException>(
            MadeInNoGrad + " This view is the output of a function that returns multiple views.",
            () =>
            {
                var leaf = Tensor.FromArray([1.0, 2]);
                var piece = leaf.Split(1)[0];
                piece.Add_(Leaf(1));
            });
    }

    /// <summary>
    /// What is computed from a view without a node is recorded, and its gradient goes nowhere: libtorch gives None for the view and the base.
    /// </summary>
    [Fact]
    public void WhatIsComputedFromAViewMadeInNoGradIsRecorded()
    {
        var leaf = Leaf(1, 2, 3);
        var view = Autograd.NoGrad(() => leaf[..2]);
        var y = (view * 3).Sum();
        Assert.True(y.RequiresGrad);
        Assert.Equal("SumBackward0", y.GradFn?.Name);
        y.Backward(retainGraph: true);
        Assert.Null(leaf.Grad);
        Assert.All(Autograd.Grad([y], [view, leaf], allowUnused: true), Assert.Null);
        Fails<AutogradException>("One of the differentiated Tensors appears to not have been used in the graph.", () => Autograd.Grad([y], [view]));
        Fails<AutogradException>(
            "element 0 of tensors does not require grad and does not have a grad_fn", () => Autograd.NoGrad(() => leaf[0]).Backward());
        Fails<AutogradException>("cannot register a hook on a tensor that doesn't require gradient", () => view.RegisterHook(_ => { }));
    }

    [Fact]
    public void InNoGradAViewOfAParameterReadsAsNumbers()
    {
        var leaf = Leaf(1, 2);
        Assert.Equal([2.0], Autograd.NoGrad(() => leaf[1..].ToArray<double>()));
        var view = Autograd.NoGrad(() => leaf[1..]);
        Fails<AutogradException>("Can't call numpy() on Tensor that requires grad.", () => view.ToArray<double>());
    }

    /// <summary>
    /// PyTorch regenerates the node of a view at any change of the memory; before, this one has none although its base requires grad.
    /// </summary>
    [Fact]
    public void AViewFromBeforeTheBaseRequiredGradFollowsAChangeThatIsNotRecorded()
    {
        var leaf = Tensor.FromArray([1.0, 2, 3]);
        var view = leaf[1..];
        leaf.RequiresGrad = true;
        Assert.Null(view.GradFn);
        Autograd.NoGrad(() => leaf.Mul_(2));
        Assert.Equal("AsStridedBackward0", view.GradFn?.Name);
        (view * view).Sum().Backward();
        Holds(leaf.Grad, 0, 8, 12);
    }

    [Fact]
    public void AViewMadeInNoGradIsLostWhenItsMemoryChanges()
    {
        const string lost =
            "A view was created in no_grad mode and its base or another view of its base has been modified inplace with grad mode enabled.";
        var x = Leaf(1, 2, 3) * 1;
        var view = Autograd.NoGrad(() => x[1..]);
        x.Mul_(2);
        Fails<AutogradException>(lost, () => _ = view.GradFn);
        Fails<AutogradException>(lost, () => _ = view * 2);
        Fails<AutogradException>(lost, () => _ = view * Tensor.Ones(7));
        Fails<AutogradException>(lost, () => _ = view.Sum());
        Assert.StartsWith("tensor([4., 6.]", view.ToString(), StringComparison.Ordinal);
        Assert.Contains("grad_fn=<Invalid>", view.ToString(), StringComparison.Ordinal);
        Assert.Equal([4.0, 6], Autograd.NoGrad(() => view.ToArray<double>()));
        Holds(view.Detach() * 1, 4, 6);
    }

    /// <summary>A change that is not recorded loses it too: PyTorch compares versions, not histories.</summary>
    [Fact]
    public void AChangeInNoGradLosesItToo()
    {
        var x = Leaf(1, 2, 3) * 1;
        var view = Autograd.NoGrad(() => x[1..]);
        x.Detach().Zero_();
        Fails<AutogradException>("A view was created in no_grad mode and its base or another view of its base has been modified", () => _ = view + 1);
    }

    /// <summary>d/da sum(expand(a, 2x2)) over b = [a, a]: four places, 4; with d = 3 c, twice: 3 x 2 x 3 = 18.</summary>
    [Fact]
    public void AnExpandedViewFollowsItsBase()
    {
        var a = Tensor.Scalar(2.0).RequiresGrad_();
        var b = Tensor.Zeros([2], DType.Float64);
        var e = b.Expand(2, 2);
        b.Add_(a);
        e.Sum().Backward();
        Holds(a.Grad, 4);

        var c = Leaf(1, 1);
        var d = c * 3;
        var wide = d.Expand(3, 2);
        d.Mul_(2);
        wide.Sum().Backward();
        Holds(c.Grad, 18, 18);
    }

    /// <summary>L = sum over the places p of e(p)^3 k(p) with e = expand(x^2): dL/dx = 6 x^5 sum k, and so on.</summary>
    [Fact]
    public void AnExpandedViewFollowsToAnyOrder()
    {
        var x = Leaf(2, 3);
        var b = x * 1;
        var chain = b.Expand(2, 2).Unsqueeze(0).Expand(3, 2, 2);
        var row = chain[1].T;
        b.Mul_(x);
        Assert.Equal("AsStridedBackward0", chain.GradFn?.Name);
        var loss = chain.Pow(3).Sum() + (row * Tensor.FromArray([1.0, 2, 3, 4], 2, 2)).Sum();

        // 6 places of each element, x^6 in each; the row adds x0^2 (1 + 2) and x1^2 (3 + 4).
        var first = Autograd.Grad(loss, x, createGraph: true);
        IsClose(first, [(36 * 32) + (6 * 2), (36 * 243) + (14 * 3)]);
        var second = Autograd.Grad(first.Sum(), x, createGraph: true);
        IsClose(second, [(180 * 16) + 6, (180 * 81) + 14]);
        var third = Autograd.Grad(second.Sum(), x);
        IsClose(third, [720 * 8, 720 * 27]);
    }

    [Fact]
    public void AnExpandedViewFollowsInsideOfTransforms()
    {
        static Tensor Loss(Tensor x)
        {
            var b = x * 1;
            var e = b.Expand(3, 2);
            b.Mul_(x);
            return (e * e).Sum();
        }

        // 3 x^4 for each element.
        var at = Tensor.FromArray([2.0, 3]);
        IsClose(Transform.Grad<Tensor>(Loss)(at), [96, 324]);
        IsClose(Transform.Grad<Tensor>(x => (Transform.Grad<Tensor>(Loss)(x) * x).Sum())(at), [48 * 8, 48 * 27]);
        IsClose(Transform.JacRev(Transform.Grad<Tensor>(Loss))(at), [144, 0, 0, 324]);
    }

    /// <summary>
    /// A detached expanded tensor is a base whose places share elements; each counts for its part, as in PyTorch's as_strided_backward.
    /// </summary>
    [Fact]
    public void AViewFollowsABaseWhosePlacesShareElements()
    {
        var p = Tensor.Scalar(5.0).RequiresGrad_();
        var x = Tensor.FromArray([1.0, 2]).Expand(3, 2).Detach();
        var view = x[0];
        x.Fill_(p);
        (view * Tensor.FromArray([10.0, 100])).Sum().Backward();
        Holds(p.Grad, 110);
    }

    [Fact]
    public void ExpandedTensorsCanBeFilled()
    {
        var x = Tensor.FromArray([1.0, 2, 3]);
        var wide = x.Expand(2, 3);
        wide.Fill_(7);
        Holds(x, 7, 7, 7);
        wide.Zero_();
        Holds(x, 0, 0, 0);
        wide.Copy_(wide);
        wide[Tensor.FromArray([true, false, true, false, false, false], 2, 3)] = 4;
        Holds(x, 4, 0, 4);
        wide[new[] { 1 }] = Tensor.FromArray([1.0, 2, 3]);
        Holds(x, 1, 2, 3);
        Assert.Equal(5, x.Version);
        Fails<ShapeException>("unsupported operation: more than one element of the written-to tensor", () => wide.Copy_(Tensor.Scalar(1.0)));
        Fails<ShapeException>("unsupported operation: more than one element of the written-to tensor", () => wide.Add_(1));
        Fails<ShapeException>("unsupported operation: more than one element of the written-to tensor", () => wide.Normal_());
    }

    /// <summary>What is written through an expanded view lies once in its base: the value counts once for each element of the base.</summary>
    [Fact]
    public void AValueWrittenThroughAnExpandedViewGetsItsGradient()
    {
        var p = Tensor.Scalar(5.0).RequiresGrad_();
        var filled = Tensor.Zeros([3], DType.Float64);
        filled.Expand(2, 3).Fill_(p);
        (filled * Tensor.FromArray([1.0, 10, 100])).Sum().Backward();
        Holds(p.Grad, 111);

        // Row 0 is written, and row 1 shares its elements.
        var v = Leaf(1, 2, 3);
        var written = Tensor.Zeros([3], DType.Float64);
        var wide = written.Expand(2, 3);
        wide[new[] { 0 }] = v;
        var loss = (wide.Square() * Tensor.FromArray([1.0, 10, 100])).Sum();
        var first = Autograd.Grad(loss, v, createGraph: true);
        Holds(first, 4, 80, 1200);
        Holds(Autograd.Grad(first.Sum(), v), 4, 40, 400);

        // The last of two rows for the same elements counts.
        var w = LeafOf([2, 2], 1, 2, 3, 4);
        var both = Tensor.Zeros([2], DType.Float64);
        both.Expand(2, 2)[new[] { 0, 1 }] = w;
        Holds(both, 3, 4);
        (both * Tensor.FromArray([1.0, 10])).Sum().Backward();
        Holds(w.Grad, 0, 0, 1, 10);
    }

    /// <summary>As in PyTorch, whose CopySlices writes the gradient of the old values into the expanded view and is refused.</summary>
    [Fact]
    public void TheOldValuesOfAnExpandedViewGetNone()
    {
        var leaf = Leaf(1, 2);
        var x = leaf * 1;
        x.Expand(2, 2).Zero_();
        Assert.Equal("CopySlices", x.GradFn?.Name);
        Holds(x, 0, 0);
        Fails<ShapeException>("unsupported operation: more than one element of the written-to tensor", () => x.Sum().Backward());
    }

    /// <summary>PyTorch saves the operands of a division, so its result may be changed: d(2 a / b).</summary>
    [Fact]
    public void DivisionDoesNotReadItsResult()
    {
        var a = Leaf(3);
        var b = Leaf(2);
        var z = a / b;
        z.Mul_(2);
        z.Sum().Backward();
        Holds(a.Grad, 1);
        Holds(b.Grad, -1.5);
        var quotient = Leaf(3) * 1;
        quotient.Div_(b).Mul_(2);
        Holds(Autograd.Grad(quotient.Sum(), b), -1.5);
    }

    [Fact]
    public void HooksOfTheOldValueOfAViewDoNotRunForTheNew()
    {
        var leaf = Leaf(1, 2, 3);
        var x = leaf * 1;
        var view = x[1..];
        List<string> log = [];
        view.RegisterHook(_ => log.Add("old"));
        view.Mul_(10);
        view.RegisterHook(_ => log.Add("new"));
        view.Sum().Backward();
        Assert.Equal(["new"], log);
        Holds(leaf.Grad, 0, 10, 10);
    }

    /// <summary>The order of PyTorch's checks: autograd's rules, overlaps, shapes.</summary>
    [Fact]
    public void WhatIsRefusedFirst()
    {
        var leaf = Leaf(1, 2);
        var other = Tensor.Ones([3], DType.Float64);
        Fails<AutogradException>("a leaf Variable that requires grad", () => leaf.Add_(other));
        Fails<AutogradException>("a leaf Variable that requires grad", () => leaf.Copy_(other));
        Fails<AutogradException>(ViewOfLeaf, () => leaf[..].Mul_(other));
        Fails<ShapeException>("unsupported operation", () => Tensor.Ones([2], DType.Float64).Expand(2, 2).Add_(other));
        Fails<ShapeException>("The size of tensor a (2) must match the size of tensor b (3)", () => Tensor.Ones([2], DType.Float64).Copy_(other));
        Fails<ShapeException>(
            "output with shape [2] doesn't match the broadcast shape [3, 2]",
            () => Tensor.Ones([2], DType.Float64).Copy_(Tensor.Ones([3, 2], DType.Float64)));
    }

    private static (Tensor View, Tensor X, string Refusal) Made(Tensor x, Func<Tensor, Tensor> view, string refusal) => (view(x), x, refusal);
}
