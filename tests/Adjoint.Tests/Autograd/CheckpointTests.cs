using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Checkpoints (PyTorch's tests test_checkpointing_without_reentrant_*, test_checkpoint_detects_non_determinism, test_nested_checkpoint_*,
/// test_checkpoint_rng_*, test_checkpointing_without_reentrant_memory_savings, test_policy_with_state).
/// </summary>
public class CheckpointTests
{
    private static Tensor Block(Tensor x) => ((x * 1.5).Sin() * (x * x).Exp().Sqrt()).Tanh();

    [Fact]
    public void GradientsAreThoseOfTheFunction()
    {
        var (x, plain) = (Leaf(0.1, 0.2, -0.3), Leaf(0.1, 0.2, -0.3));
        var y = Checkpoint.Run(Block, x);
        Holds(y, Of(Block(plain)));
        y.Sum().Backward();
        Block(plain).Sum().Backward();
        Holds(x.Grad, Of(plain.Grad));
        Holds(
            Autograd.Grad(Checkpoint.Run(Block, x).Sum(), x),
            Of(plain.Grad));
    }

    [Fact]
    public void TheFunctionRunsAgainOncePerPass()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(Counted, x).Sum();
        Assert.Equal(1, runs);
        y.Backward(retainGraph: true);
        Assert.Equal(2, runs);
        y.Backward();
        Assert.Equal(3, runs);
        Fails<AutogradException>("Trying to backward through the graph a second time", () => y.Backward());
        using (Autograd.NoGrad())
        {
            Checkpoint.Run(Counted, x);
        }

        Assert.Equal(4, runs);

        Tensor Counted(Tensor t)
        {
            runs++;
            return Block(t);
        }
    }

    [Fact]
    public void OnlyInputsAreKept()
    {
        const int bytes = 256;
        var start = LeafOf([4, 8], [.. Enumerable.Range(0, 32).Select(i => i / 32.0)]) * 1.0;
        var (plain, held) = (start, start);
        for (var i = 0; i < 5; i++)
        {
            plain = Block(plain);
            held = Checkpoint.Run(Block, held);
        }

        // A block saves what its sine reads, the sine, the exponential, the root, and at its ends the input and the result of tanh.
        Assert.Equal(((5 * 4) + 6) * bytes, ComputationGraph.SavedBytes(plain));
        Assert.Equal(5 * bytes, ComputationGraph.SavedBytes(held));
        Assert.Equal(
            ["checkpoint", "input of a checkpoint"], ComputationGraph.SavedTensors(held).Select(saved => saved.Form).Distinct().Order());
    }

    [Fact]
    public void WhatIsComputedAgainGoesAsThePassProceeds()
    {
        var h = Leaf(0.1, 0.2, 0.3) * 1.0;
        var most = 0L;
        Tensor? loss = null;
        for (var i = 0; i < 6; i++)
        {
            h = Checkpoint.Run(
                t =>
                {
                    var a = t.Exp();
                    if (loss is null)
                    {
                        a.RegisterHook(_ =>
                        {
                            most = Math.Max(most, ComputationGraph.SavedBytes(loss!));
                            return null;
                        });
                    }

                    return a.Sin().Exp();
                },
                h);
        }

        loss = h.Sum();
        Assert.Equal(6 * 24, ComputationGraph.SavedBytes(loss));
        loss.Backward();

        // Inside of the last block: all inputs, and the one value that its first operation waits for. Without checkpoints it would be 12 values.
        Assert.Equal(7 * 24, most);
        Assert.Equal(0, ComputationGraph.SavedBytes(loss));
    }

    [Fact]
    public void ValuesOfAHeldGraphAreGarbageAfterThePass()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Collected.Gone(() =>
        {
            var made = new List<object>();
            held.Add(Checkpoint.Run(
                t =>
                {
                    var h = t.Exp();
                    made.Add(h);
                    made.Add(h.Storage);
                    return h.Sin() * h;
                },
                x).Sum());
            held[0].Backward();
            Assert.Equal(4, made.Count);
            return [.. made];
        });
        Assert.NotNull(held[0].GradFn);
    }

    [Fact]
    public void InputsMayBeCaptured()
    {
        var (w, x) = (LeafOf([2, 2], 1, 2, 3, 4), LeafOf([2, 2], 0.1, 0.2, 0.3, 0.4));
        var y = Checkpoint.Run(() => x.MatMul(w).Exp().Sum());
        y.Backward();
        var (plainW, plainX) = (LeafOf([2, 2], 1, 2, 3, 4), LeafOf([2, 2], 0.1, 0.2, 0.3, 0.4));
        plainX.MatMul(plainW).Exp().Sum().Backward();
        Holds(w.Grad, Of(plainW.Grad));
        Holds(x.Grad, Of(plainX.Grad));
    }

    [Fact]
    public void SeveralInputsAndResults()
    {
        var (a, b) = (Leaf(1, 2), Leaf(3, 4));
        var (p, q) = Checkpoint.Run((x, y) => (x * y, (x + y).Exp()), a, b);
        (p.Sum() + (q * 0.5).Sum()).Backward();
        IsClose(a.Grad, [3 + (0.5 * Math.Exp(4)), 4 + (0.5 * Math.Exp(6))]);
        var all = Checkpoint.Run((Tensor[] t) => new[] { t[0] * t[1], t[1] * t[2] }, [a, b, a]);
        Holds(Autograd.Grad([all[0].Sum(), all[1].Sum()], [a])[0], 6, 8);
    }

    [Fact]
    public void SecondAndThirdDerivatives()
    {
        var x = Leaf(0.5);
        var y = Checkpoint.Run(t => t.Exp() * t, x);
        var first = Autograd.Grad(y, x, createGraph: true);
        var second = Autograd.Grad(first, x, createGraph: true);
        var third = Autograd.Grad(second, x);
        var e = Math.Exp(0.5);
        IsClose(first, [1.5 * e]);
        IsClose(second, [2.5 * e]);
        IsClose(third, [3.5 * e]);
    }

    [Fact]
    public void CheckpointsNest()
    {
        var (inner, outer) = (0, 0);
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(
            t =>
            {
                outer++;
                var a = Checkpoint.Run(Inner, t.Sin());
                return Checkpoint.Run(Inner, a * a).Exp();
            },
            x);
        y.Sum().Backward();
        var plain = Leaf(0.1, 0.2);
        var h = Block(plain.Sin());
        Block(h * h).Exp().Sum().Backward();
        Holds(x.Grad, Of(plain.Grad));

        // Each inner one runs in the first run of the outer one, in its second, and once more to be pulled;
        // the last saved value stops the second early.
        Assert.Equal(2, outer);
        Assert.Equal(6, inner);

        Tensor Inner(Tensor t)
        {
            inner++;
            return Block(t);
        }
    }

    [Fact]
    public void NestedCheckpointsKeepNothing()
    {
        var x = Leaf(0.1, 0.2) * 1.0;
        var y = Checkpoint.Run(t => Checkpoint.Run(u => Checkpoint.Run(Block, u.Exp()), t.Exp()).Exp(), x);
        Assert.Equal(16, ComputationGraph.SavedBytes(y));
        Assert.NotEmpty(ComputationGraph.SavedTensors(y));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 5)]
    public void TheSecondRunStopsEarly(bool early, int steps)
    {
        var done = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(
            t =>
            {
                done++;
                var h = t.Exp();
                done++;
                h = h.Sin();
                done++;
                h = h + 1;
                done++;
                h = -h;
                done++;
                return h;
            },
            x,
            new CheckpointOptions { EarlyStop = early });
        Assert.Equal(5, done);
        done = 0;
        y.Sum().Backward();

        // The sine saves the exponential, which is what is needed last.
        Assert.Equal(steps, done);
        IsClose(x.Grad, [.. new[] { 0.1, 0.2 }.Select(v => -Math.Cos(Math.Exp(v)) * Math.Exp(v))]);
    }

    [Fact]
    public void ADifferentNumberOfSavedTensorsIsNoticed()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(t => runs++ == 0 ? t.Exp().Sin().Exp() : t.Exp(), x);
        Assert.StartsWith(
            "torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\n" +
            "Number of tensors saved during forward: 3\nNumber of tensors saved during recomputation: 1.\n",
            Message<AutogradException>(() => y.Sum().Backward()),
            StringComparison.Ordinal);
        Assert.True(Autograd.IsGradEnabled);
    }

    [Fact]
    public void MoreSavedTensorsAreNoticedWithoutEarlyStop()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(t => runs++ == 0 ? t.Exp() : t.Exp().Exp(), x, new CheckpointOptions { EarlyStop = false });
        Fails<AutogradException>(
            "torch.utils.checkpoint: trying to save more tensors during recomputation than during the original forward pass.",
            () => y.Sum().Backward());
    }

    [Fact]
    public void OtherMetadataAreNoticed()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(t => (runs++ == 0 ? t : t[..1]).Exp(), x);
        Assert.StartsWith(
            "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.\n" +
            "tensor at position 0:\nsaved metadata: shape [2], dtype torch.float64\nrecomputed metadata: shape [1], dtype torch.float64\n",
            Message<AutogradException>(() => y.Sum().Backward()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTheCheckAWrongShapeIsStillNotUsed()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(
            t => (runs++ == 0 ? t : t[..1]).Exp(), x, new CheckpointOptions { DeterminismCheck = DeterminismCheck.None });
        Fails<AutogradException>("Output of saved tensor unpack_hook expected to be a Tensor", () => y.Sum().Backward());
    }

    [Fact]
    public void AnInputThatChangedInPlaceIsNoticed()
    {
        var x = Leaf(0.1, 0.2) * 1.0;
        var y = Checkpoint.Run(t => t.Exp(), x);
        using (Autograd.NoGrad())
        {
            x.Add_(1);
        }

        Fails<AutogradException>(
            "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.DoubleTensor [2]], which is " +
            "output 0 of MulBackward0, is at version 1; expected version 0 instead.",
            () => y.Sum().Backward());
    }

    [Fact]
    public void ACapturedTensorThatChangedInPlaceIsNoticed()
    {
        // PyTorch computes with the changed values here, and gives a wrong gradient.
        var (w, data) = (Leaf(1, 2), Tensor.FromArray([3.0, 4]));
        foreach (var captured in new[] { w, data })
        {
            var x = Leaf(0.1, 0.2);
            var y = Checkpoint.Run(t => (t * captured).Sum(), x);
            using (Autograd.NoGrad())
            {
                captured.Add_(1);
            }

            Fails<AutogradException>(
                "one of the variables needed for gradient computation has been modified by an inplace operation", () => y.Backward());
        }
    }

    [Fact]
    public void AValueThatTheFunctionChangesAfterItWasSavedIsNoticed()
    {
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(
            t =>
            {
                var h = t.Exp();
                h.Add_(1);
                return h.Sin();
            },
            x);
        Fails<AutogradException>(
            "one of the variables needed for gradient computation has been modified by an inplace operation", () => y.Sum().Backward());
    }

    [Fact]
    public void AnErrorOfTheSecondRunArrivesAndLeavesNothingBehind()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(t => runs++ == 1 ? throw new InvalidDataException("second") : t.Exp().Sin(), x).Sum();
        Assert.Equal("second", Message<InvalidDataException>(() => y.Backward(retainGraph: true)));
        Assert.True(Autograd.IsGradEnabled);
        y.Backward();
        Assert.NotNull(x.Grad);
    }

    [Fact]
    public void AnErrorOfTheFirstRunEndsItsScope()
    {
        var x = Leaf(0.1, 0.2);
        Assert.Throws<InvalidDataException>(() => Checkpoint.Run<Tensor>(_ => throw new InvalidDataException(), x));
        Assert.Equal("tensor", Assert.Single(ComputationGraph.SavedTensors(x.Exp())).Form);
    }

    [Fact]
    public void OnlyTheInputsThatAreWanted()
    {
        var (x, z) = (Leaf(0.1, 0.2), Leaf(0.5, 0.6));
        var y = Checkpoint.Run((a, b) => a.Exp() + b.Sin(), x, z).Sum();
        IsClose(Autograd.Grad(y, z, retainGraph: true), [Math.Cos(0.5), Math.Cos(0.6)]);
        IsClose(Autograd.Grad(y, x), [Math.Exp(0.1), Math.Exp(0.2)]);
    }

    [Fact]
    public void ABackwardPassInsideOfTheFunction()
    {
        var x = Leaf(0.5, 1);
        var y = Checkpoint.Run(
            t =>
            {
                var h = t.Exp() * t;
                var slope = Autograd.Grad(h.Sum(), t, createGraph: true);
                return (slope * t).Sin();
            },
            x);
        var plain = Leaf(0.5, 1);
        var h = plain.Exp() * plain;
        (Autograd.Grad(h.Sum(), plain, createGraph: true) * plain).Sin().Sum().Backward();
        y.Sum().Backward();
        IsClose(x.Grad, Of(plain.Grad));
    }

    [Fact]
    public void InsideOfReverseTransforms()
    {
        static Tensor Loss(Tensor x) => Checkpoint.Run(t => (t.Exp() * t).Sum(), x);
        var x = Tensor.FromArray([0.5, 1]);
        IsClose(Transform.Grad((Func<Tensor, Tensor>)Loss)(x), [1.5 * Math.Exp(0.5), 2 * Math.E]);
        IsClose(
            Transform.Grad((Tensor t) => Transform.Grad((Func<Tensor, Tensor>)Loss)(t).Sum())(x), [2.5 * Math.Exp(0.5), 3 * Math.E]);
        IsClose(
            Transform.JacRev((Tensor t) => Checkpoint.Run(u => u * u, t))(x), [1, 0, 0, 2]);
    }

    [Fact]
    public void ATransformInsideOfACheckpoint()
    {
        var x = Leaf(0.5, 1);
        var y = Checkpoint.Run(t => Transform.Grad((Tensor u) => (u.Exp() * u).Sum())(t).Sin(), x);
        y.Sum().Backward();
        var plain = Leaf(0.5, 1);
        Transform.Grad((Tensor u) => (u.Exp() * u).Sum())(plain).Sin().Sum().Backward();
        IsClose(x.Grad, Of(plain.Grad));
    }

    [Fact]
    public void DisabledHooksDisableCheckpoints()
    {
        using (Autograd.DisableSavedTensorHooks("not here"))
        {
            Assert.Equal("not here", Message<AutogradException>(() => Checkpoint.Run(Block, Leaf(1))));
        }

        // The second run needs hooks of its own, which nothing refuses.
        var y = Checkpoint.Run(Block, Leaf(1)).Sum();
        using (Autograd.DisableSavedTensorHooks("not here"))
        {
            y.Backward();
        }
    }

    [Fact]
    public void TheInputsGoThroughTheHooksAround()
    {
        var packs = 0;
        var x = Leaf(0.1, 0.2);
        Tensor y;
        using (Autograd.SavedTensorHooks(
            t =>
            {
                packs++;
                return t.Clone();
            },
            t => t))
        {
            y = Checkpoint.Run(Block, x * 1.0);
        }

        Assert.Equal(1, packs);
        y.Sum().Backward();
        var plain = Leaf(0.1, 0.2);
        Block(plain).Sum().Backward();
        Holds(x.Grad, Of(plain.Grad));
    }

    [Fact]
    public void ConcurrentPassesOverOneGraph()
    {
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(t => Block(Block(t)), x).Sum();
        var expected = Of(Autograd.Grad(y, x, retainGraph: true));
        Parallel.For(0, 64, _ => Holds(Autograd.Grad(y, x, retainGraph: true), expected));
    }

    [Fact]
    public void APolicyKeepsWhatItNames()
    {
        var runs = 0;
        var w = LeafOf([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9);
        var x = LeafOf([2, 3], 0.1, 0.2, 0.3, 0.4, 0.5, 0.6) * 1.0;
        var names = new List<string>();
        var y = Checkpoint.Run(
            t =>
            {
                runs++;
                return t.MatMul(w).Sin().MatMul(w).Tanh();
            },
            x,
            new CheckpointOptions
            {
                Policy = name =>
                {
                    names.Add(name);
                    return name == "MmBackward0" ? CheckpointPolicy.MustSave : CheckpointPolicy.PreferRecompute;
                },
            });
        Assert.Equal(["MulBackward0", "MmBackward0", "SinBackward0", "TanhBackward0"], names);

        // The product that the sine saves, and the input.
        Assert.Equal(48 + 48, ComputationGraph.SavedBytes(y));
        y.Sum().Backward();
        Assert.Equal(2, runs);
        Assert.Equal(4, names.Count);
    }

    [Fact]
    public void APolicyThatKeepsAllComputesNothingAgain()
    {
        var runs = 0;
        var x = Leaf(0.1, 0.2);
        var y = Checkpoint.Run(
            t =>
            {
                runs++;
                return Block(t);
            },
            x,
            new CheckpointOptions { Policy = _ => CheckpointPolicy.PreferSave });
        y.Sum().Backward();
        Assert.Equal(1, runs);
        var plain = Leaf(0.1, 0.2);
        Block(plain).Sum().Backward();
        Holds(x.Grad, Of(plain.Grad));
    }

    [Fact]
    public void ASequenceInSegments()
    {
        var runs = new int[5];
        Func<Tensor, Tensor>[] functions = [.. Enumerable.Range(0, 5).Select(i => (Func<Tensor, Tensor>)(x =>
        {
            runs[i]++;
            return Block(x);
        }))];
        var x = Leaf(0.1, 0.2);
        Checkpoint.Sequential(functions, 2, x).Sum().Backward();
        Assert.Equal([2, 2, 1, 1, 1], runs);
        var plain = Leaf(0.1, 0.2);
        functions.Aggregate(plain, (y, f) => f(y)).Sum().Backward();
        Holds(x.Grad, Of(plain.Grad));
        Assert.Throws<ArgumentOutOfRangeException>(() => Checkpoint.Sequential(functions, 0, x));
        Assert.Throws<ArgumentOutOfRangeException>(() => Checkpoint.Sequential(functions, 6, x));
    }

    [Fact]
    public void NullIsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => Checkpoint.Run(Block, null!));
        Assert.Throws<ArgumentNullException>(() => Checkpoint.Run((Func<Tensor, Tensor>)null!, Leaf(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Checkpoint.Auto(-1));
    }
}
