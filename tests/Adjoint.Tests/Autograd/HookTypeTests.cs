using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// A hook may replace a gradient by one of the same dtype, shape and number only. The sentences are PyTorch's, from <c>check_variable_result</c> and
/// <c>check_result</c> of its hooks. Kernels read pointers by the dtype of one operand, so another dtype would be read as if it were the first.
/// </summary>
public class HookTypeTests
{
    public static TheoryData<DType, DType> Others => new()
    {
        { DType.Float32, DType.Float64 }, { DType.Float32, DType.Int32 }, { DType.Float32, DType.Int64 }, { DType.Float32, DType.UInt8 },
        { DType.Float32, DType.Bool }, { DType.Float64, DType.Float32 }, { DType.Float64, DType.Int64 }, { DType.Float64, DType.Bool },
    };

    /// <summary>Operators of every family whose backward pass has loops of its own, of a float32 or float64 image.</summary>
    public static readonly (string Name, Func<Tensor, Tensor> Run)[] Operators =
    [
        ("exp", x => x.Exp()),
        ("mul", x => x * x.Detach()),
        ("where", x => Tensor.Where(x > 0, x, x * 2)),
        ("sum", x => x.Sum(1)),
        ("amax", x => x.Amax([1])),
        ("softmax", x => x.Softmax(-1)),
        ("log softmax", x => x.LogSoftmax(1)),
        ("logsumexp", x => x.LogSumExp(-1)),
        ("std", x => x.Std()),
        ("norm", x => x.Norm()),
        ("matmul", x => x.MatMul(x.Detach().Transpose(2, 3))),
        ("linear", x => x.Linear(Tensor.Ones([3, 32], x.DType))),
        ("layer norm", x => x.LayerNorm([32])),
        ("batch norm", x => x.BatchNorm(null, null, training: true)),
        ("group norm", x => x.GroupNorm(2)),
        ("conv", x => x.Conv2d(Tensor.Ones([3, 4, 3, 3], x.DType), padding: 1)),
        ("conv transpose", x => x.ConvTranspose2d(Tensor.Ones([4, 3, 3, 3], x.DType))),
        ("avg pool", x => x.AvgPool2d(2)),
        ("adaptive avg pool", x => x.AdaptiveAvgPool2d(3)),
        ("max pool", x => x.MaxPool2d(2)),
        ("attention", x => x.ScaledDotProductAttention(x.Detach(), x.Detach())),
        ("gather", x => x.Gather(3, Tensor.Zeros([2, 4, 32, 5], DType.Int64))),
        ("index", x => x[Tensor.FromArray(new long[] { 0, 1, 1 })]),
        ("cat", x => Tensor.Cat([x, x.Detach()], 1)),
        ("cross entropy", x => x.CrossEntropy(Tensor.Zeros([2, 32, 32], DType.Int64))),
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void ATensorHookCannotChangeTheDType(DType own, DType other)
    {
        foreach (var (name, run) in Operators)
        {
            var x = Tensor.Ones([2, 4, 32, 32], own).RequiresGrad_();
            var y = run(x);
            y.RegisterHook(Func(g => g.To(other)));
            var message = Message<AutogradException>(() => (y * y.Detach()).Sum().Backward());
            Assert.True(
                message.Contains(
                    $"has changed the type of value (was torch.{Scalar(own)}Tensor got torch.{Scalar(other)}Tensor)", StringComparison.Ordinal),
                $"{name}: {message}");
            Assert.Null(x.Grad);
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void NoHookOfANodeOrALeafCanDoItEither(DType own, DType other)
    {
        var hooks = new (string Name, Action<Tensor, Tensor> Register)[]
        {
            ("leaf", (x, _) => x.RegisterHook(Func(g => g.To(other)))),
            ("pre-hook of one", (_, y) => y.GradFn!.RegisterPreHook(Func(g => g.To(other)))),
            ("pre-hook of many", (_, y) => y.GradFn!.RegisterPreHook((Tensor?[] all) => Array.ConvertAll(all, g => g?.To(other)))),
            ("pre-hook that writes into its list", (_, y) => y.GradFn!.RegisterPreHook((Tensor?[] all) =>
            {
                all[0] = all[0]!.To(other);
                return all;
            })),
            ("post-hook", (_, y) => y.GradFn!.RegisterHook((inputs, _) => Array.ConvertAll(inputs, g => g?.To(other)))),
            ("post-hook that writes into its list", (_, y) => y.GradFn!.RegisterHook((inputs, _) =>
            {
                inputs[0] = inputs[0]!.To(other);
                return inputs;
            })),
        };
        foreach (var (name, register) in hooks)
        {
            var x = Tensor.Ones([64, 64], own).RequiresGrad_();
            var y = x.LayerNorm([64]);
            register(x, y);
            var message = Message<AutogradException>(() => (y * y.Detach()).Sum().Backward());
            Assert.True(message.Contains("has changed the type of value", StringComparison.Ordinal), $"{name}: {message}");
            Assert.Null(x.Grad);
        }
    }

    /// <summary>What a hook writes into the list that it was given does not count unless it returns it.</summary>
    [Fact]
    public void AHooksListIsItsOwn()
    {
        var x = Tensor.Ones([4], DType.Float32).RequiresGrad_();
        var y = x.Exp();
        y.GradFn!.RegisterPreHook((Tensor?[] all) =>
        {
            all[0] = all[0]!.To(DType.Int32);
            return null;
        });
        y.GradFn!.RegisterHook((inputs, _) =>
        {
            inputs[0] = Tensor.Zeros([7], DType.Bool);
            return null;
        });
        y.Sum().Backward();
        Assert.Equal(DType.Float32, x.Grad!.DType);
        IsClose(x.Grad, [Math.E, Math.E, Math.E, Math.E], 1e-6);
    }

    /// <summary>PyTorch: "hook '...' has returned an incorrect number of values (got 1, but expected 2)".</summary>
    [Fact]
    public void APostHookGivesAsManyAsItGot()
    {
        var (x, z) = (Leaf(1, 2), Leaf(3, 4));
        var y = x * z;
        y.GradFn!.RegisterHook((inputs, _) => [inputs[0]]);
        Assert.Contains(
            "has returned an incorrect number of values (got 1, but expected 2)",
            Message<AutogradException>(() => y.Sum().Backward()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void APostHookCannotChangeTheSize()
    {
        var x = Leaf(1, 2, 3);
        var y = x.Exp();
        y.GradFn!.RegisterHook((inputs, _) => [Tensor.Ones([2, 3], DType.Float64)]);
        Assert.Contains("has changed the size of value", Message<AutogradException>(() => y.Sum().Backward()), StringComparison.Ordinal);
    }

    /// <summary>PyTorch: "can't replace a None gradient with a non-None value".</summary>
    [Fact]
    public void NothingIsReplacedByNothingOnly()
    {
        var x = Leaf(1, 2);
        var parts = x.Unbind();
        parts[0].GradFn!.RegisterPreHook((Tensor?[] all) => [all[0], Tensor.Scalar(1.0)]);
        Fails<AutogradException>("can't replace a None gradient with a non-None value", () => parts[0].Backward());
    }

    /// <summary>As in PyTorch a gradient may be taken away: the node does not run.</summary>
    [Fact]
    public void AGradientMayBeTakenAway()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        y.GradFn!.RegisterPreHook((Tensor?[] all) => [null]);
        y.Sum().Backward();
        Assert.Null(x.Grad);
    }

    /// <summary>
    /// What a custom function returns, and what a user starts a pass from, is cast to the dtype of the value it belongs to (PyTorch's
    /// <c>validate_outputs</c>), so that the engine sees no other.
    /// </summary>
    [Fact]
    public void WhatUsersGiveIsCast()
    {
        foreach (var other in new[] { DType.Float64, DType.Int32, DType.Int64, DType.UInt8, DType.Bool })
        {
            var x = Tensor.Ones([64, 64], DType.Float32).RequiresGrad_();
            var function = Autograd.Function((_, z) => z * 2, (_, g) => Tensor.Ones([64, 64], other));
            function(x.LayerNorm([64])).Sum().Backward();
            Assert.Equal(DType.Float32, x.Grad!.DType);

            x.Grad = null;
            x.Exp().Backward(Tensor.Ones([64, 64], other));
            Assert.Equal(DType.Float32, x.Grad!.DType);
            Assert.Equal(MathF.E, x.Grad[3, 5].Item<float>(), 5);

            var y = x.LayerNorm([64]);
            var g = Autograd.Grad([y], [x], gradOutputs: [Tensor.Ones([64, 64], other)])[0]!;
            Assert.Equal(DType.Float32, g.DType);
            Assert.True(g.Abs().Max().Item() < 1e-3);
        }
    }

    [Theory]
    [InlineData(nameof(DType.Float64))]
    [InlineData(nameof(DType.Int32))]
    [InlineData(nameof(DType.Bool))]
    public void AnUnpackHookCannotChangeTheDTypeOrTheShape(string otherName)
    {
        var other = DType.Parse(otherName);
        foreach (var (name, run) in Operators)
        {
            var x = Tensor.Ones([2, 4, 32, 32], DType.Float32).RequiresGrad_();
            Tensor y;
            using (Autograd.SavedTensorHooks<Tensor>(t => t, t => t.To(t.DType == other ? DType.Float32 : other)))
            {
                y = run(x);
            }

            // An operator that saves nothing has nothing to refuse.
            var saved = Record.Exception(() => y.Sum().Backward());
            Assert.True(saved is null or AutogradException, $"{name}: {saved}");
            using (Autograd.SavedTensorHooks<Tensor>(t => t, t => t.Unsqueeze(0)))
            {
                y = run(x);
            }

            saved = Record.Exception(() => y.Sum().Backward());
            Assert.True(saved is null or AutogradException, $"{name}: {saved}");
        }
    }

    private static Func<Tensor, Tensor?> Func(Func<Tensor, Tensor?> hook) => hook;

    private static string Scalar(DType dtype) => dtype.ToString() switch
    {
        "Float32" => "Float",
        "Float64" => "Double",
        "Int32" => "Int",
        "Int64" => "Long",
        "UInt8" => "Byte",
        _ => "Bool",
    };
}
