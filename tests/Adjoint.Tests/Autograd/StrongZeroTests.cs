using static Adjoint.Transform;

namespace Adjoint.Tests.Engine;

/// <summary>
/// A branch that was not taken has no gradient, whatever the slopes on the way: the derivative of x log x is log x + 1, of log x 1 / x, and of what
/// is
/// constant 0.
/// </summary>
public class StrongZeroTests
{
    [Fact]
    public void TheBranchNotTakenGivesNoNaN()
    {
        var x = Leaf(0, 1, 2);
        Tensor.Where(x > 0, x.Log(), 0, strongZero: true).Sum().Backward();
        Assert.Equal([0, 1, 0.5], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void WithoutItTheGradientIsNaNAsInPyTorch()
    {
        var x = Leaf(0, 1);
        Tensor.Where(x > 0, (x * 2).Sqrt() * x.Log(), 0).Sum().Backward();
        Assert.Equal(double.NaN, x.Grad!.ToArray<double>()[0]);
    }

    [Fact]
    public void ItHoldsThroughSeveralOperators()
    {
        var x = Leaf(0, 1, Math.E);
        var inner = x.Reshape(3, 1).Expand(3, 2).Log();
        Tensor.Where(x.Detach().Reshape(3, 1) > 0, inner * x.Reshape(3, 1).Sqrt().Square(), 0, strongZero: true).Sum().Backward();
        Assert.Equal([0, 2, 4], x.Grad!.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void WhatWasBroadcastIsSummedWithoutNaN()
    {
        var (x, b) = (Leaf(0, 1, 4), Leaf(0));
        Tensor.Where(x.Detach() > 0, (x + b).Log() / (x * (b + 1)), 0, strongZero: true).Sum().Backward();

        // d/db of log(x + b) / (x (b + 1)) at b = 0 is 1 / x^2 - log(x) / x.
        Assert.Equal(1 + (1.0 / 16) - (Math.Log(4) / 4), b.Grad!.Item(), 1e-14);
        Assert.Equal(0, x.Grad!.ToArray<double>()[0]);
    }

    [Fact]
    public void ToEveryOrder()
    {
        var x = Leaf(0, 1, 2);
        var y = Tensor.Where(x > 0, x * x.Log(), 0, strongZero: true);
        var first = Autograd.Grad([y.Sum()], [x], createGraph: true)[0]!;
        var second = Autograd.Grad([first.Sum()], [x], createGraph: true)[0]!;
        var third = Autograd.Grad([second.Sum()], [x])[0]!;
        Near([0, 1, Math.Log(2) + 1], first);
        Near([0, 1, 0.5], second);
        Near([0, -1, -0.25], third);
    }

    [Fact]
    public void UnderTransforms()
    {
        static Tensor F(Tensor x) => Tensor.Where(x > 0, x * x.Log(), 0, strongZero: true).Sum();
        var x = Tensor.FromArray(new double[] { 0, 1, 2 });
        Near([0, 1, Math.Log(2) + 1], Grad(F)(x));
        Near([0, 1, Math.Log(2) + 1], Vmap(Grad(F))(x));
        Near([0, 0, 0, 0, 1, 0, 0, 0, 0.5], Hessian(F)(x).Reshape(-1));
        Assert.Equal(1 + (2 * (Math.Log(2) + 1)), Jvp(F, x, Tensor.FromArray(new double[] { 5, 1, 2 })).Tangent.Item(), 1e-14);
    }

    [Fact]
    public void MasksToo()
    {
        var x = Leaf(0, 1, 2);
        x.Log().MaskedFill(x.Detach() <= 0, 7, strongZero: true).Sum().Backward();
        Assert.Equal([0, 1, 0.5], x.Grad!.ToArray<double>());
        var v = Leaf(3);
        x.Grad = null;
        x.Log().MaskedFill(x.Detach() <= 0, v.Sum(), strongZero: true).Sum().Backward();
        Assert.Equal([0, 1, 0.5], x.Grad!.ToArray<double>());
        Assert.Equal(1, v.Grad!.Item());
    }

    [Fact]
    public void HooksSeeTheSame()
    {
        var x = Leaf(0, 1);
        var log = x.Log();
        log.RetainGrad();
        var seen = 0;
        log.RegisterHook(gradient =>
        {
            seen++;
            return gradient * 3;
        });
        Tensor.Where(x > 0, log, 0, strongZero: true).Sum().Backward();
        Assert.Equal([0, 3], x.Grad!.ToArray<double>());
        Assert.Equal(1, seen);
    }

    /// <summary>A gradient that is 0 by itself is a number: nobody said that it does not count.</summary>
    [Fact]
    public void AnotherUseCounts()
    {
        var x = Leaf(0, 1);
        var log = x.Log();
        (Tensor.Where(x > 0, log, 0, strongZero: true) + (log * 0)).Sum().Backward();
        Assert.Equal(double.NaN, x.Grad!.ToArray<double>()[0]);
    }

    private static Tensor Leaf(params double[] values) => Tensor.FromArray(values).RequiresGrad_();

    private static void Near(double[] expected, Tensor actual) =>
        Assert.Equal(expected, actual.Detach().ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
}
