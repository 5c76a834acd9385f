using System.Runtime.CompilerServices;
using Adjoint.NN;
using static Adjoint.Tests.Diagnostics.Here;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Diagnostics;

/// <summary>Where operators are called, and who changed a saved value: off by default, exact lines when on, gone with the graph.</summary>
public class OriginTests
{
    private const string Modified = "one of the variables needed for gradient computation has been modified by an inplace operation: ";

    // One statement each: the compilers may join statements of a longer method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor AddOne(Tensor y, out int line) => (line = Line()) > 0 ? y.Add_(1) : y;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Exp(Tensor x, out int line) => (line = Line()) > 0 ? x.Exp() : x;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Forward(Sequential model, Tensor x, out int line) => (line = Line()) > 0 ? model.Forward(x) : x;

    [Fact]
    public void OffByDefault()
    {
        var x = Leaf(1, 2);
        var y = x.Exp();
        Assert.Null(y.GradFn!.Origin);
        y.Add_(1);
        var text = Message<AutogradException>(() => y.Sum().Backward());
        Assert.Contains("Hint: enable anomaly detection", text, StringComparison.Ordinal);
        Assert.Contains("Autograd.DetectAnomaly()", text, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(OriginTests), text, StringComparison.Ordinal);
    }

    [Fact]
    public void ANodeKnowsWhereItWasRecorded()
    {
        var x = Leaf(1, 2);
        Origin origin;
        int line;
        using (Diagnose.TraceOrigins())
        {
            var y = Exp(x, out line);
            origin = y.GradFn!.Origin!;
        }

        Assert.Equal(line, origin.Line);
        Assert.EndsWith("OriginTests.cs", origin.File, StringComparison.Ordinal);
        Assert.Equal("OriginTests.Exp", origin.Method);
        Assert.Equal($"OriginTests.cs:{line} (OriginTests.Exp)", origin.ToString());
        Assert.StartsWith(
            $"   at OriginTests.Exp in {origin.File}:line {line}", origin.Trace, StringComparison.Ordinal);
    }

    /// <summary>A composite's parts belong to the line that called the composite, and a layer's to the line that called the layer.</summary>
    [Fact]
    public void FramesOfTheLibraryAreSkipped()
    {
        var x = Tensor.Ones(2, 3).RequiresGrad_();
        Sequential model = [new Linear(3, 2), new ReLU()];
        using (Diagnose.TraceOrigins())
        {
            var y = Forward(model, x, out var line);
            Assert.Equal(line, y.GradFn!.Origin!.Line);
            Assert.Equal(line, y.GradFn!.NextFunctions[0].Node!.Origin!.Line);
        }
    }

    [Fact]
    public void AChangeOfASavedOutputIsBlamed()
    {
        using (Diagnose.TraceOrigins())
        {
            var x = Leaf(1, 2, 3);
            var y = Exp(x, out var saved);
            AddOne(y, out var changed);
            y.Mul_(2);
            Assert.Equal(
                Modified + "[torch.DoubleTensor [3]], which is output 0 of ExpBackward0, is at version 2; expected version 0 instead. " +
                $"Add_ changed it at OriginTests.cs:{changed} (OriginTests.AddOne), and 1 further change followed. " +
                $"ExpBackward0 saved it at OriginTests.cs:{saved} (OriginTests.Exp). " +
                "Use an out-of-place operator (x = x + y instead of x += y or x.Add_(y)), or change a Clone().",
                Message<AutogradException>(() => y.Sum().Backward()));
        }
    }

    /// <summary>Each way of changing memory, recorded or not, through the tensor, a view, or another tensor of the same memory.</summary>
    [Theory]
    [InlineData("Add_")]
    [InlineData("Exp_")]
    [InlineData("Zero_")]
    [InlineData("Fill_")]
    [InlineData("Copy_")]
    [InlineData("Uniform_")]
    [InlineData("IndexPut_")]
    [InlineData("Optimizer.Step")]
    public void EveryChangeIsNamed(string name)
    {
        Action<Tensor> change = name switch
        {
            "Add_" => t => t[1..].Add_(1),
            "Exp_" => t => t.Exp_(),
            "Zero_" => t => t.Zero_(),
            "Fill_" => t => t.Detach().Fill_(3),
            "Copy_" => t => t[0] = 1,
            "Uniform_" => t => t.Uniform_(),
            "IndexPut_" => t => t[new[] { 1 }] = 1,
            _ => t => Step(t.Detach()),
        };
        foreach (var isRecorded in new[] { true, false })
        {
            using (Diagnose.TraceOrigins())
            {
                var x = Leaf(1, 2, 3);
                var w = x * 1;
                var y = (w * w).Sum();
                using (Autograd.SetGradEnabled(isRecorded))
                {
                    change(w);
                }

                var text = Message<AutogradException>(() => y.Backward());
                Assert.Contains($". {name} changed it at OriginTests.cs:", text, StringComparison.Ordinal);
                Assert.Contains("(OriginTests.EveryChangeIsNamed).", text, StringComparison.Ordinal);
            }
        }

        static void Step(Tensor parameter)
        {
            parameter.RequiresGrad = true;
            parameter.Grad = Tensor.OnesLike(parameter);
            new SGD([parameter], 0.1).Step();
        }
    }

