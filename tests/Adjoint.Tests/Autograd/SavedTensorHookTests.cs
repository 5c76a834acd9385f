using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Pack and unpack hooks on saved tensors (PyTorch's tests test_default_saved_variable_hooks_double_backward, test_unpack_hooks_exec_count,
/// test_pack_hook_with_inplace_modification_should_fail, test_disabling_saved_tensor_hooks and _nested, test_saved_variable_packing_unpacking_*).
/// </summary>
public class SavedTensorHookTests
{
    /// <summary>One program for each kind of node that saves something, on a float64 tensor [2, 3] of positive numbers.</summary>
    public static TheoryData<string> Programs => [.. All.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> All { get; } = new()
    {
        ["a map that reads its input"] = x => x.Sin(),
        ["a map that reads its output"] = x => x.Exp(),
        ["a map of two"] = x => x * x.Sqrt(),
        ["a map of two that reads all"] = x => x.Pow(x + 1),
        ["a map of two broadcast"] = x => x / x[0],
        ["a map of three"] = x => Tensor.Where(x > 1, x * x, x.Log()),
        ["a reduction"] = x => x.LogSumExp(1),
        ["an extreme"] = x => x.Amax([1]) * x.Amin([0]).Sum(),
        ["a norm"] = x => x.Norm(),
        ["a softmax"] = x => x.Softmax(1) * x,
        ["a product"] = x => x.MatMul(x.T),
        ["an affine map"] = x => x.Linear(x * 2, x[.., 0]),
        ["positions"] = x => (x * x)[new[] { 1, 0, 1 }].Exp(),
        ["rows joined"] = x => Tensor.Cat([x * x, x.Exp()]),
        ["a view changed in place"] = x =>
        {
            var y = x * 1;
            y[0].Mul_(x[1].Exp());
            return y * y;
        },
        ["an in-place operator that reads its input"] = x => (x * 2).Mul_(x).Exp_(),
        ["a custom function"] = x => Autograd.Function(
            (context, a) =>
            {
                var y = a.Exp();
                context.SaveForBackward(a, y);
                return y * a;
            },
            (context, g) =>
            {
                var saved = context.SavedTensors;
                return g * saved[0].Exp() * (saved[0] + 1);
            })(x),
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void EveryKindOfNodeGoesThroughTheHooks(string program)
    {
        var f = All[program];
        var (plain, plainSecond) = Derivatives(f, run => run());
        var packs = 0;
        var unpacks = 0;
        var (hooked, hookedSecond) = Derivatives(f, run =>
        {
            using (Autograd.SavedTensorHooks(
                x =>
                {
                    packs++;
                    return x.Clone();
                },
                x =>
                {
                    unpacks++;
                    return x.Clone();
                }))
            {
                return run();
            }
        });
        Holds(hooked, Of(plain));
        Holds(hookedSecond, Of(plainSecond));
        Assert.True(packs > 0 && unpacks > 0, $"{packs} packs, {unpacks} unpacks");
    }

    [Fact]
    public void WhatIsUnpackedIsUsed()
    {
        var x = Leaf(3);
        Tensor y;
        using (Autograd.SavedTensorHooks(t => t * 2, t => t))
        {
            y = x * x;
        }

        // Both factors come back doubled: 2x + 2x.
        y.Backward();
        Holds(x.Grad, 12);
    }

    [Fact]
    public void UnpackRunsOncePerUse()
    {
        var unpacks = 0;
        var x = Leaf(1, 2);
        var y = Leaf(3, 4);
        Tensor product, power;
        using (Autograd.SavedTensorHooks(
            t => t,
            t =>
            {
                unpacks++;
                return t;
            }))
        {
            product = x * y;
            power = (x * 1.0).Pow(y * 1.0);
        }

        product.Sum().Backward(retainGraph: true);
        Assert.Equal(2, unpacks);
        product.Sum().Backward();
        Assert.Equal(4, unpacks);

        // pow saves its two inputs and its result; each is unpacked once although both derivatives read the base.
        power.Sum().Backward();
        Assert.Equal(7, unpacks);
    }

    [Fact]
    public void OnlyWhatIsWantedIsUnpacked()
    {
        var unpacks = 0;
        var (x, y) = (Leaf(1), Leaf(3));
        Tensor product;
        using (Autograd.SavedTensorHooks(
            t => t,
            t =>
            {
                unpacks++;
                return t;
            }))
        {
            product = x * y;
        }

        Holds(Autograd.Grad(product, x), 3);
        Assert.Equal(1, unpacks);
    }

    [Fact]
    public void OnlyTheInnermostHooksCount()
    {
        var log = new List<string>();
        var x = Leaf(2);
        Tensor a, b, c;
        using (Autograd.SavedTensorHooks(t => Logged(t, "outer pack"), t => Logged(t, "outer unpack")))
        {
            a = x.Exp();
            using (Autograd.SavedTensorHooks(t => Logged(t, "inner pack"), t => Logged(t, "inner unpack")))
            {
                b = x.Sin();
            }

            c = x.Cos();
        }

        _ = x.Exp();
        Assert.Equal(["outer pack", "inner pack", "outer pack"], log);
        log.Clear();
        (a + b + c).Backward();
        Assert.Equal(["outer unpack", "inner unpack", "outer unpack"], log);

        Tensor Logged(Tensor t, string what)
        {
            log.Add(what);
            return t;
        }
    }

    [Fact]
    public void WithoutRecordingNothingIsPacked()
    {
        var packs = 0;
        using (Autograd.SavedTensorHooks(
            t =>
            {
                packs++;
                return t;
            },
            t => t))
        {
            _ = Tensor.FromArray([1.0, 2]).Exp();
            _ = Leaf(1) + Leaf(2);
            _ = 2 * Leaf(1);
            using (Autograd.NoGrad())
            {
                _ = Leaf(1).Exp();
            }
        }

        Assert.Equal(0, packs);
    }

    [Fact]
    public void HooksRunWithoutRecordingAndSeeNoHistory()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.SavedTensorHooks(
            t =>
            {
                Assert.False(Autograd.IsGradEnabled);
                Assert.False(t.RequiresGrad);
                return t * 1;
            },
            t =>
            {
                Assert.False(Autograd.IsGradEnabled);
                return t * 1;
            }))
        {
            y = (x.Exp() * x).Sum();
        }

        Autograd.Grad(Autograd.Grad(y, x, createGraph: true).Sum(), x);
    }

    [Fact]
    public void APackHookMustNotChangeItsInput()
    {
        var x = Leaf(1, 2);
        using (Autograd.SavedTensorHooks(t => t.Mul_(2), t => t))
        {
            Fails<AutogradException>(
                "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook can not be modified by in-place " +
                "operations as this can lead to unexpected side-effects. Please open an issue if you need to perform in-place operations on the " +
                "input to a pack hook.",
                () => _ = x * x);
        }
    }

    [Fact]
    public void AnErrorInAHookArrives()
    {
        var x = Leaf(1, 2);
        using (Autograd.SavedTensorHooks<Tensor>(_ => throw new InvalidDataException("full"), t => t))
        {
            Assert.Equal("full", Message<InvalidDataException>(() => _ = x.Exp()));
        }

        Assert.True(Autograd.IsGradEnabled);
        Tensor y;
        using (Autograd.SavedTensorHooks<Tensor>(t => t, _ => throw new InvalidDataException("lost")))
        {
            y = x.Exp().Sum();
        }

        Assert.Equal("lost", Message<InvalidDataException>(() => y.Backward()));
        Assert.True(Autograd.IsGradEnabled);
        x.Exp().Sum().Backward();
    }

    [Fact]
    public void WhatComesBackMustFit()
    {
        const string expected =
            "Output of saved tensor unpack_hook expected to be a Tensor of shape [2] and dtype torch.float64, as ExpBackward0 saved it, ";
        Assert.Equal(expected + "but got [1] of torch.float64.", Unpacked(t => t[..1]));
        Assert.Equal(expected + "but got [2] of torch.float32.", Unpacked(t => t.To(DType.Float32)));
        Assert.Equal(expected + "but got null.", Unpacked(_ => null!));

        static string Unpacked(Func<Tensor, Tensor> unpack)
        {
            Tensor y;
            using (Autograd.SavedTensorHooks(t => t, unpack))
            {
                y = Leaf(1, 2).Exp().Sum();
            }

            return Message<AutogradException>(() => y.Backward());
        }
    }

    [Fact]
    public void ChangesInPlaceAreNoticedWhereTheMemoryIsKept()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.SavedTensorHooks(t => t, t => t))
        {
            y = x.Exp();
        }

        var loss = y.Sum();
        using (Autograd.NoGrad())
        {
            y.Add_(1);
        }

        Fails<AutogradException>(
            "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.DoubleTensor [2]], which is " +
            "output 0 of ExpBackward0, is at version 1; expected version 0 instead.",
            () => loss.Backward());
    }

    [Fact]
    public void ACopyIsNotTouchedByChangesInPlace()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.SavedTensorHooks(t => t.Clone(), t => t))
        {
            y = x.Exp();
        }

        y.Add_(1);
        y.Sum().Backward();
        IsClose(x.Grad, [Math.Exp(1), Math.Exp(2)]);
    }

    [Fact]
    public void ASavedLeafComesBackAsALeaf()
    {
        var x = Leaf(2);
        var seen = new List<Tensor>();
        var square = Autograd.Function(
            (context, a) =>
            {
                context.SaveForBackward(a);
                return a * a;
            },
            (context, g) =>
            {
                seen.Add(context.SavedTensors[0]);
                return 2 * seen[0] * g;
            });
        Tensor y;
        using (Autograd.SavedTensorHooks(t => t.Clone(), t => t))
        {
            y = square(x);
        }

        var first = Autograd.Grad(y, x, createGraph: true);
        Assert.True(seen[0].IsLeaf && seen[0].RequiresGrad);
        Holds(Autograd.Grad(first, x), 2);
    }

    [Fact]
    public void DisposableFormsAreDisposedWithThePass()
    {
        var x = Leaf(1, 2);
        var forms = new List<Form>();
        Tensor y;
        using (Autograd.SavedTensorHooks(
            t =>
            {
                forms.Add(new Form(t.Clone()));
                return forms[^1];
            },
            form => form.Values))
        {
            y = (x.Exp() * x).Sum();
        }

        y.Backward(retainGraph: true);
        Assert.Equal(3, forms.Count);
        Assert.All(forms, form => Assert.Equal(0, form.Disposed));
        y.Backward();
        Assert.All(forms, form => Assert.Equal(1, form.Disposed));
        Fails<AutogradException>("Trying to backward through the graph a second time", () => y.Backward());
    }

    [Fact]
    public void FormsAreGarbageAfterThePassAlthoughTheGraphIsHeld()
    {
        var x = Leaf(1, 2);
        var held = new List<Tensor>();
        Collected.Gone(() =>
        {
            var forms = new List<object>();
            using (Autograd.SavedTensorHooks(
                t =>
                {
                    var form = new Form(t.Clone());
                    forms.Add(form);
                    return form;
                },
                form => form.Values))
            {
                held.Add((x.Exp() * x).Sum());
            }

            held[0].Backward();
            return [.. forms];
        });
        Assert.NotNull(held[0].GradFn);
    }

    [Fact]
    public void FormsOfAGraphThatIsNeverRunAreGarbageWithIt() => Collected.Gone(() =>
    {
        var forms = new List<object>();
        using (Autograd.SavedTensorHooks(
            t =>
            {
                forms.Add(new Form(t.Clone()));
                return (Form)forms[^1];
            },
            form => form.Values))
        {
            _ = Leaf(1, 2).Exp();
        }

        return [.. forms];
    });

    [Fact]
    public void DisabledHooksAreAnErrorWithTheGivenMessage()
    {
        using (Autograd.DisableSavedTensorHooks("error message"))
        {
            Assert.Equal("error message", Message<AutogradException>(() => Autograd.SavedTensorHooks(t => t, t => t)));
            Assert.Equal("error message", Message<AutogradException>(() => Autograd.SaveAsHalf()));
            Leaf(1).Exp().Backward();
        }

        using (Autograd.SavedTensorHooks(t => t, t => t))
        {
            Assert.Equal("error message", Message<AutogradException>(() => Autograd.DisableSavedTensorHooks("error message")));
        }
    }

    [Fact]
    public void DisablingNests()
    {
        using (Autograd.DisableSavedTensorHooks("outer"))
        {
            using (Autograd.DisableSavedTensorHooks("inner"))
            {
                Assert.Equal("inner", Message<AutogradException>(() => Autograd.SavedTensorHooks(t => t, t => t)));
            }

            Assert.Equal("outer", Message<AutogradException>(() => Autograd.SavedTensorHooks(t => t, t => t)));
        }

        Autograd.SavedTensorHooks(t => t, t => t).Dispose();
    }

    [Fact]
    public void DisposingTwiceIsDisposingOnce()
    {
        var log = 0;
        var x = Leaf(1);
        using (Autograd.SavedTensorHooks(
            t =>
            {
                log++;
                return t;
            },
            t => t))
        {
            var inner = Autograd.SavedTensorHooks(t => t, t => t);
            inner.Dispose();
            inner.Dispose();
            _ = x.Exp();
        }

        _ = x.Exp();
        Assert.Equal(1, log);
    }

    [Fact]
    public async Task ScopesFollowAwaitAndStayInTheirFlow()
    {
        var log = 0;
        var entered = new TaskCompletionSource();
        var tried = new TaskCompletionSource();
        var hooked = Task.Run(
            async () =>
            {
                using (Autograd.SavedTensorHooks(
                    t =>
                    {
                        log++;
                        return t;
                    },
                    t => t))
                {
                    entered.SetResult();
                    await tried.Task;
                    _ = Leaf(1).Exp();
                }
            },
            TestContext.Current.CancellationToken);
        await entered.Task;
        _ = Leaf(1).Exp();
        Assert.Equal(0, log);
        tried.SetResult();
        await hooked;
        Assert.Equal(1, log);
    }

    [Fact]
    public void ReverseTransformsWorkInsideOfHooks()
    {
        using (Autograd.SavedTensorHooks(t => t.Clone(), t => t))
        {
            var grad = Transform.Grad((Tensor x) => (x.Exp() * x).Sum());
            IsClose(grad(Tensor.FromArray([0.0, 1])), [1, 2 * Math.E]); // exp is exact to one unit in the last place
            IsClose(Transform.Grad((Tensor x) => grad(x).Sum())(Tensor.FromArray([0.0, 1])), [2, 3 * Math.E]);
        }
    }

    [Fact]
    public void TensorsWithoutValuesAreRefused()
    {
        using (Autograd.SavedTensorHooks(t => t.Clone(), t => t))
        {
            Fails<AutogradException>(
                "torch.func transforms don't yet support saved tensor hooks. Transform.Vmap follows the tensor",
                () => Transform.Vmap(Transform.Grad((Tensor x) => x.Exp().Sum()))(Tensor.FromArray([0.0, 1], 2, 1)));
        }
    }

    private static (Tensor First, Tensor Second) Derivatives(Func<Tensor, Tensor> f, Func<Func<Tensor>, Tensor> around)
    {
        var x = LeafOf([2, 3], 0.5, 1.5, 2.5, 1.25, 0.75, 1.75);
        var y = around(() => f(x));
        var first = Autograd.Grad(y.Sum(), x, createGraph: true);
        return (first.Detach(), Autograd.Grad((first * first).Sum(), x));
    }

    private sealed class Form(Tensor values) : IDisposable
    {
        public Tensor Values => values;

        public int Disposed { get; private set; }

        public void Dispose() => Disposed++;
    }
}
