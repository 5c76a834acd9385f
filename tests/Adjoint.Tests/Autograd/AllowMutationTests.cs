using Adjoint.NN;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Saved tensors that may be changed in place (PyTorch's TestAllowMutationOnSaved).</summary>
public class AllowMutationTests
{
    private const string Modified = "one of the variables needed for gradient computation has been modified by an inplace operation";

    [Fact]
    public void AnInputThatWasSavedMayBeChanged()
    {
        var x = Leaf(1, 2);
        Tensor loss;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            var h = x * 1.0;
            var y = (h * h).Sum();
            h.Mul_(10);
            loss = y + h.Sum();
        }

        // x * x and 10x.
        loss.Backward();
        Holds(x.Grad, 12, 14);
    }

    [Fact]
    public void WithoutTheScopeItMayNot()
    {
        var h = Leaf(1, 2) * 1.0;
        var y = (h * h).Sum();
        h.Mul_(10);
        Fails<AutogradException>(Modified, () => y.Backward());
    }

    [Fact]
    public void AResultThatWasSavedMayBeChanged()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            y = x.Exp();
            y.Mul_(3);
            y.Sin_();
        }

        y.Sum().Backward();
        IsClose(x.Grad, [.. new[] { 1.0, 2 }.Select(v => Math.Cos(3 * Math.Exp(v)) * 3 * Math.Exp(v))]);
    }

    [Fact]
    public void AChangeThroughAViewOrTheBase()
    {
        var x = Leaf(1, 2, 3);
        Tensor y;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            var h = x * 1.0;
            y = h[1..].Square().Sum() + h.Sin().Sum();
            h[..2].Mul_(0);
            h.Add_(100);
        }

        y.Backward();
        IsClose(x.Grad, [Math.Cos(1), 4 + Math.Cos(2), 6 + Math.Cos(3)]);
    }

    [Fact]
    public void AParameterMayBeChangedWithoutRecording()
    {
        var (w, x) = (Leaf(3, 4), Leaf(1, 2));
        Tensor y;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            y = (w * x).Sum();
            using (Autograd.NoGrad())
            {
                w.Zero_();
            }
        }

        y.Backward();
        Holds(x.Grad, 3, 4);
        Holds(w.Grad, 1, 2);
    }

    [Fact]
    public void AnOptimiserMayStep()
    {
        var (w, x) = (Leaf(3, 4), Leaf(1, 2));
        Tensor y;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            y = (w * x).Sum();
            w.Grad = Tensor.FromArray([1.0, 1]);
            new SGD([w], 0.5).Step();
        }

        Holds(w, 2.5, 3.5);
        Holds(Autograd.Grad(y, x), 3, 4);
    }

    [Fact]
    public void SecondDerivativesFollowTheOldValue()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            var h = x.Square();
            y = h.Square().Sum();
            h.Zero_();
        }

        // x^4: 4x^3, 12x^2.
        var first = Autograd.Grad(y, x, createGraph: true);
        Holds(first, 4, 32);
        Holds(Autograd.Grad(first.Sum(), x), 12, 48);
    }

    [Fact]
    public void OnlyWhatIsChangedIsCopied()
    {
        var x = Leaf(1, 2);
        using (Autograd.AllowMutationOnSavedTensors())
        {
            var h = x * 1.0;
            var y = (h * h.Sin()).Sum();
            Assert.Equal(32, ComputationGraph.SavedBytes(y));
            h.Add_(1);
            Assert.Equal(16 + 32, ComputationGraph.SavedBytes(y));
            h.Add_(1);
            Assert.Equal(16 + 32, ComputationGraph.SavedBytes(y));
        }
    }

    [Fact]
    public void AChangeAfterTheScopeIsNoticed()
    {
        var x = Leaf(1, 2);
        Tensor y;
        using (Autograd.AllowMutationOnSavedTensors())
        {
            y = x.Exp();
        }

        var loss = y.Sum();
        y.Detach().Add_(1);
        Fails<AutogradException>(Modified, () => loss.Backward());
        using (Autograd.AllowMutationOnSavedTensors())
        {
            y.Detach().Add_(1);
        }

        Fails<AutogradException>(Modified, () => loss.Backward());
    }

    [Fact]
    public void ASecondPassAfterFreeingIsRefused()
    {
        var x = Leaf(1, 2);
        using (Autograd.AllowMutationOnSavedTensors())
        {
            var y = x.Exp().Sum();
            y.Backward();
            Fails<AutogradException>("Trying to backward through the graph a second time", () => y.Backward());
        }
    }

    [Fact]
    public void CopiesAreGarbageWithTheirGraph()
    {
        var held = Leaf(1, 2) * 1.0;
        Collected.Gone(() =>
        {
            using (Autograd.AllowMutationOnSavedTensors())
            {
                var y = held.Sin();
                held.Add_(1);
                return [y.GradFn!, ComputationGraph.SavedTensors(y)[0].Memory!];
            }
        });
    }

    /// <summary>Random chains of in-place operators against the same program without any.</summary>
    [Fact]
    public void RandomProgramsAgreeWithThemselvesWithoutInPlace()
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var steps = Enumerable.Range(0, 12).Select(_ => random.Next(6)).ToArray();
            var (x, plain) = (Leaf(0.3, 0.6, 0.9), Leaf(0.3, 0.6, 0.9));
            Tensor y;
            using (Autograd.AllowMutationOnSavedTensors())
            {
                var h = x * 1.0;
                y = h.Square();
                foreach (var step in steps)
                {
                    _ = step switch
                    {
                        0 => h.Mul_(y),
                        1 => y.Mul_(h),
                        2 => h.Sin_(),
                        3 => y.Add_(h.Square()),
                        4 => h.Add_(1),
                        _ => y.Exp_().Mul_(0.1),
                    };
                }
            }

            var a = plain * 1.0;
            var b = a.Square();
            foreach (var step in steps)
            {
                (a, b) = step switch
                {
                    0 => (a * b, b),
                    1 => (a, b * a),
                    2 => (a.Sin(), b),
                    3 => (a, b + a.Square()),
                    4 => (a + 1, b),
                    _ => (a, b.Exp() * 0.1),
                };
            }

            if (!Of(b).All(value => Math.Abs(value) < 1e6))
            {
                continue;
            }

            y.Sum().Backward();
            b.Sum().Backward();
            IsClose(x.Grad, Of(plain.Grad), 1e-9);
        }
    }
}
