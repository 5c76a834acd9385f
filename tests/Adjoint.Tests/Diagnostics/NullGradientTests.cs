using Adjoint.Tests.Engine;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Diagnostics;

/// <summary>Why a gradient is null: each reason, with what is known without tracing and with it.</summary>
public class NullGradientTests
{
    private static NullGradient Traced(Tensor x, Func<Tensor, Tensor> loss)
    {
        using (Diagnose.TraceOrigins())
        {
            var y = loss(x);
            if (y.RequiresGrad)
            {
                y.Sum().Backward();
            }

            return Diagnose.WhyIsGradientNull(y, x);
        }
    }

    private static void Explains(NullGradientReason reason, string start, NullGradient actual)
    {
        Assert.Equal(reason, actual.Reason);
        Assert.StartsWith(start, actual.Explanation, StringComparison.Ordinal);
        Assert.Equal(actual.Explanation, actual.ToString());
    }

    [Fact]
    public void ItIsNotNull()
    {
        var x = Leaf(1);
        var y = x * x;
        y.Backward([1.0]);
        Explains(NullGradientReason.NotNull, "The gradient is not null.", Diagnose.WhyIsGradientNull(y, x));
    }

    [Fact]
    public void ItDoesNotRequireGrad()
    {
        Explains(
            NullGradientReason.NotRequired,
            "The tensor does not require grad. Set RequiresGrad = true before it is used;",
            Diagnose.WhyIsGradientNull(Leaf(1) * 2, Tensor.Ones(1)));
        Explains(
            NullGradientReason.WholeNumbers,
            "The tensor is of torch.int64, and only tensors of real numbers have gradients.",
            Diagnose.WhyIsGradientNull(Leaf(1) * 2, Tensor.Zeros([2], DType.Int64)));
    }

    [Fact]
    public void NoPassRan()
    {
        var x = Leaf(1);
        Explains(
            NullGradientReason.NeverRan,
            "The loss depends on the tensor, but no backward pass ran yet. Call loss.Backward().",
            Diagnose.WhyIsGradientNull(x * 2, x));
    }

    [Fact]
    public void ThePassAccumulatedNothing()
    {
        var x = Leaf(1);
        var y = x * 2;
        Autograd.Grad([y], [x], [Tensor.OnesLike(y)]);
        Explains(
            NullGradientReason.NotAccumulated,
            "The loss depends on the tensor, and a backward pass ran over its graph, but there is no gradient here: the pass was Autograd.Grad,",
            Diagnose.WhyIsGradientNull(y, x));
    }

    [Fact]
    public void ItWasCleared()
    {
        using (Diagnose.TraceOrigins())
        {
            var x = Leaf(1);
            var y = x * 2;
            y.Sum().Backward();
            x.Grad = null;
            Explains(
                NullGradientReason.Cleared,
                "A gradient arrived, and was set to null since, by ZeroGrad or an assignment.",
                Diagnose.WhyIsGradientNull(y, x));
        }
    }

    [Fact]
    public void ItIsNoLeaf()
    {
        var x = Leaf(1) * 2;
        var y = x * x;
        y.Backward([1.0]);
        Explains(
            NullGradientReason.NotRetained,
            "The tensor is a result of MulBackward0, and results let their gradients go. Call RetainGrad()",
            Diagnose.WhyIsGradientNull(y, x));
    }

    [Fact]
    public void DetachCutThePath()
    {
        var why = Traced(Leaf(1, 2), x => (x.Exp().Detach()[..1] * Leaf(3)).Sum());
        Explains(
            NullGradientReason.Detached, "Detach cut the path, at NullGradientTests.cs:", why);
        Assert.Contains(
            "(NullGradientTests.DetachCutThePath). Leave it out if gradients are to flow through. ", why.Explanation, StringComparison.Ordinal);
        Assert.Contains(" What came of it went on to MulBackward0 at NullGradientTests.cs:", why.Explanation, StringComparison.Ordinal);
        Assert.Equal("Detach", why.Operation);
        Assert.Equal("NullGradientTests.DetachCutThePath", why.Origin!.Method);
    }

