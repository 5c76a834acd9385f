using System.Runtime.CompilerServices;
using Adjoint.Tests.Diagnostics;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Anomaly mode: PyTorch's texts, and the lines of C#.</summary>
public class AnomalyTests
{
    /// <summary>Runs with a listener for warnings that speak of a word.</summary>
    private static List<string> Warnings(string about, Action action)
    {
        var heard = new List<string>();
        void Listen(string message)
        {
            if (message.Contains(about, StringComparison.Ordinal))
            {
                lock (heard)
                {
                    heard.Add(message);
                }
            }
        }

        Autograd.Warning += Listen;
        try
        {
            action();
        }
        finally
        {
            Autograd.Warning -= Listen;
        }

        return heard;
    }

    // One statement: the compilers may join statements of a longer method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Sqrt(Tensor x, out int line) => (line = Here.Line()) > 0 ? x.Sqrt() : x;

    [Fact]
    public void OffByDefault()
    {
        Assert.False(Autograd.IsAnomalyEnabled);
        Assert.False(Autograd.IsAnomalyCheckNanEnabled);
        var x = Leaf(0);
        (x.Sqrt() * 0).Backward([1.0]);
        Holds(x.Grad, double.NaN);
    }

    /// <summary>Row 21 of the texts: engine.cpp's, for the derivative of the root at 0 times 0.</summary>
    [Fact]
    public void ANaNThrows()
    {
        var x = Leaf(0, 1);
        using (Autograd.DetectAnomaly())
        {
            var root = Sqrt(x, out var line);
            var y = (root * 0).Sum();
            var text = string.Empty;
            var heard = Warnings(nameof(ANaNThrows), () => text = Message<AutogradException>(() => y.Backward()));
            Assert.Equal(
                "Function 'SqrtBackward0' returned nan values in its 0th output. " +
                $"Sqrt was called at AnomalyTests.cs:{line} (AnomalyTests.Sqrt). " +
                "Diagnose.FindNonFinite names the first operation, forward or backward, that made a value that is not finite.",
                text);
            Assert.StartsWith(
                "Error detected in SqrtBackward0. Traceback of forward call that caused the error:\n   at AnomalyTests.Sqrt in ",
                Assert.Single(heard),
                StringComparison.Ordinal);
        }

        Assert.Null(x.Grad);
    }

    /// <summary>The second input's gradient is the one that is not a number: 0 * log(0).</summary>
    [Fact]
    public void TheOutputIsCounted()
    {
        var (x, y) = (Leaf(1), Leaf(double.NaN));
        using (Autograd.DetectAnomaly())
        {
            var product = y * x;
            Fails<AutogradException>(
                "Function 'MulBackward0' returned nan values in its 1th output.", () => product.Backward([1.0]));
        }
    }

    /// <summary>As in PyTorch, infinities pass, and all passes without the check.</summary>
    [Fact]
    public void WhatPasses()
    {
        var x = Leaf(0);
        using (Autograd.DetectAnomaly())
        {
            x.Sqrt().Backward([1.0]);
        }

        Holds(x.Grad, double.PositiveInfinity);
        x.Grad = null;
        using (Autograd.DetectAnomaly(checkNan: false))
        {
            Assert.True(Autograd.IsAnomalyEnabled);
            Assert.False(Autograd.IsAnomalyCheckNanEnabled);
            (x.Sqrt() * 0).Backward([1.0]);
        }

        Holds(x.Grad, double.NaN);
    }

    [Fact]
    public void ThePassMayRunWithoutTheForwardPart()
    {
        var x = Leaf(0);
        var y = x.Sqrt() * 0;
        using (Autograd.DetectAnomaly())
        {
            var text = string.Empty;
            var heard = Warnings("SqrtBackward0. No forward", () => text = Message<AutogradException>(() => y.Backward([1.0])));
            Assert.Contains("open the scope of Autograd.DetectAnomaly around the forward pass too", text, StringComparison.Ordinal);
            Assert.Contains(
                "Error detected in SqrtBackward0. No forward pass information available. Enable detect anomaly during forward pass for more " +
                "information.",
                heard);
        }
    }

