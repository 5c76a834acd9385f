using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Scans against the C# loop that they stand for: values, and gradients from inside and outside, in every mode.</summary>
public class ScanTests
{
    private static readonly Tensor Xs = Tensor.FromArray([.3, -.5, .8, .1, -.2, .6, .9, -.7, .4, -.1, .2, .5, -.3, .7], 7, 2);
    private static readonly Tensor W = Tensor.FromArray([.9, -1.2]);
    private static readonly Tensor Start = Tensor.FromArray([.1, .2]);

    /// <summary>Backwards or not, and steps between checkpoints: 0 for none, -1 for the square root.</summary>
    public static TheoryData<bool, int> AllOptions => new()
    {
        { false, 0 }, { false, -1 }, { false, 1 }, { false, 3 }, { false, 100 }, { true, 0 }, { true, 3 },
    };

    private static ScanOptions Options(bool isReverse, int steps) => new()
    {
        Reverse = isReverse,
        Checkpoint = steps switch
        {
            0 => Every.Never,
            < 0 => Every.SquareRoot,
            _ => Every.Steps(steps),
        },
    };

    private static Func<Tensor, Tensor, (Tensor, Tensor)> StepOf(Tensor w) => (h, x) =>
    {
        var next = ((w * h) + x).Tanh();
        return (next, next * x.Exp());
    };

    /// <summary>What C# would write.</summary>
    private static (Tensor Carry, Tensor Outputs) Loop(Tensor w, Tensor h, Tensor xs, bool isReverse)
    {
        var outputs = new Tensor[xs.Shape[0]];
        for (var step = 0; step < outputs.Length; step++)
        {
            var i = isReverse ? outputs.Length - 1 - step : step;
            (h, outputs[i]) = StepOf(w)(h, xs[i]);
        }

        return (h, Tensor.Stack(outputs));
    }

    private static Func<(Tensor W, Tensor H, Tensor Xs), Tensor> LossOf(Func<Tensor, Tensor, Tensor, (Tensor, Tensor)> run) => p =>
    {
        var (h, ys) = run(p.W, p.H, p.Xs);
        return (h * h.Exp()).Sum() + ys.Square().Sum();
    };

    private static Func<(Tensor W, Tensor H, Tensor Xs), Tensor> Scanned(ScanOptions options) =>
        LossOf((w, h, xs) => Scan(StepOf(w), h, xs, options));

    private static Func<(Tensor W, Tensor H, Tensor Xs), Tensor> Looped(ScanOptions options) =>
        LossOf((w, h, xs) => Loop(w, h, xs, options.Reverse));

