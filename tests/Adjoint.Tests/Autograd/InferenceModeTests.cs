using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// <c>Autograd.InferenceMode</c>, after PyTorch's inference_mode tests (test_inference_mode_inf_tensor_in_inf_mode_functional_op and its relatives),
/// and modes around functions that await.
/// </summary>
public class InferenceModeTests
{
    private const string Saving =
        "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor and use it in autograd.";
    private const string Changing =
        "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor " +
        "before doing inplace update.";

    private static Tensor Made() => Autograd.InferenceMode(() => Tensor.FromArray([3.0, 4]));

    [Fact]
    public void ItIsAScope()
    {
        Assert.False(Autograd.IsInferenceModeEnabled);
        using (Autograd.InferenceMode())
        {
            Assert.True(Autograd.IsInferenceModeEnabled);
            Assert.False(Autograd.IsGradEnabled);
            using (Autograd.InferenceMode(false))
            {
                // As in PyTorch, leaving the mode records again.
                Assert.False(Autograd.IsInferenceModeEnabled);
                Assert.True(Autograd.IsGradEnabled);
                Assert.False(Tensor.Ones(1).IsInference);
            }

            Assert.True(Autograd.IsInferenceModeEnabled);
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.False(Autograd.IsInferenceModeEnabled);
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void ItEndsWithAnException()
    {
        Assert.Throws<FormatException>(() => Autograd.InferenceMode<int>(() => throw new FormatException()));
        Assert.False(Autograd.IsInferenceModeEnabled);
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void AnOuterNoGradIsRestored()
    {
        using (Autograd.NoGrad())
        {
            using (Autograd.InferenceMode())
            {
            }

            Assert.False(Autograd.IsGradEnabled);
        }
    }

    [Fact]
    public void EnablingGradInsideHasNoEffect()
    {
        var x = Leaf(1, 2);
        using (Autograd.InferenceMode())
        using (Autograd.EnableGrad())
        {
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void WhatIsMadeInsideIsMarked()
    {
        var x = Leaf(1, 2);
        var y = Autograd.InferenceMode(() => x * 2);
        Assert.True(y.IsInference);
        Assert.False(y.RequiresGrad);
        Assert.True(y.IsLeaf);
        Assert.False(x.IsInference);

        // Whatever shares the memory is one too, wherever it is made; a copy is not.
        Assert.True(y[..1].IsInference);
        Assert.True(y.Detach().IsInference);
        Assert.False(y.Clone().IsInference);
        Assert.False((y * 2).IsInference);
        Assert.False(Autograd.InferenceMode(() => x[..1]).IsInference);
    }

    [Fact]
    public void ALargeOneToo() => Assert.True(Autograd.InferenceMode(() => Tensor.Zeros(200, 200)).IsInference);

    [Fact]
    public void ItHasNoVersion() =>
        Fails<AutogradException>("Inference tensors do not track version counter.", () => _ = Made().Version);

    [Fact]
    public void InsideItMayBeChanged()
    {
        using (Autograd.InferenceMode())
        {
            var y = Made();
            y.Add_(1);
            y[0] = 7;
            y[y > 6] = 8;
            Holds(y, 8, 5);
        }
    }

    [Fact]
    public void OutsideItMayNot()
    {
        var y = Made();
        foreach (var change in new Action[]
        {
            () => y.Add_(1), () => y.Exp_(), () => y.Zero_(), () => y.Copy_(y), () => y[0] = 1, () => y[y > 3] = 1, () => y[..1].Mul_(2),
            () => y += 1,
            () => Autograd.NoGrad(() => y.Add_(1)), () => y.Add_(Leaf(1, 2)), () => y.Uniform_(),
        })
        {
            Fails<AutogradException>(Changing, change);
        }

        Holds(y, 3, 4);
        Holds(y.Clone().Add_(1), 4, 5);
    }

    [Fact]
    public void OutsideItCannotBeSaved()
    {
        var (x, y) = (Leaf(1, 2), Made());
        Fails<AutogradException>(Saving, () => x.Mul(y));
        Fails<AutogradException>(Saving, () => Tensor.Dot(x, y));
        Fails<AutogradException>(Saving, () => x.Gather(0, Autograd.InferenceMode(() => Tensor.FromArray([1L, 0]))));

        // Not needed for the derivative, so not saved.
        (x + y).Sum().Backward();
        Holds(x.Grad, 1, 1);
        x.Grad = null;
        (x * y.Clone()).Sum().Backward();
        Holds(x.Grad, 3, 4);
    }

    [Fact]
    public void ACustomFunctionCannotSaveItEither()
    {
        var (x, y) = (Leaf(1, 2), Made());
        var times = Autograd.MultiFunction(
            (context, inputs) =>
            {
                context.SaveForBackward(y);
                return [inputs[0] * y];
            },
            (context, gradients) => [gradients[0]! * context.SavedTensors[0]]);
        Fails<AutogradException>(Saving, () => times([x]));
    }

    [Fact]
    public void OutsideItCannotBecomeALeafThatRequiresGrad()
    {
        var y = Made();
        Fails<AutogradException>(
            "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.", () => y.RequiresGrad_());
        y.RequiresGrad = false;
        var inside = Autograd.InferenceMode(() => Tensor.FromArray([1.0, 2]).RequiresGrad_());
        Assert.True(inside.RequiresGrad);
        Fails<AutogradException>(Saving, () => inside.Mul(inside));
    }

    /// <summary>PyTorch's test_inference_mode_existing_autograd_session.</summary>
    [Fact]
    public void ANormalTensorChangedInsideIsNoticed()
    {
        var x = Leaf(1, 2);
        var y = x * 1;
        var z = (y * y).Sum();
        using (Autograd.InferenceMode())
        {
            y.Add_(1);
        }

        Fails<AutogradException>(
            "one of the variables needed for gradient computation has been modified by an inplace operation", () => z.Backward());
    }

    [Fact]
    public void AViewMadeInsideIsAmbiguous()
    {
        var x = Leaf(1, 2) * 1;
        var view = Autograd.InferenceMode(() => x[..1]);
        const string advice =
            " Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the " +
            "inplace either both inside the inference_mode block (if you don't want the inplace to be tracked) or both outside (if you want the " +
            "inplace to be tracked).";
        Fails<AutogradException>(
            "A view was created in inference mode and is being modified inplace in normal mode." + advice, () => view.Mul_(Leaf(3)));
        view.RequiresGrad = true;
        Fails<AutogradException>(
            "Output 0 of ViewBackward0 is a view of a view which was created in inference mode and is being modified inplace in normal mode." +
            advice,
            () => view.View(1, 1).Mul_(3));
    }

    [Fact]
    public void AChangedBaseMakesSuchAViewUseless()
    {
        var x = Leaf(1, 2) * 1;
        var view = Autograd.InferenceMode(() => x[..1]);
        x.Mul_(3);
        Fails<AutogradException>(
            "A view was created in inference mode and its base or another view of its base has been modified inplace in normal mode.",
            () => (view * 2).Sum());
    }

    [Fact]
    public void TransformsWorkInside()
    {
        using (Autograd.InferenceMode())
        {
            var x = Tensor.FromArray([1.0, 2]);
            Holds(Transform.Grad((Tensor v) => (v * v * v).Sum())(x), 3, 12);
            Holds(Transform.Vmap((Tensor v) => v * v)(x), 1, 4);
            Fails<AutogradException>(
                "one of the variables needed for gradient computation has been modified by an inplace operation",
                () => Transform.Grad((Tensor v) =>
                {
                    var w = v * 1;
                    var y = w * w;
                    w.Add_(1);
                    return y.Sum();
                })(x));
        }
    }

    [Fact]
    public void ABackwardPassInsideGivesInferenceGradients()
    {
        var x = Leaf(1, 2);
        var y = (x * x).Sum();
        using (Autograd.InferenceMode())
        {
            y.Backward();
        }

        Holds(x.Grad, 2, 4);
        Assert.True(x.Grad!.IsInference);
    }

    [Fact]
    public async Task ItFollowsAwaitAndStaysInItsFlow()
    {
        var outside = Task.Run(
            async () =>
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
                return Tensor.Ones(1).IsInference;
            },
            TestContext.Current.CancellationToken);
        using (Autograd.InferenceMode())
        {
            await Task.Yield();
            Assert.True(Tensor.Ones(1).IsInference);
            await Task.Run(() => Assert.True(Tensor.Ones(1).IsInference), TestContext.Current.CancellationToken);
            Assert.True(Autograd.IsInferenceModeEnabled);
        }

        Assert.False(await outside);
        Assert.False(Autograd.IsInferenceModeEnabled);
        await Task.Yield();
        Assert.False(Tensor.Ones(1).IsInference);
    }

    [Fact]
    public async Task ModesLastToTheEndOfAFunctionThatAwaits()
    {
        var x = Leaf(1, 2);

        async Task<bool> IsRecorded()
        {
            await Task.Delay(1).ConfigureAwait(false);
            return (x * 2).RequiresGrad;
        }

        Assert.False(await Autograd.NoGrad(IsRecorded));
        Assert.False(await Autograd.SetGradEnabled(false, IsRecorded));
        using (Autograd.NoGrad())
        {
            Assert.True(await Autograd.EnableGrad(IsRecorded));
            Assert.True(await Autograd.SetGradEnabled(true, IsRecorded));
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.True(await Autograd.InferenceMode(async () =>
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
            return Tensor.Ones(1).IsInference;
        }));
        var seen = new List<bool>();
        await Autograd.NoGrad(async () => seen.Add(await IsRecorded()));
        await Autograd.SetGradEnabled(false, async () => seen.Add(await IsRecorded()));
        await Autograd.InferenceMode(async () => seen.Add(await IsRecorded()));
        using (Autograd.NoGrad())
        {
            await Autograd.EnableGrad(async () => seen.Add(!await IsRecorded()));
        }

        Assert.Equal([false, false, false, false], seen);
        Assert.True(await IsRecorded());
        Assert.False(Autograd.SetGradEnabled(false, () => Autograd.IsGradEnabled));
    }

    /// <summary>While the function waits, its caller goes on in the caller's own mode.</summary>
    [Fact]
    public async Task TheCallerKeepsItsModeMeanwhile()
    {
        var go = new TaskCompletionSource();
        var running = Autograd.NoGrad(async () =>
        {
            await go.Task;
            return Autograd.IsGradEnabled;
        });
        Assert.True(Autograd.IsGradEnabled);
        go.SetResult();
        Assert.False(await running);
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public async Task AFailureInsideComesOutAndTheModeEnds()
    {
        await Assert.ThrowsAsync<FormatException>(() => Autograd.NoGrad(async () =>
        {
            await Task.Yield();
            throw new FormatException();
        }));
        Assert.True(Autograd.IsGradEnabled);
        Assert.Throws<ArgumentNullException>(() => Autograd.InferenceMode((Func<int>)null!));
    }

    [Fact]
    public void NothingIsKept() => Gone(() =>
    {
        var x = Leaf(1, 2);
        var y = Autograd.InferenceMode(() => x.Exp() * 2);
        return [x, y];
    });

    [Fact]
    public void ScopesCompareByWhatTheyRestore()
    {
        using var first = Autograd.InferenceMode();
        using var second = Autograd.InferenceMode();
        Assert.True(first != second);
        Assert.False(first.Equals((object)second));
        Assert.Equal(second.GetHashCode(), second.GetHashCode());
    }
}