    /// <summary>PyTorch's python_anomaly_mode.cpp: a node that a backward pass recorded names the node that induced it.</summary>
    [Fact]
    public void NestedPassesNameWhatInducedThem()
    {
        var x = Leaf(0);
        using (Autograd.DetectAnomaly())
        {
            // The backward part multiplies by sqrt(0 x), whose own derivative is infinite, times 0 not a number.
            var y = Autograd.Function((_, v) => v.Clone(), (_, g) => g * (x * 0).Sqrt(), "Rooted")(x);
            var first = Autograd.Grad([y], [x], [Tensor.Ones([1], DType.Float64)], createGraph: true)[0]!;
            var heard = Warnings(nameof(NestedPassesNameWhatInducedThem), () => Fails<AutogradException>(
                "Function 'MulBackward0' returned nan values in its 0th output.", () => first.Backward([1.0])));
            Assert.Matches(
                "^Error detected in MulBackward0. Traceback of forward call that caused the error:\n   at (.|\n)*\n\n" +
                "Previous calculation was induced by RootedBackward. Traceback of forward call that induced the previous calculation:\n   at ",
                Assert.Single(heard));
        }

        Assert.Null(x.Grad);
    }

    [Fact]
    public void AnyFailureIsTraced()
    {
        var x = Leaf(1);
        using (Autograd.DetectAnomaly())
        {
            var y = Autograd.Function(
                (_, v) => v.Exp(), (_, _) => throw new TimeoutException("late"))(x);
            var heard = Warnings(nameof(AnyFailureIsTraced), () => Assert.Throws<TimeoutException>(() => y.Backward([1.0])));
            Assert.Contains(
                "Traceback of forward call that caused the error:\n   at AnomalyTests.AnyFailureIsTraced",
                Assert.Single(heard),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheChangerOfASavedValueIsNamed()
    {
        using (Autograd.DetectAnomaly())
        {
            var x = Leaf(1, 2);
            var y = x.Tanh();
            y.Mul_(2);
            Assert.Contains("Mul_ changed it at AnomalyTests.cs:", Message<AutogradException>(() => y.Sum().Backward()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheInnermostCounts()
    {
        var x = Leaf(0);
        using (Autograd.DetectAnomaly())
        {
            using (Autograd.SetDetectAnomaly(false))
            {
                Assert.False(Autograd.IsAnomalyEnabled);
                Assert.Null(x.Exp().GradFn!.Origin);
                (x.Sqrt() * 0).Backward([1.0]);
            }

            Assert.True(Autograd.IsAnomalyEnabled);
            Assert.Throws<AutogradException>(() => (x.Sqrt() * 0).Backward([1.0]));
        }

        Assert.False(Autograd.IsAnomalyEnabled);
    }

    [Fact]
    public void HooksSeeWhatTheySawBefore()
    {
        var x = Leaf(1, 2);
        var seen = new List<string>();
        using (Autograd.DetectAnomaly())
        {
            var y = x * x;
            y.GradFn!.RegisterPreHook((Tensor g) =>
            {
                seen.Add("pre");
                return g * 2;
            });
            y.GradFn.RegisterHook((inputs, _) =>
            {
                seen.Add($"post {inputs.Length}");
                return null;
            });
            y.Sum().Backward();
        }

        // Twice the derivative 2x.
        Holds(x.Grad, 4, 8);
        Assert.Equal(["pre", "post 2"], seen);
    }

    [Fact]
    public void Warns() => Assert.Contains(
        "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.",
        Warnings("Anomaly Detection", () => Autograd.DetectAnomaly().Dispose()));

    [Fact]
    public void NothingIsHeld() => Collected.Gone(() =>
    {
        using (Autograd.DetectAnomaly())
        {
            var x = Leaf(1, 2);
            var y = x.Exp();
            y.Sum().Backward();
            return [x, y, y.GradFn!, x.Grad!];
        }
    });
}