    [Fact]
    public void NoGradCutThePath()
    {
        var why = Traced(Leaf(1, 2), x =>
        {
            Tensor inner;
            using (Autograd.NoGrad())
            {
                inner = x.Tanh();
            }

            return Tensor.Cat([inner, Leaf(3)]).Sum();
        });
        Explains(NullGradientReason.NoGrad, "Tanh ran while nothing was recorded, at NullGradientTests.cs:", why);
        Assert.Contains(
            ": inside Autograd.NoGrad(), or after SetGradEnabled(false). Move it out of there.", why.Explanation, StringComparison.Ordinal);
        Assert.Contains(" What came of it went on to CatBackward0 at", why.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbersCutThePath()
    {
        Explains(
            NullGradientReason.WholeNumbers,
            "To gives torch.int64, at NullGradientTests.cs:",
            Traced(Leaf(1, 2), x => x.To(DType.Int64).To(DType.Float64) * Leaf(3)));
        Explains(
            NullGradientReason.WholeNumbers,
            "Gt gives torch.bool, at NullGradientTests.cs:",
            Traced(Leaf(1, 2), x => (x > 1).To(DType.Float64) * Leaf(3)));
        Explains(
            NullGradientReason.WholeNumbers,
            "Argmax gives torch.int64, at NullGradientTests.cs:",
            Traced(Leaf(1, 2), x => x.Argmax().To(DType.Float64) * Leaf(3)));
    }

    [Fact]
    public void TheWholeLossIsCutOff()
    {
        Explains(NullGradientReason.Detached, "Detach cut the path, at NullGradientTests.cs:", Traced(Leaf(1), x => (x * 2).Sum().Detach()));
        var y = Tensor.Ones(2).Sum();
        Explains(
            NullGradientReason.NotReached,
            "The loss has no history: none of the tensors it was computed from required grad then, or nothing was recorded. To see where",
            Diagnose.WhyIsGradientNull(y, Leaf(1)));
    }

    [Fact]
    public void ItRequiredGradTooLate()
    {
        Tensor x = [1.0, 2];
        var why = Traced(x, v =>
        {
            var y = v * Leaf(3);
            v.RequiresGrad = true;
            return y;
        });
        Explains(
            NullGradientReason.RequiredTooLate, "The tensor did not require grad yet when MulBackward0 used it at NullGradientTests.cs:", why);
    }

    [Fact]
    public void ItWasNotUsed()
    {
        Explains(
            NullGradientReason.NotReached,
            "The loss does not depend on the tensor: its graph ends in 2 other leaves, of shapes [1], [2]. No operator led from the tensor",
            Traced(Leaf(1), x => Leaf(1) * Leaf(1, x.Item<double>())));
        var why = Diagnose.WhyIsGradientNull(Leaf(1).Exp(), Leaf(1));
        Explains(
            NullGradientReason.NotReached,
            "The loss does not depend on the tensor: its graph ends in 1 other leaf, of shape [1]. To see where the path is cut,",
            why);
    }

    /// <summary>A recorded way counts more than one that was cut.</summary>
    [Fact]
    public void ARecordedWayIsFoundBesideACutOne()
    {
        var x = Leaf(1, 2);
        using (Diagnose.TraceOrigins())
        {
            Assert.Equal(NullGradientReason.NeverRan, Diagnose.WhyIsGradientNull(x.Detach() * x, x).Reason);
        }
    }

    [Fact]
    public void AResultWithoutHistoryNamesItsCut()
    {
        using (Diagnose.TraceOrigins())
        {
            var x = (Leaf(1) * 2).Detach();
            var why = Diagnose.WhyIsGradientNull(x * Leaf(1), x);
            Explains(
                NullGradientReason.Detached,
                "The tensor does not require grad, because it has no history. Detach cut the path, at NullGradientTests.cs:",
                why);
        }
    }

    [Fact]
    public void MisuseIsAnError()
    {
        Assert.Throws<ArgumentNullException>(() => Diagnose.WhyIsGradientNull(null!, Leaf(1)));
        Assert.Throws<ArgumentNullException>(() => Diagnose.WhyIsGradientNull(Leaf(1), null!));
    }

    /// <summary>A running average makes a chain without end; neither its values nor the nodes of old steps stay.</summary>
    [Fact]
    public void NothingIsHeld()
    {
        using (Diagnose.TraceOrigins())
        {
            Tensor average = [0.0];
            Collected.Gone(() =>
            {
                var x = Leaf(1);
                var y = x * 2;
                average = (average * 0.9) + (y.Detach() * 0.1);
                return [x, y, y.GradFn!];
            });
            for (var i = 0; i < 10; i++)
            {
                average *= 2;
            }
        }
    }
}
