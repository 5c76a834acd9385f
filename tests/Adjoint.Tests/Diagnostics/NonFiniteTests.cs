using System.Runtime.CompilerServices;
using Adjoint.Tests.Engine;
using static Adjoint.Tests.Diagnostics.Here;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Diagnostics;

/// <summary>The first value that is not finite: who made it, from what, at which line, and how it gets to the loss.</summary>
public class NonFiniteTests
{
    // One statement each: the compilers may join statements of a longer method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Log(Tensor x, out int line) => (line = Line()) > 0 ? x.Log() : x;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Times(Tensor x, Tensor y, out int line) => (line = Line()) > 0 ? x * y : x;

    [Fact]
    public void OffByDefault()
    {
        var x = Leaf(0, -1);
        x.Log().Sum().Backward();
        Assert.Null(x.Log().GradFn!.Origin);
    }

    [Fact]
    public void FiniteValuesHaveNoPassport() => Assert.Null(Diagnose.FindNonFinite(() => (Leaf(1, 2).Log() * 2).Sum()));

    /// <summary>The whole text, for log(-1) and log(0).</summary>
    [Fact]
    public void AForwardOperatorIsNamed()
    {
        var x = Leaf(1, 0, -1);
        var (log, times) = (0, 0);
        var passport = Diagnose.FindNonFinite(() => Times(Log(x, out log), Leaf(2), out times).Mean())!;
        Assert.Equal(NonFiniteCause.Forward, passport.Cause);
        Assert.Equal("Log", passport.Operation);
        Assert.Equal(log, passport.Origin!.Line);
        Assert.Equal((1, 1, 0.0, 0.0), (passport.Value.NaNs, passport.Value.Infinities, passport.Value.Min, passport.Value.Max));
        Assert.Equal(
            $"""
            Log made 1 NaN and 1 infinite value in the forward pass; it was called at NonFiniteTests.cs:{log} (NonFiniteTests.Log).
              result: [3] float64, all 0, 1 NaN, 1 infinite
              input 0: [3] float64, from -1 to 1
              path to the loss: LogBackward0 at NonFiniteTests.cs:{log} (NonFiniteTests.Log) -> MulBackward0 at NonFiniteTests.cs:{times} (NonFiniteTests.Times) -> 
            """.ReplaceLineEndings("\n"),
            passport.ToString()[..passport.ToString().IndexOf("MeanBackward0", StringComparison.Ordinal)]);
        Assert.Null(x.Grad);
    }

    /// <summary>The root of 0 is finite, its derivative is not.</summary>
    [Fact]
    public void ABackwardOperatorIsNamed()
    {
        var x = Leaf(4, 0);
        var passport = Diagnose.FindNonFinite(() => (x.Sqrt() * 3).Sum())!;
        Assert.Equal(NonFiniteCause.Backward, passport.Cause);
        Assert.Equal("SqrtBackward0", passport.Operation);
        var lines = passport.ToString().Split('\n');
        Assert.StartsWith(
            "SqrtBackward0 made 1 infinite value in the gradient of its input 0, in the backward pass; it was called at NonFiniteTests.cs:",
            lines[0],
            StringComparison.Ordinal);
        Assert.Equal("  gradient of input 0: [2] float64, all 0.75, 1 infinite", lines[1]);
        Assert.Equal("  input 0: [2] float64, from 0 to 4", lines[2]);
        Assert.Equal("  result: [2] float64, from 0 to 2", lines[3]);
        Assert.Equal(
            ["SqrtBackward0", "MulBackward0", "SumBackward0"], passport.Path.Select(step => step.Split(" at ")[0]));
    }