    /// <summary>A pass after the scope still knows what was noted in it; what happens after it is not noted.</summary>
    [Fact]
    public void WhatWasNotedOutlivesTheScope()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Diagnose.TraceOrigins())
        {
            y = x.Exp();
            y.Add_(1);
        }

        Assert.Contains("Add_ changed it at OriginTests.cs:", Message<AutogradException>(() => y.Sum().Backward()), StringComparison.Ordinal);
        Assert.Null(x.Exp().GradFn!.Origin);
    }

    [Fact]
    public void ManyChangesAreNotKept()
    {
        Tensor x = [1.0, 1];
        using (Diagnose.TraceOrigins())
        {
            for (var i = 0; i < 100; i++)
            {
                x.Add_(1);
            }

            var w = Leaf(1, 2);
            var y = (w * x).Sum();
            for (var i = 0; i < 40; i++)
            {
                x.Add_(1);
            }

            Assert.Contains(
                "Add_ changed it at OriginTests.cs:", Message<AutogradException>(() => y.Backward()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NothingIsHeld() => Engine.Collected.Gone(() =>
    {
        using (Diagnose.TraceOrigins())
        {
            var x = Leaf(1, 2);
            var y = x.Exp();
            y.Add_(1);
            return [x, y, y.GradFn!, y.GradFn!.Origin!];
        }
    });

    /// <summary>As grad mode: on in what the scope awaits and starts, off beside it.</summary>
    [Fact]
    public async Task FollowsAwait()
    {
        var x = Leaf(1, 2);
        var gate = new TaskCompletionSource();
        var beside = Task.Run(async () =>
        {
            await gate.Task;
            return x.Exp().GradFn!.Origin;
        }, TestContext.Current.CancellationToken);
        using (Diagnose.TraceOrigins())
        {
            await Task.Yield();
            Assert.NotNull(x.Exp().GradFn!.Origin);
            Assert.NotNull(await Task.Run(() => x.Exp().GradFn!.Origin, TestContext.Current.CancellationToken));
            Assert.Equal("OriginTests.FollowsAwait", x.Exp().GradFn!.Origin!.Method);
            gate.SetResult();
            Assert.Null(await beside);
        }

        Assert.Null(x.Exp().GradFn!.Origin);
    }

    [Fact]
    public void ScopesNestAndEndInAnyOrder()
    {
        var x = Leaf(1, 2);
        var outer = Diagnose.TraceOrigins();
        var inner = Diagnose.TraceOrigins();
        outer.Dispose();
        Assert.NotNull(x.Exp().GradFn!.Origin);
        inner.Dispose();
        Assert.Null(x.Exp().GradFn!.Origin);
        inner.Dispose();
        Assert.Null(x.Exp().GradFn!.Origin);
    }

    /// <summary>The names that the C# compiler gives to what it moves, as its documentation and decompilers show them.</summary>
    [Theory]
    [InlineData("Space.Program", "Main", "Program.Main")]
    [InlineData("Program", "<Main>$", "Program.Main")]
    [InlineData("A.B.Model+<Fit>d__3", "MoveNext", "Model.Fit")]
    [InlineData("A.Model+<>c", "<Run>b__0_1", "Model.Run")]
    [InlineData("A.Model+<>c__DisplayClass4_0", "<Run>g__Inner|0", "Model.Run")]
    [InlineData("A.Outer+Inner`1", "Call", "Outer.Inner.Call")]
    [InlineData("A.Model+<>c__DisplayClass4_0+<<Run>b__0>d", "MoveNext", "Model.MoveNext")]
    public void MethodsAreNamedAsWritten(string type, string method, string written) => Assert.Equal(written, Origin.NameOf(type, method));
}