    private static void Same((Tensor, Tensor, Tensor) expected, (Tensor, Tensor, Tensor) actual)
    {
        Check.Close(expected.Item1, actual.Item1);
        Check.Close(expected.Item2, actual.Item2);
        Check.Close(expected.Item3, actual.Item3);
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void ValuesAreThoseOfTheLoop(bool isReverse, int steps)
    {
        var options = Options(isReverse, steps);
        var (carry, outputs) = Scan(StepOf(W), Start, Xs, options);
        var (expectedCarry, expectedOutputs) = Loop(W, Start, Xs, options.Reverse);
        Check.Close(expectedCarry, carry);
        Check.Close(expectedOutputs, outputs);
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void GradientsAreThoseOfTheLoop(bool isReverse, int steps)
    {
        var options = Options(isReverse, steps);
        Same(Grad(Looped(options))((W, Start, Xs)), Grad(Scanned(options))((W, Start, Xs)));

        // From outside: the tape of tensors that require grad.
        var (w, h, xs) = (W.Clone().RequiresGrad_(), Start.Clone().RequiresGrad_(), Xs.Clone().RequiresGrad_());
        Scanned(options)((w, h, xs)).Backward();
        Same(Grad(Looped(options))((W, Start, Xs)), (w.Grad!, h.Grad!, xs.Grad!));
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void ForwardModeIsThatOfTheLoop(bool isReverse, int steps)
    {
        var options = Options(isReverse, steps);
        var direction = (Tensor.FromArray([.4, -.6]), Tensor.FromArray([1.0, .5]), Xs.Cos());
        Check.Close(
            Jvp(Looped(options), (W, Start, Xs), direction).Tangent, Jvp(Scanned(options), (W, Start, Xs), direction).Tangent);
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void SecondOrderIsThatOfTheLoop(bool isReverse, int steps)
    {
        var options = Options(isReverse, steps);
        Tensor Expected(Tensor w) => Looped(options)((w, Start, Xs));
        Tensor Actual(Tensor w) => Scanned(options)((w, Start, Xs));
        Check.Close(Hessian(Expected)(W), Hessian(Actual)(W));
        Check.Close(Hessian(Expected)(W), JacRev(Grad(Actual))(W));
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void BatchesAreLoopsOverSamples(bool isReverse, int steps)
    {
        var options = Options(isReverse, steps);
        var batch = Tensor.Stack([Xs, Xs.Sin(), -Xs]);
        Tensor Gradient(Tensor xs) => Grad(Scanned(options))((W, Start, xs)).Xs;
        Check.Close(Tensor.Stack([.. batch.Unbind().Select(Gradient)]), Vmap((Tensor xs) => Gradient(xs))(batch));

        // And a derivative of a batch.
        Tensor Whole(Tensor w) => Vmap((Tensor xs) => Scanned(options)((w, Start, xs)))(batch).Sum();
        Tensor Each(Tensor w) => batch.Unbind().Select(xs => Looped(options)((w, Start, xs))).Aggregate((a, b) => a + b);
        Check.Close(Grad(Each)(W), Grad(Whole)(W));
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void TracesReplay(bool isReverse, int steps)
    {
        var options = Options(isReverse, steps);
        Tensor F(Tensor xs) => Grad(Scanned(options))((W, Start, xs)).Xs;
        var traced = Trace((Tensor xs) => F(xs), Xs);
        Check.Close(F(Xs.Sin()), traced.Call(Xs.Sin()));
    }

    [Fact]
    public void CheckpointsKeepTheSquareRootOfTheSteps()
    {
        const int steps = 100;
        var xs = Tensor.Linspace(-1, 1, steps * 2, dtype: DType.Float64).Reshape(steps, 2);
        int Saved(Every every)
        {
            var count = 0;
            var w = W.Clone().RequiresGrad_();
            using (Autograd.SavedTensorHooks(
                x =>
                {
                    count++;
                    return x;
                },
                x => x))
            {
                Scan((h, x) => ((w * h) + x).Tanh(), Start, xs, new ScanOptions { Checkpoint = every });
            }

            return count;
        }

        // Without checkpoints a product and a tanh save at each step; with them, a segment saves its state and its elements.
        Assert.True(Saved(Every.Never) >= 2 * steps, $"{Saved(Every.Never)} saved tensors");
        Assert.True(Saved(Every.SquareRoot) <= 4 * Math.Sqrt(steps), $"{Saved(Every.SquareRoot)} saved tensors");
        Assert.True(Saved(Every.Steps(25)) <= 16, $"{Saved(Every.Steps(25))} saved tensors");
    }

    [Fact]
    public void StatesAndElementsMayBeStructures()
    {
        var (carry, outputs) = Scan(
            ((Tensor Sum, Tensor Product) c, Tensor[] x) =>
                ((c.Sum + x[0], c.Product * x[1]), new Dictionary<string, Tensor> { ["both"] = x[0] + x[1] }),
            (Tensor.Scalar(0.0), Tensor.Scalar(1.0)),
            [Tensor.FromArray([1.0, 2, 3]), Tensor.FromArray([2.0, 3, 4])]);
        Assert.Equal((6.0, 24.0), (carry.Item1.Item(), carry.Item2.Item()));
        Check.Close(Tensor.FromArray([3.0, 5, 7]), outputs["both"]);
    }

    [Fact]
    public void NoElementsGiveTheStateAndEmptyOutputs()
    {
        var (carry, outputs) = Scan((Tensor h, Tensor x) => (h + x.Sum(), x.Reshape(2, 2) * h[0]), Start, Tensor.Zeros([0, 4], DType.Float64));
        Check.Close(Start, carry);
        Assert.True(outputs.Shape == Tensor.Zeros([0, 2, 2]).Shape);
        Assert.Equal(DType.Float64, outputs.DType);
    }

    [Fact]
    public void AScanWithoutOutputsGivesItsState() =>
        Assert.Equal(120.0, Scan((Tensor product, Tensor x) => product * x, Tensor.Scalar(1.0), Tensor.FromArray([1.0, 2, 3, 4, 5])).Item());

    [Fact]
    public void AMapIsAFunctionOfEachElement()
    {
        // C# code may look at numbers; both branches have closed forms.
        var x = Tensor.FromArray([4.0, -1, 9]);
        Tensor Root(Tensor a) => a > 0 ? a.Sqrt() : a * 0;
        Check.Close(Tensor.FromArray([2.0, 0, 3]), Map((Tensor a) => Root(a), x));
        Check.Close(Tensor.FromArray([.25, 0, 1 / 6.0]), Grad((Tensor a) => Map((Tensor e) => Root(e), a).Sum())(x));
        Check.Close(x.Exp(), Map((Tensor a) => a.Exp(), x, batchSize: 2));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var xs = Tensor.FromArray([1.0, 2]);
        var nothing = Assert.Throws<TensorException>(() => Scan((Tensor c, Tensor x) => c, Start, Tensor.Scalar(1.0)));
        Assert.Contains("no values to scan over", nothing.Message);
        Assert.Throws<TensorException>(() => Scan((Tensor c, Tensor[] x) => c, Start, []));
        Assert.Throws<ShapeException>(() => Scan((Tensor c, Tensor[] x) => c, Start, [xs, Tensor.Zeros([3])]));
        Assert.Throws<ShapeException>(() => Scan((Tensor c, Tensor x) => Tensor.Cat([c, c]), Start, xs));
        Assert.Throws<DTypeException>(() => Scan((Tensor c, Tensor x) => c.To(DType.Float32), Start, xs));
        Assert.Throws<TensorException>(() => Scan((Tensor[] c, Tensor x) => (Tensor[])[.. c, x], [Start], xs));
        Assert.Throws<ArgumentOutOfRangeException>(() => Every.Steps(0));
    }
}
