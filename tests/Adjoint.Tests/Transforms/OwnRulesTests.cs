using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Custom functions with a rule of their own for forward mode or for batches (PyTorch's <c>jvp</c> and <c>vmap</c>).</summary>
public class OwnRulesTests
{
    private static readonly Tensor Samples = Tensor.FromArray([0.4, 1.3, -0.8]);
    private static readonly Tensor Point = Tensor.Scalar(0.7);

    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Tensor>> Compositions = new()
    {
        ["value"] = f => f(Point),
        ["Jvp"] = f => Jvp(f, Point, Tensor.Scalar(2.0)).Tangent,
        ["JacFwd"] = f => JacFwd(f)(Samples),
        ["Jvp of Jvp"] = f => Jvp((Tensor a) => Jvp(f, a, Tensor.Scalar(2.0)).Tangent, Point, Point).Tangent,
        ["Grad of Jvp"] = f => Grad((Tensor a) => Jvp(f, a, Tensor.Scalar(2.0)).Tangent)(Point),
        ["Jvp of Grad"] = f => Jvp(Grad(f), Point, Tensor.Scalar(2.0)).Tangent,
        ["the tape around Jvp"] = f =>
        {
            var x = Samples.Clone().RequiresGrad_();
            var (value, tangent) = Jvp((Tensor a) => f(a * x), Samples, Samples + 1);
            (value.Sum() + tangent.Square().Sum()).Backward();
            return x.Grad!;
        },
        ["Hessian"] = f => Hessian((Tensor a) => f(a * Samples).Sum())(Samples),
        ["Linearize"] = f => Linearize(f, Samples).Pushforward(Samples),
        ["Vmap"] = f => Vmap(f)(Samples),
        ["Vmap of Grad"] = f => Vmap(Grad(f))(Samples),
        ["Vmap of Grad of Grad"] = f => Vmap(Grad(Grad(f)))(Samples),
        ["Vmap of Jvp"] = f => Vmap((Tensor a) => Jvp(f, a, a + 1).Tangent)(Samples),
        ["Jvp of Vmap"] = f => Jvp((Tensor q) => Vmap((Tensor a) => f(a * q))(Samples), Point, Point).Tangent,
        ["Jvp of Vmap of Grad"] = f => Jvp((Tensor q) => Vmap(Grad((Tensor a) => f(a * q)))(Samples), Point, Point).Tangent,
        ["the tape around Vmap"] = f =>
        {
            var w = Point.Clone().RequiresGrad_();
            Vmap((Tensor a) => f(a * w) + (a * w))(Samples).Sum().Backward();
            return w.Grad!;
        },
        ["Grad around Vmap of Grad"] = f => Grad((Tensor q) => Vmap(Grad((Tensor a) => f(a * q)))(Samples).Sum())(Point),
        ["Grad of Grad around Vmap"] = f => Grad(Grad((Tensor q) => Vmap((Tensor a) => f(a * q))(Samples).Sum()))(Point),
        ["batches in batches"] = f => Vmap((Tensor a) => Vmap((Tensor b) => f(a * b))(Samples))(Samples),
        ["JacRev in batches in batches"] = f =>
            Vmap((Tensor a) => Vmap(JacRev((Tensor b) => f(a * b)))(Samples))(Samples),
        ["a trace of Jvp"] = f => Trace((Tensor a) => Jvp(f, a, a).Tangent, Tensor.Scalar(1.0)).Call(Point),
        ["Jvp of a trace"] = f =>
        {
            var trace = Trace(f, Tensor.Scalar(1.0));
            return Jvp((Tensor a) => trace.Call(a), Point, Point).Tangent;
        },
        ["Vmap of a trace"] = f =>
        {
            var trace = Trace(f, Tensor.Scalar(1.0));
            return Vmap((Tensor a) => trace.Call(a))(Samples);
        },
        ["a trace of Vmap of Grad"] = f => Trace((Tensor x) => Vmap(Grad(f))(x), Samples * 2).Call(Samples),
    };

    public static TheoryData<string, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, bool>();
            foreach (var name in Compositions.Keys)
            {
                cases.Add(name, true, false);
                cases.Add(name, false, true);
                cases.Add(name, true, true);
            }

            return cases;
        }
    }

    /// <summary>A function whose rules are right is the function without them.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void RightRulesChangeNothing(string name, bool pushes, bool batches)
    {
        var warned = false;
        var thread = Environment.CurrentManagedThreadId;
        void Listen(string message) => warned |= Environment.CurrentManagedThreadId == thread;
        Autograd.Warning += Listen;
        try
        {
            var actual = Compositions[name](x => new Sine { Pushes = pushes, Batches = batches }.Apply(x));
            Check.Close(Compositions[name](x => x.Sin()), actual, what: name);
            Assert.False(warned);
        }
        finally
        {
            Autograd.Warning -= Listen;
        }
    }

    [Fact]
    public void TheForwardRuleIsTaken()
    {
        var f = new Sine { Pushes = true, Slope = 5 };
        Check.Close(5 * Samples.Cos() * Samples, Jvp((Tensor x) => f.Apply(x), Samples, Samples).Tangent);
        Check.Close(5 * Samples.Cos() * Samples, Jvp(Vmap((Tensor x) => f.Apply(x)), Samples, Samples).Tangent);
        Check.Close(5 * Samples.Cos() * Samples, Vmap((Tensor x) => Jvp((Tensor a) => f.Apply(a), x, x).Tangent)(Samples));
        Assert.Equal(3, f.Pushed);
        Check.Close(Samples.Cos(), Grad((Tensor x) => f.Apply(x).Sum())(Samples));

        // Without one a function that must not be differentiated twice has no forward mode.
        var once = new Sine { Once = true };
        var error = Assert.Throws<AutogradException>(() => Jvp((Tensor x) => once.Apply(x), Point, Point));
        Assert.StartsWith("You must implement the jvp function", error.Message, StringComparison.Ordinal);
        Check.Close(Point.Cos(), Jvp((Tensor x) => new Sine { Once = true, Pushes = true }.Apply(x), Point, Tensor.Scalar(1.0)).Tangent);
    }

    [Fact]
    public void TheBatchingRuleIsTaken()
    {
        var f = new Sine { Batches = true, Factor = 5 };
        Check.Close(5 * Samples.Sin(), Vmap((Tensor x) => f.Apply(x))(Samples));
        Assert.Equal((1, 0), (f.Batched, f.Ran));

        // Inside of the batch the function's backward part counts, outside the operators of its rule (PyTorch's order of levels).
        Check.Close(Samples.Cos(), Vmap(Grad((Tensor x) => f.Apply(x)))(Samples));
        Check.Close(5 * Samples.Cos(), Grad((Tensor x) => Vmap((Tensor a) => f.Apply(a))(x).Sum())(Samples));

        // Where no input differs between samples it is an ordinary call.
        Check.Close(Point.Sin() * Samples, Vmap((Tensor x) => f.Apply(Point) * x)(Samples));
    }

    [Fact]
    public void SeveralInputsAndResults()
    {
        var f = new Polar();
        var (r, phi) = (Tensor.FromArray([1.0, 2, 3]), Tensor.Scalar(0.5));
        var y = Vmap((Tensor a, Tensor b) => f.Apply(a, b), (0, null))(r, phi);
        Assert.Equal([0, null], f.Axes!);
        Check.Close(r * phi.Cos(), y[0]);
        Check.Close(r * phi.Sin(), y[1]);
        var (_, tangents) = Jvp(((Tensor, Tensor) p) => f.Apply(p.Item1, p.Item2), (r[0], phi), (Tensor.Scalar(0.0), Tensor.Scalar(1.0)));
        Check.Close(-r[0] * phi.Sin(), tangents[0]);
        Check.Close(r[0] * phi.Cos(), tangents[1]);

        // A tangent that is left out is zero; an input without one gets null, as was asked.
        (_, tangents) = Jvp((Tensor a) => f.Apply(a, phi), r[0], Tensor.Scalar(1.0));
        Check.Close(phi.Cos(), tangents[0]);
        var (byR, byPhi) = Vmap((Tensor a, Tensor b) => Grad(((Tensor R, Tensor Phi) p) => f.Apply(p.R, p.Phi)[1])((a, b)), (0, null))(r, phi);
        Check.Close(phi.Sin().Expand(3).Clone(), byR);
        Check.Close(r * phi.Cos(), byPhi);
    }

    [Fact]
    public void WrongRulesAreRefused()
    {
        var error = Assert.ThrowsAny<TensorException>(() => Vmap((Tensor x) => new Wrong().Apply(x))(Samples));
        Assert.Contains("the rule for batches gave [] for 3 samples", error.Message, StringComparison.Ordinal);
        error = Assert.ThrowsAny<TensorException>(() => Jvp((Tensor x) => new Wrong().Apply(x), Samples, Samples));
        Assert.Contains("an invalid tangent at index 0", error.Message, StringComparison.Ordinal);
    }

    private sealed class Sine : Function
    {
        public bool Pushes { get; init; }

        public bool Batches { get; init; }

        public bool Once { get; init; }

        public double Slope { get; init; } = 1;

        public double Factor { get; init; } = 1;

        public int Pushed { get; private set; }

        public int Batched { get; private set; }

        public int Ran { get; private set; }

        protected override bool IsOnceDifferentiable => Once;

        protected override Tensor Forward(FunctionContext context, Tensor[] inputs)
        {
            Ran++;
            return inputs[0].Sin();
        }

        protected override void SetupContext(FunctionContext context, Tensor[] inputs, Tensor output) => context.SaveForBackward(inputs[0]);

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient * context.SavedTensors[0].Cos()];

        protected override Tensor? Jvp(FunctionContext context, Tensor?[] tangents)
        {
            Pushed++;
            return Pushes ? Slope * tangents[0]! * context.SavedTensors[0].Cos() : null;
        }

        protected override Tensor? Vmap(int size, int?[] inAxes, Tensor[] inputs)
        {
            Batched++;
            return Batches ? Factor * inputs[0].Sin() : null;
        }
    }

    private sealed class Polar : MultiFunction
    {
        public int?[]? Axes { get; private set; }

        protected override Tensor[] Forward(FunctionContext context, Tensor[] inputs) => [inputs[0] * inputs[1].Cos(), inputs[0] * inputs[1].Sin()];

        protected override void SetupContext(FunctionContext context, Tensor[] inputs, Tensor[] outputs)
        {
            context.SetMaterializeGrads(false);
            context.SaveForBackward(inputs);
        }

        protected override Tensor?[] Backward(FunctionContext context, Tensor?[] gradients)
        {
            var (r, phi) = (context.SavedTensors[0], context.SavedTensors[1]);
            Tensor zero = 0.0;
            var (x, y) = (gradients[0] ?? zero, gradients[1] ?? zero);
            return [(x * phi.Cos()) + (y * phi.Sin()), (y * r * phi.Cos()) - (x * r * phi.Sin())];
        }

        protected override Tensor?[]? Jvp(FunctionContext context, Tensor?[] tangents)
        {
            var (r, phi) = (context.SavedTensors[0], context.SavedTensors[1]);
            return tangents[1] is { } turn
                ? [-r * phi.Sin() * turn, r * phi.Cos() * turn]
                : [tangents[0]! * phi.Cos(), tangents[0]! * phi.Sin()];
        }

        protected override Tensor[]? Vmap(int size, int?[] inAxes, Tensor[] inputs)
        {
            Axes = inAxes;
            return Apply(inputs);
        }
    }

    private sealed class Wrong : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * 2;

        protected override Tensor? Jvp(FunctionContext context, Tensor?[] tangents) => Tensor.Ones(7);

        protected override Tensor? Vmap(int size, int?[] inAxes, Tensor[] inputs) => inputs[0].Sum();
    }
}
