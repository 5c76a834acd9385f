using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Custom functions in a batch whose gradient is taken outside of it: each kind of function under each composition against the same function in plain
/// operators, whose derivative is the one that the custom function says.
/// </summary>
public partial class FunctionsInBatchesTests
{
    private static readonly Tensor Rows = Tensor.FromArray(new[,] { { 1, 0.5 }, { 2, -1 }, { 3, 0.25 } });
    private static readonly Tensor Point = V(0.5, 0.8);

    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    private static Tensor D(double value) => Tensor.Scalar(value);

    private static readonly string[] SmoothNames =
    [
        "lambda", "saves its output", "class", "setup context", "several outputs", "one of several outputs", "returns its input", "marks an output",
        "not its derivative", "constant output", "keeps a state", "functions in functions",
    ];

    private static readonly string[] OnceNames =
    [
        "saves what is between", "once differentiable", "keeps a tensor as state", "reads a number in its backward part",
        "changes its gradient in place",
        "without materialized gradients", "marks its input as changed",
    ];

    /// <summary>First derivatives by reverse mode.</summary>
    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> First = new()
    {
        ["values"] = f => Vmap((Tensor z) => f(z * Point))(Rows),
        ["the tape"] = f =>
        {
            var w = Point.Clone().RequiresGrad_();
            Vmap((Tensor z) => f(z * w) + (z * w))(Rows).Sum().Backward();
            return w.Grad!;
        },
        ["the tape by rows"] = f =>
        {
            var w = Rows.Clone().RequiresGrad_();
            (Vmap(f)(w) * Rows).Sum().Backward();
            return w.Grad!;
        },
        ["Grad"] = f => Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum())(Point),
        ["Grad, in chunks"] = f => Grad((Tensor q) => Vmap((Tensor z) => f(z * q), chunkSize: 2)(Rows).Sum())(Point),
        ["Grad, sample by sample"] = f => Grad((Tensor q) => Vmap((Tensor z) => f(z * q), chunkSize: 1)(Rows).Sum())(Point),
        ["Grad, along the last axis"] = f => Grad((Tensor q) => (Vmap((Tensor z) => f(z * q[0]), 1, 1)(Rows) * Rows).Sum())(Point),
        ["Grad by what is not batched"] = f => Grad((Tensor q) => Vmap((Tensor z) => f(q) * z)(Rows).Sum())(Point),
        ["Vjp"] = f => Vjp((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows), Point).Pullback(Rows),
        ["Vjp, in a later batch"] = f =>
        {
            var pull = Vjp((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows), Point).Pullback;
            return Vmap(pull)(Tensor.Stack([Rows, 2 * Rows]));
        },
        ["JacRev"] = f => JacRev((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows))(Point),
        ["JacRev, in chunks"] = f => JacRev((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows), 2)(Point),
        ["batches in batches"] = f => Grad((Tensor q) => Vmap((Tensor a) => Vmap((Tensor z) => f(z * q * a))(Rows))(V(1, 2)).Sum())(Point),
        ["the inner of two batches"] = f => Grad((Tensor q) => Vmap((Tensor a) => Vmap((Tensor z) => f(z * q) * a)(Rows))(V(1, 2)).Sum())(Point),
        ["the gradient inside"] = f => Vmap(Grad((Tensor z) => f(z * Point).Sum()))(Rows),
        ["Vjp inside"] = f => Vmap((Tensor z) => Vjp((Tensor q) => f(q * z), Point).Pullback(z))(Rows),
        ["JacRev inside"] = f => Vmap(JacRev((Tensor z) => f(z * Point)))(Rows),
        ["a checkpoint"] = f => Grad((Tensor q) => Vmap((Tensor z) => Checkpoint.Run(f, z * q))(Rows).Sum())(Point),
        ["a checkpoint and the gradient inside"] = f => Vmap(Grad((Tensor z) => Checkpoint.Run(f, z * Point).Sum()))(Rows),
        ["a captured sample"] = f =>
            Grad((Tensor q) => Vmap((Tensor z) => Autograd.Function((_, x) => x * z, (_, g) => g * z)(f(q)))(Rows).Sum())(Point),
    };

    /// <summary>Forward mode, and higher derivatives.</summary>
    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> More = new()
    {
        ["Jvp"] = f => Jvp((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows), Point, V(1, -1)).Tangent,
        ["Jvp inside"] = f => Vmap((Tensor z) => Jvp(f, z * Point, z).Tangent)(Rows),
        ["JacFwd"] = f => JacFwd((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows))(Point),
        ["Grad of Grad"] = f => Grad((Tensor p) => Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum())(p).Square().Sum())(Point),
        ["Grad of Grad of Grad"] = f =>
            Grad((Tensor r) => Grad((Tensor p) => Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum())(p).Square().Sum())(r)
                .Square().Sum())(Point),
        ["the tape, twice"] = f =>
        {
            var w = Point.Clone().RequiresGrad_();
            var first = Autograd.Grad(Vmap((Tensor z) => f(z * w))(Rows).Sum(), w, createGraph: true);
            (first.Square().Sum() + (0 * w).Sum()).Backward();
            return w.Grad!;
        },
        ["Hessian"] = f => Hessian((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum())(Point),
        ["JacRev of Grad"] = f => JacRev(Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum()))(Point),
        ["Grad of a batch of gradients"] = f => Grad((Tensor q) => Vmap((Tensor z) => Grad((Tensor p) => f(z * p).Sum())(q))(Rows).Sum())(Point),
        ["Grad of Jvp of a batch"] = f => Grad((Tensor q) => Jvp((Tensor p) => Vmap((Tensor z) => f(z * p))(Rows).Sum(), q, V(1, 2)).Tangent)(Point),
        ["Grad of a batch of Jvps"] = f => Grad((Tensor q) =>
            Vmap((Tensor z) => Jvp((Tensor p) => f(z * p).Sum(), q, V(1, 2)).Tangent)(Rows).Sum())(Point),
        ["Jvp of Grad of a batch"] = f => Jvp(Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum()), Point, V(1, 2)).Tangent,
        ["a batch of Grads of a batch"] = f => Vmap(Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum()))(Tensor.Stack([Point, 2 * Point])),
        ["a trace of a batch"] = f =>
            Grad<Tensor>(Trace((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum(), Tensor.Ones([2], DType.Float64)).Call)(Point),
        ["a batch of a trace"] = f => Grad((Tensor q) => Vmap<Tensor, Tensor>(Trace((Tensor z) => f(z * 2), V(1, 1)).Call)(Rows * q).Sum())(Point),
        ["a trace of a gradient of a batch"] = f =>
            Trace(Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum()), Tensor.Ones([2], DType.Float64)).Call(Point),
        ["a trace of a batch of gradients"] = f => Trace(Vmap(Grad((Tensor z) => f(z * Point).Sum())), Tensor.Ones([3, 2], DType.Float64)).Call(Rows),
    };

    public static TheoryData<string, string> FirstCases => Cases([.. SmoothNames, .. OnceNames], First.Keys);

    public static TheoryData<string, string> MoreCases => Cases(SmoothNames, More.Keys);

    [Theory]
    [MemberData(nameof(FirstCases))]
    public void TheGradientIsThatOfTheBackwardPart(string function, string composition)
    {
        if (composition.StartsWith("a checkpoint", StringComparison.Ordinal) && function is "marks its input as changed")
        {
            // What changes in place after it was saved has no right gradient in a checkpoint, here as anywhere.
            return;
        }

        var (custom, plain) = Array.IndexOf(OnceNames, function) >= 0 ? Once(function) : Smooth(function);
        Check.Close(First[composition](plain), First[composition](custom), what: $"{function} under {composition}");
    }

    [Theory]
    [MemberData(nameof(MoreCases))]
    public void SoAreOtherDerivatives(string function, string composition)
    {
        var (custom, plain) = Smooth(function);
        Check.Close(More[composition](plain), More[composition](custom), what: $"{function} under {composition}");
    }

    /// <summary>The gradient by hand: sum of z cos(z / 2) over 1, 2, 3.</summary>
    [Fact]
    public void TheSineHasTheCosine()
    {
        var (sine, _) = Smooth("lambda");
        var expected = Math.Cos(0.5) + (2 * Math.Cos(1)) + (3 * Math.Cos(1.5));
        Assert.Equal(expected, Grad((Tensor q) => Vmap((Tensor z) => sine(z * q))(V(1, 2, 3)).Sum())(D(0.5)).Item(), 12);
        var w = D(0.5).RequiresGrad_();
        Vmap((Tensor z) => sine(z * w) + (z * w))(V(1, 2, 3)).Sum().Backward();
        Assert.Equal(expected + 6, w.Grad!.Item(), 12);
    }

    [Fact]
    public void AReversalTurnsTheSign()
    {
        var w = V(1, 2).RequiresGrad_();
        var y = Vmap((Tensor x) => Reversed(x) * 2)(w);
        Check.Close(V(2, 4), y);
        y.Sum().Backward();
        Check.Close(V(-2, -2), w.Grad!);
    }

    [Fact]
    public void TheBatchIsOneNodeWhoseBackwardPartRunsOnce()
    {
        var shapes = new List<string>();
        var f = Autograd.Function(
            (_, x) => x * 2,
            (context, g) =>
            {
                shapes.Add($"{g.Shape} {context.NeedsInputGrad[0]}");
                return g * 2;
            },
            "Twice");
        var w = Rows.Clone().RequiresGrad_();
        var y = Vmap(f)(w);
        Assert.Equal("TwiceBackward", y.GradFn!.Name);
        y.Sum().Backward();
        Assert.Equal(["torch.Size([2]) True"], shapes);
    }

    [Fact]
    public void TheForwardPartKnowsWhatOuterTransformsWant()
    {
        var seen = new List<bool>();
        var f = Autograd.Function(
            (context, x, y) =>
            {
                seen.AddRange(context.NeedsInputGrad);
                return x * y;
            },
            (_, g) => (g, g));
        Grad((Tensor q) => Vmap((Tensor z) => f(z * q, z))(V(1, 2)).Sum())(D(1));
        Assert.Equal([true, false], seen);
    }

    [Fact]
    public void AGradientOfAWrongShapeIsRefusedInTheSamplesShapes()
    {
        var f = Autograd.Function((_, x) => x * 1, (_, _) => Tensor.Ones([3], DType.Float64));
        var error = Assert.Throws<AutogradException>(() => Grad((Tensor q) => Vmap((Tensor z) => f(z * q))(Rows).Sum())(Point));
        Assert.StartsWith(
            "Function FunctionBackward returned an invalid gradient at index 0 - got [3] but expected shape compatible with [2]",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ASecondDerivativeThatIsForbiddenIsRefused()
    {
        var (once, _) = Once("once differentiable");
        var error = Assert.Throws<AutogradException>(
            () => Grad((Tensor p) => Grad((Tensor q) => Vmap((Tensor z) => once(z * q))(Rows).Sum())(p).Sum())(Point));
        Assert.StartsWith(
            "trying to differentiate twice a function that was marked with @once_differentiable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLoopOfABackwardPartIsAnnounced()
    {
        var (reads, _) = Once("reads a number in its backward part");
        var warnings = new List<string>();
        void Note(string message) => warnings.Add(message);
        Autograd.Warning += Note;
        try
        {
            Grad((Tensor q) => Vmap((Tensor z) => reads(z * q))(Rows).Sum())(Point);
        }
        finally
        {
            Autograd.Warning -= Note;
        }

        Assert.Contains(warnings, message => message.StartsWith(
            "vmap: the backward part of FunctionBackward runs once for each of 3 samples", StringComparison.Ordinal));
    }

    [Fact]
    public void HooksInABatchSeeSamplesAndRunOnce()
    {
        var shapes = new List<string>();
        var w = Point.Clone().RequiresGrad_();
        Vmap((Tensor z) =>
        {
            var y = (z * w).Sin();
            y.RegisterHook(g =>
            {
                shapes.Add(g.Shape.ToString());
                return g * z;
            });
            return y;
        })(Rows).Sum().Backward();
        Assert.Equal(["torch.Size([2])"], shapes);
        Check.Close(((Rows * Point).Cos() * Rows.Square()).Sum([0]), w.Grad!);
        Assert.Throws<AutogradException>(() => Vmap((Tensor z) =>
        {
            z.RegisterHook(_ => { });
            return z;
        })(Rows));
    }

    [Fact]
    public void AHookThatReadsANumberIsTold()
    {
        var w = Point.Clone().RequiresGrad_();
        var y = Vmap((Tensor z) =>
        {
            var x = z * w;
            x.RegisterHook(g => g.Sum().Item() > 0 ? g : -g);
            return x;
        })(Rows);
        var message = Assert.Throws<AutogradException>(() => y.Sum().Backward()).Message;
        Assert.Contains("a hook that was registered inside of the batch", message, StringComparison.Ordinal);
    }

    /// <summary>Two threads go back into the same batch at once.</summary>
    [Fact]
    public void PullbacksRunOnSeveralThreads()
    {
        var (sine, _) = Smooth("lambda");
        var pull = Vjp((Tensor q) => Vmap((Tensor z) => sine(z * q))(Rows), Point).Pullback;
        var expected = pull(Rows);
        Parallel.For(0, 64, _ => Check.Close(expected, pull(Rows)));
    }

    private static TheoryData<string, string> Cases(IEnumerable<string> functions, IEnumerable<string> compositions)
    {
        var data = new TheoryData<string, string>();
        foreach (var function in functions)
        {
            foreach (var composition in compositions)
            {
                data.Add(function, composition);
            }
        }

        return data;
    }
}