    /// <summary>It is the first that counts, not the ones that pass it on, and not the node that a backward pass would meet first.</summary>
    [Fact]
    public void TheFirstIsKept()
    {
        var x = Leaf(0);
        using var watch = Diagnose.WatchNonFinite();
        var y = (1 / x).Exp() - (1 / x).Exp();
        Assert.Equal("Reciprocal", watch.First!.Operation);
        Assert.Empty(watch.First.Path);
        y.Backward([1.0]);
        Assert.NotEmpty(watch.First.Path);
        Assert.StartsWith("SubBackward0", watch.First.Path[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCameFromOutsideIsSaid()
    {
        var x = Leaf(1, 2);
        var data = Tensor.FromArray([1, double.NaN]);
        var passport = Diagnose.FindNonFinite(() => (x * data).Sum())!;
        Assert.Equal(NonFiniteCause.Input, passport.Cause);
        Assert.StartsWith("Mul got 1 NaN in its input 1, which came from no operator; ", passport.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "\n  input 1: [2] float64, all 1, 1 NaN\n  input 0: [2] float64, from 1 to 2\n", passport.ToString(), StringComparison.Ordinal);

        var parameter = Leaf(double.PositiveInfinity);
        Assert.Equal(NonFiniteCause.Input, Diagnose.FindNonFinite(() => parameter.Tanh().Sum() * parameter.Sum())!.Cause);
    }

    [Fact]
    public void UnrecordedOperatorsCountToo()
    {
        using var watch = Diagnose.WatchNonFinite();
        _ = Tensor.FromArray([-1.0]).Sqrt();
        Assert.Equal(("Sqrt", NonFiniteCause.Forward), (watch.First!.Operation, watch.First.Cause));
        Assert.Equal("NonFiniteTests.UnrecordedOperatorsCountToo", watch.First.Origin!.Method);
    }

    /// <summary>A negative eps makes the root of a negative number; the exponential after it only passes that on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FusedOperatorsAreNamed(bool isRecorded)
    {
        var x = Tensor.FromArray([1.0, 2, 3, 5], 2, 2).RequiresGrad_(isRecorded);
        using var watch = Diagnose.WatchNonFinite();
        _ = x.LayerNorm([2], eps: -100).Exp();
        Assert.Equal(("LayerNorm", NonFiniteCause.Forward), (watch.First!.Operation, watch.First.Cause));
        Assert.Equal("  result: [2, 2] float64, 4 NaN", watch.First.ToString().Split('\n')[1]);
        Assert.EndsWith("\n  input 0: [2, 2] float64, from 1 to 5", watch.First.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An input that has no gradient, and so no edge, is seen like the others.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnInputWithoutAGradientIsNamed(bool isRecorded)
    {
        var x = Tensor.FromArray([1.0, 2, 3, 5], 2, 2).RequiresGrad_(isRecorded);
        Tensor mean = [0.0, double.NaN], variance = [1.0, 1];
        using var watch = Diagnose.WatchNonFinite();
        _ = x.BatchNorm(mean, variance, Tensor.Ones([2], DType.Float64), Tensor.Ones([2], DType.Float64));
        Assert.Equal(NonFiniteCause.Input, watch.First!.Cause);
        Assert.Contains("got 1 NaN in its input 3, which came from no operator", watch.First.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An ignored sample's infinite score is counted with nothing, and makes no NaN on the way.</summary>
    [Fact]
    public void AnIgnoredSampleIsNoAlarm()
    {
        var scores = Tensor.FromArray([-1.0, -2, double.NegativeInfinity, 0], 2, 2);
        using var watch = Diagnose.WatchNonFinite(infinities: false);
        Assert.Equal(2, scores.NllLoss(Tensor.FromArray([1L, -100])).Item());
        Assert.Null(watch.First);
    }

    [Fact]
    public void AChangeInPlaceIsNamed()
    {
        using var watch = Diagnose.WatchNonFinite();
        Tensor x = [1.0, 0];
        x.Div_(0);
        Assert.Equal(("Div_", NonFiniteCause.InPlace), (watch.First!.Operation, watch.First.Cause));
        Assert.StartsWith("Div_ left 1 NaN and 1 infinite value in the tensor that it changed; ", watch.First.ToString(), StringComparison.Ordinal);

        using var another = Diagnose.WatchNonFinite();
        var y = Leaf(1, 2) * 1;
        y.Div_(0);
        Assert.Equal(("Div", NonFiniteCause.Forward), (another.First!.Operation, another.First.Cause));
    }

    [Fact]
    public void AGradientFromOutsideIsSaid()
    {
        var x = Leaf(1);
        using var watch = Diagnose.WatchNonFinite();
        (x * 2).Backward([double.NaN]);
        Assert.Equal((NonFiniteCause.Gradient, "MulBackward0"), (watch.First!.Cause, watch.First.Operation));
    }

    [Fact]
    public void InfinitiesMayBeMeant()
    {
        var x = Leaf(1, 2);
        Tensor mask = [0, double.NegativeInfinity];
        Assert.Null(Diagnose.FindNonFinite(() => (x + mask).Exp().Sum(), infinities: false));
        Assert.NotNull(Diagnose.FindNonFinite(() => (x + mask).Exp().Sum()));
    }

    [Fact]
    public void ThrowsWhereItIsMade()
    {
        var x = Leaf(0);
        using (Diagnose.WatchNonFinite(throws: true))
        {
            var made = Assert.Throws<NonFiniteException>(() => x.Log());
            Assert.Equal("Log", made.Passport!.Operation);
            Assert.Equal(made.Passport.ToString(), made.Message);
        }

        using (Diagnose.WatchNonFinite(throws: true))
        {
            Assert.Equal("SqrtBackward0", Assert.Throws<NonFiniteException>(() => x.Sqrt().Backward([1.0])).Passport!.Operation);
        }

        Assert.Null(x.Grad);
    }

    [Fact]
    public void TransformsAreWatched()
    {
        var passport = Diagnose.FindNonFinite(() => Transform.Grad((Tensor v) => v.Log().Sum())(Tensor.FromArray([0.0, 1])));
        Assert.Equal("Log", passport!.Operation);
    }

    [Fact]
    public void MisuseIsAnError()
    {
        Assert.Throws<ArgumentNullException>(() => Diagnose.FindNonFinite(null!));
        Assert.Null(Diagnose.FindNonFinite(() => Tensor.Ones(2)));
        Assert.Null(Diagnose.FindNonFinite(() => Tensor.Ones(2).RequiresGrad_()));
    }

    [Fact]
    public void NothingIsHeld()
    {
        using var outer = Diagnose.WatchNonFinite();
        Collected.Gone(() =>
        {
            using var watch = Diagnose.WatchNonFinite();
            var x = Leaf(0, 1);
            var y = x.Log();
            y.Sum().Backward();
            return [x, y, y.GradFn!];
        });
        Assert.NotNull(outer.First);
    }

    [Fact]
    public async Task FollowsAwait()
    {
        using var watch = Diagnose.WatchNonFinite();
        await Task.Yield();
        await Task.Run(() => Leaf(0).Log(), TestContext.Current.CancellationToken);
        Assert.Equal("Log", watch.First!.Operation);
    }
}
