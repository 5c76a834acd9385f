using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Changes in place and index writes inside of transforms against eager loops, which really change memory: whole tensors, views, chains of views,
/// buffers that were made plain, with values and gradients from inside and from outside.
/// </summary>
public class InPlaceInTransformsTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["argument"] = x =>
        {
            x.Mul_(3).Sub_(1);
            return x * x;
        },
        ["whole"] = x =>
        {
            var y = x * 2;
            y.Add_(x).Mul_(y.Exp());
            return y * x;
        },
        ["row"] = x =>
        {
            var y = x.Clone();
            y[1].Mul_(x[0]);
            return y * y;
        },
        ["view before the change"] = x =>
        {
            var y = x.Clone();
            var column = y[.., 1];
            y.Mul_(x);
            return column.Sin() + y.Sum(1);
        },
        ["views of views"] = x =>
        {
            var y = x * 1;
            var t = y.T;
            var part = t[1..][0];
            part.Mul_(x[0, 1]);
            t[0].Add_(part);
            y[0].Mul_(3);
            return t * part.Clone();
        },
        ["flat view"] = x =>
        {
            var y = x.Clone();
            y.View(-1)[1..4].Mul_(x[0, 0]);
            return y.Square();
        },
        ["index"] = x =>
        {
            var y = x.Clone();
            y[0, 1] = x[1, 0] * x[1, 1];
            y[1] = 2;
            return y * x;
        },
        ["index tensors"] = x =>
        {
            var y = x * 2;
            y[Tensor.FromArray(new[] { 1L, 0 }), Tensor.FromArray(new[] { 0L, 2 })] = x[0, ..2] * x[1, ..2];
            return y * y;
        },
        ["mask"] = x =>
        {
            var y = x * 2;
            y[Tensor.FromArray(new[] { true, false, true, false, false, true }, 2, 3)] = x[0];
            return y * y;
        },
        ["buffer"] = x =>
        {
            var buffer = Tensor.Zeros([2, 3], DType.Float64);
            buffer[0] = x[1];
            buffer[1, 0] = x[0, 2] * x[0, 1];
            buffer.Add_(1);
            return buffer * buffer;
        },
        ["row of a buffer"] = x =>
        {
            var buffer = Tensor.Ones([2, 3], DType.Float64);
            var row = buffer[0];
            row.Mul_(x[1]);
            buffer.Mul_(x);
            return buffer.Sin() * row;
        },
        ["rows of a buffer"] = x =>
        {
            var buffer = Tensor.Ones([2, 3], DType.Float64);
            buffer[0].Copy_(x[1]);
            var row = buffer[1];
            row.Mul_(x[0].Sin());
            return buffer * x;
        },
        ["whole of a zeroed"] = x =>
        {
            var y = x.Clone();
            y.Zero_();
            y.Add_(x.Square());
            y[0].Fill_(x[1, 1]);
            return y * x;
        },
        ["constant into it"] = x =>
        {
            var y = x.Clone();
            y.Copy_(Tensor.FromArray(new[] { 1.0, 2, 3 }));
            y.Mul_(x);
            return y;
        },
        ["without recording"] = x =>
        {
            var y = x.Square();
            using (Autograd.NoGrad())
            {
                y[0].Fill_(5);
            }

            return y.Square();
        },
        ["detached"] = x =>
        {
            var y = x.Square();
            y.Detach()[0].Fill_(5);
            return y.Sum() * x;
        },
        ["recurrence"] = x =>
        {
            var y = Tensor.Zeros([4], DType.Float64);
            y[0] = x[0, 0];
            for (var i = 1; i < 4; i++)
            {
                y[i] = y[i - 1].Clone().Sin() + x[1, 1];
            }

            return y * y;
        },
    };

    public static TheoryData<string> All => [.. Functions.Keys];

    private static Tensor Samples => Tensor.Linspace(0.2, 1.6, 12).To(DType.Float64).View(2, 2, 3);

    [Theory]
    [MemberData(nameof(All))]
    public void ABatchIsALoop(string name)
    {
        var f = Functions[name];
        var x = Samples;
        var before = x.ToArray<double>();
        Close(Loop(row => f(row.Clone()), x), NoLoop(() => Vmap(f)(x)));
        Assert.Equal(before, x.ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void GradientsFlowThroughABatch(string name)
    {
        var f = Functions[name];
        var x = Samples.RequiresGrad_();
        var g = Tensor.Linspace(1, 2, (int)f(Samples[0].Clone()).Count).To(DType.Float64).View(f(Samples[0].Clone()).Shape);
        var expected = Autograd.Grad((Loop(row => f(row.Clone()), x) * g).Sum(), x);
        Close(expected, NoLoop(() => Autograd.Grad((Vmap(f)(x) * g).Sum(), x)));
        Close(expected, NoLoop(() => Grad((Tensor a) => (Vmap(f)(a) * g).Sum())(x.Detach())));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void GradientsInsideOfABatch(string name)
    {
        var f = Functions[name];
        var x = Samples;
        Tensor Inner(Tensor row) => Grad((Tensor a) => f(a.Clone()).Square().Sum())(row);
        Tensor Eager(Tensor row)
        {
            var leaf = row.Detach().RequiresGrad_();
            return Autograd.Grad(f(leaf.Clone()).Square().Sum(), leaf);
        }

        Close(Loop(Eager, x), NoLoop(() => Vmap(Inner)(x)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TangentsAreThoseOfTheGradient(string name)
    {
        // Detached parts have a tangent of their own in forward mode and none in the tape's.
        var f = Functions[name];
        var (x, t) = (Samples[0].Clone(), Samples[1].Sin());
        if (name is "detached" or "without recording")
        {
            return;
        }

        var (value, tangent) = Jvp(f, x, t);
        Close(f(x.Clone()), value);
        var leaf = x.Clone().RequiresGrad_();
        var y = f(leaf.Clone());
        var g = y.Detach().Cos();
        Assert.Equal((Autograd.Grad((y * g).Sum(), leaf) * t).Sum().Item(), (tangent * g).Sum().Item(), 1e-10);

        // A batch of directions, and a batch of points.
        Close(tangent, Vmap((Tensor d) => Jvp(f, x, d).Tangent)(Tensor.Stack([t, t * 2]))[0]);
        var points = Samples;
        Close(Loop(p => Jvp(f, p, t).Tangent, points), NoLoop(() => Vmap((Tensor p) => Jvp(f, p, t).Tangent)(points)));
        Close(Loop(p => Jvp(f, p, t).Tangent, points), Jvp(Vmap(f), points, Tensor.Stack([t, t])).Tangent);
        var (_, push) = Linearize((Tensor a) => f(a.Clone()), x);
        Close(tangent, push(t));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void SecondDerivativesAreThoseOfTheTape(string name)
    {
        if (name is "detached" or "without recording")
        {
            return;
        }

        var f = Functions[name];
        var x = Samples[0].Clone();
        Tensor Scalar(Tensor a) => f(a.Clone()).Square().Sum();
        var leaf = x.Clone().RequiresGrad_();
        var first = Autograd.Grad(Scalar(leaf), leaf, createGraph: true);
        var rows = Enumerable.Range(0, 6).Select(i => Autograd.Grad(
            [first.View(-1)[i]], [leaf], retainGraph: true, allowUnused: true, materializeGrads: true)[0]!);
        var expected = Tensor.Stack([.. rows]).View(2, 3, 2, 3);
        Close(expected, Hessian(Scalar)(x));
        Close(expected, JacRev<Tensor>(Grad<Tensor>(Scalar))(x));
        Close(expected, JacFwd<Tensor>(Grad<Tensor>(Scalar))(x));
        var t = Samples[1].Cos();
        Close((expected * t).Sum(-1).Sum(-1), Jvp(Grad<Tensor>(Scalar), x, t).Tangent);
        Close(expected, NoLoop(() => Vmap((Tensor a) => Hessian(Scalar)(a))(x.Unsqueeze(0)))[0]);
    }

    [Fact]
    public void ATensorFromOutsideIsNotWritten()
    {
        var captured = Tensor.Zeros([3], DType.Float64);
        var x = Samples[0];
        Action[] calls =
        [
            () => Vmap((Tensor row) => captured.Add_(row))(x),
            () => Vmap((Tensor row) =>
            {
                captured[0] = row[0];
                return row;
            })(x),
            () => Vmap((Tensor row) => captured[1..].Copy_(row[1..]))(x),
            () => Jvp((Tensor row) => captured.Add_(row), x[0], x[0]),
            () => Jvp((Tensor row) => captured.Fill_(row[0]), x[0], x[0]),
            () => Vmap((Tensor row) => Vmap((Tensor element) => row[0].Add_(element))(row))(x),
            () => Hessian(a =>
            {
                captured[0] = a.Sum();
                return captured.Sum();
            })(x[0]),
        ];
        foreach (var call in calls)
        {
            Assert.Contains("mutate a captured Tensor", Assert.Throws<AutogradException>(call).Message, StringComparison.Ordinal);
            Assert.Equal([0.0, 0, 0], captured.ToArray<double>());
        }
    }

    [Fact]
    public void RefusalsAreWorded()
    {
        var captured = Tensor.Zeros([3], DType.Float64);
        Assert.StartsWith(
            "vmap: inplace arithmetic(self, *extra_args) is not possible because there exists a Tensor `other` in extra_args that has more " +
            "elements than `self`.",
            Assert.Throws<AutogradException>(() => Vmap((Tensor row) => captured.Add_(row))(Samples[0])).Message,
            StringComparison.Ordinal);
        foreach (var call in new Action[]
        {
            () => Jvp((Tensor row) => captured.Add_(row), Samples[0, 0], Samples[0, 1]),
            () => Grad((Tensor row) => captured.Add_(row).Sum())(Samples[0, 0]),
            () => Vjp((Tensor row) => captured.Mul_(row), Samples[0, 0]),
            () => JacRev((Tensor row) => captured.Copy_(row))(Samples[0, 0]),
        })
        {
            Assert.StartsWith(
                "During a grad (vjp, jvp, grad, etc) transform, the function provided attempted to call in-place operation that would mutate a " +
                "captured Tensor.",
                Assert.Throws<AutogradException>(call).Message,
                StringComparison.Ordinal);
            Assert.Equal([0.0, 0, 0], captured.ToArray<double>());
            Assert.False(captured.RequiresGrad);
        }
    }

    /// <summary>What does not differ between samples may be written outside, so that a counter counts once for all of them.</summary>
    [Fact]
    public void ACounterCounts()
    {
        var counter = Tensor.Zeros([], DType.Float64);
        NoLoop(() => Vmap((Tensor row) =>
        {
            counter.Add_(1);
            return row * counter;
        })(Samples[0]));
        Jvp((Tensor row) => row * counter.Add_(1), Samples[0], Samples[0]);
        Assert.Equal(2, counter.Item());
    }

    /// <summary>Statistics that a batch captures are refused as a whole; forward mode updates them, as the tape does.</summary>
    [Fact]
    public void CapturedRunningStatistics()
    {
        var (mean, variance) = (Tensor.Ones([3], DType.Float64), Tensor.Ones([3], DType.Float64));
        Assert.Throws<AutogradException>(() => Vmap((Tensor x) => x.BatchNorm(mean, variance, training: true))(Samples));
        Assert.Equal([1.0, 1, 1], mean.ToArray<double>());
        Assert.Equal([1.0, 1, 1], variance.ToArray<double>());
        var (own, ownVariance) = (mean.Clone(), variance.Clone());
        Samples[0].BatchNorm(own, ownVariance, training: true);
        Jvp((Tensor x) => x.BatchNorm(mean, variance, training: true), Samples[0], Samples[1]);
        Close(own, mean);
        Close(ownVariance, variance);
    }

    /// <summary>A tape refuses these, as PyTorch does; without one all of them see what changes.</summary>
    [Fact]
    public void SeveralViewsOfOneOperatorFollow()
    {
        Tensor Split(Tensor x)
        {
            var y = x * x;
            var parts = y.Split(1);
            parts[0].Mul_(parts[1]);
            parts[1].Sub_(parts[0]);
            return y.Sin();
        }

        Tensor Unbind(Tensor x)
        {
            var buffer = Tensor.Ones([2, 3], DType.Float64);
            var rows = buffer.Unbind();
            rows[0].Copy_(x[1]);
            rows[1].Mul_(x[0]).Add_(rows[0]);
            return buffer * x;
        }

        foreach (var f in new[] { Split, Unbind })
        {
            Close(Loop(f, Samples), NoLoop(() => Vmap(f)(Samples)));
            var (x, t) = (Samples[0], Samples[1]);
            var step = 1e-6;
            Close((f(x + (step * t)) - f(x - (step * t))) / (2 * step), Jvp(f, x, t).Tangent, 1e-7);
        }
    }

    [Fact]
    public void WhatAnOperationSavedMustNotChange() => Assert.Contains(
        "modified by an inplace operation",
        Assert.Throws<AutogradException>(() => Vmap(Grad((Tensor a) =>
        {
            var y = a * 1;
            var z = y.Square();
            y.Add_(1);
            return z.Sum();
        }))(Samples[0])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void AnOldViewOfABufferIsRefusedAndNotStale()
    {
        var thrown = Assert.Throws<AutogradException>(() => Vmap((Tensor row) =>
        {
            var buffer = Tensor.Zeros([3], DType.Float64);
            var view = buffer[1..];
            buffer.Add_(row);
            return view * 2;
        })(Samples[0]));
        Assert.Contains("Make the view after the change", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>A function that looks at numbers runs sample by sample; nothing of the caller's changes then either.</summary>
    [Fact]
    public void ALoopLeavesTheArgumentsAlone()
    {
        var x = Samples;
        var before = x.ToArray<double>();
        Tensor F(Tensor a)
        {
            a.Mul_(2);
            if (a.Sum().Item() > 3)
            {
                a[0] = 1;
            }

            a.Add_(1);
            return a;
        }

        Close(Loop(row => F(row.Clone()), x), Vmap(F)(x));
        Assert.Equal(before, x.ToArray<double>());
    }

    /// <summary>Running statistics that come as arguments: PyTorch's rule, momentum 0.1 and the unbiased variance.</summary>
    [Fact]
    public void RunningStatisticsAreUpdatedInABatch()
    {
        var (x, mean, variance) = (Tensor.Randn([3, 4, 2], DType.Float64), Tensor.Zeros([3, 2], DType.Float64), Tensor.Ones([3, 2], DType.Float64));
        var (y, means, variances) = NoLoop(() => Vmap(((Tensor X, Tensor Mean, Tensor Var) a) =>
        {
            var y = a.X.BatchNorm(a.Mean, a.Var, training: true);
            return (y, a.Mean, a.Var);
        })((x, mean, variance)));
        for (var i = 0; i < 3; i++)
        {
            var (m, v) = (mean[i].Clone(), variance[i].Clone());
            Close(x[i].BatchNorm(m, v, training: true), y[i]);
            Close(m, means[i]);
            Close(v, variances[i]);
        }

        Assert.Equal(0, mean.Abs().Sum().Item());
    }

    [Fact]
    public void RandomNumbersAreWrittenForEachSample()
    {
        Generator.Default.ManualSeed(3);
        var y = Vmap((Tensor row) => row.Clone().Uniform_(), randomness: Randomness.Different)(Tensor.Zeros([2, 5], DType.Float64));
        Assert.NotEqual(y[0].ToArray<double>(), y[1].ToArray<double>());
        y = Vmap((Tensor row) => row.Clone().Normal_(), randomness: Randomness.Same)(Tensor.Zeros([2, 5], DType.Float64));
        Assert.Equal(y[0].ToArray<double>(), y[1].ToArray<double>());
    }

    private static Tensor Loop(Func<Tensor, Tensor> f, Tensor x) => Tensor.Stack([.. Enumerable.Range(0, x.Shape[0]).Select(i => f(x[i]))]);

    /// <summary>Runs all samples at once, or fails.</summary>
    private static T NoLoop<T>(Func<T> function)
    {
        var thread = Environment.CurrentManagedThreadId;
        string? warning = null;
        void Listen(string message) => warning = Environment.CurrentManagedThreadId == thread ? message : warning;
        Autograd.Warning += Listen;
        try
        {
            var result = function();
            Assert.Null(warning);
            return result;
        }
        finally
        {
            Autograd.Warning -= Listen;
        }
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance = 1e-10)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(
            expected.Detach().ToArray<double>(),
            actual.Detach().ToArray<double>(),
            (p, q) => Math.Abs(p - q) <= tolerance * Math.Max(1, Math.Abs(p)));
    }
}
