using static Adjoint.Transform;

namespace Adjoint.Tests.Laws;

/// <summary>
/// A method that changes its tensor does inside of transforms what it does in a loop, which really changes memory: on a whole tensor, on a view, on a
/// buffer that was made plain; values, and gradients from inside and from outside. Methods are found by reflection.
/// </summary>
public class InPlaceTransformLaw
{
    /// <summary>What is done around a change.</summary>
    private static readonly (string Name, Func<InPlaceLaw.Change, Tensor, object?[], Tensor> Run)[] Forms =
    [
        ("whole", (change, x, others) => change.Run(x.Clone(), others)),
        ("twice", (change, x, others) => change.Run(change.Run(x * 1, others).Abs().Add_(0.1).Clamp(0.2, 0.8), others)),
        ("view", (change, x, others) =>
        {
            var copy = Tensor.Stack([x * 0.5, x, x * 0.25]);
            var before = copy[1..];
            change.Run(copy[1], others);
            return (copy * before.Sum()) + before[0];
        }),
        ("buffer", (change, x, others) =>
        {
            var buffer = Tensor.Full([2, 4], 0.5, DType.Float64);
            buffer[1] = x;
            change.Run(buffer[1], others);
            return buffer * x;
        }),
    ];

    public static TheoryData<string> Twins => InPlaceLaw.Twins;

    [Theory]
    [MemberData(nameof(Twins))]
    public void ABatchIsALoop(string name) => Each(name, (f, x, _) =>
    {
        Same(Loop(f, x), Vmap(f)(x));

        // From outside: the tape, and a transform.
        var g = Loop(f, x).Cos();
        var leaf = x.Clone().RequiresGrad_();
        var expected = Autograd.Grad([(Loop(f, leaf) * g).Sum()], [leaf], allowUnused: true, materializeGrads: true)[0]!;
        var actual = Autograd.Grad([(Vmap(f)(leaf) * g).Sum()], [leaf], allowUnused: true, materializeGrads: true)[0]!;
        Same(expected, actual);
        Same(expected, Grad((Tensor a) => (Vmap(f)(a) * g).Sum())(x));

        // From inside.
        Same(Loop(row => Slope(f, row), x), Vmap(Grad((Tensor row) => f(row).Sin().Sum()))(x));
    });

    [Theory]
    [MemberData(nameof(Twins))]
    public void ATangentIsThatOfTheTape(string name) => Each(name, (f, x, t) =>
    {
        var (value, tangent) = Jvp(f, x[0], t);
        Same(f(x[0]), value);
        if (double.IsNaN(value.Sum().Item()))
        {
            // The second change left the domain.
            return;
        }

        var leaf = x[0].Clone().RequiresGrad_();
        var y = f(leaf);
        var g = y.Detach().Cos();
        var pulled = Autograd.Grad([(y * g).Sum()], [leaf], allowUnused: true, materializeGrads: true)[0]!;
        var (expected, actual) = ((pulled * t).Sum().Item(), (tangent * g).Sum().Item());
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)) || double.IsNaN(expected), $"{expected} and {actual}");
        Same(Loop(row => Jvp(f, row, t).Tangent, x), Vmap((Tensor row) => Jvp(f, row, t).Tangent)(x));
    });

    [Theory]
    [MemberData(nameof(Twins))]
    public void SecondDerivativesAreThoseOfTheTape(string name) => Each(name, (f, x, t) =>
    {
        Tensor Scalar(Tensor a) => f(a).Sin().Sum();
        var leaf = x[0].Clone().RequiresGrad_();
        var first = Autograd.Grad([Scalar(leaf)], [leaf], createGraph: true, allowUnused: true, materializeGrads: true)[0]!;
        var rows = Enumerable.Range(0, 4).Select(i => first.RequiresGrad
            ? Autograd.Grad([first[i]], [leaf], retainGraph: true, allowUnused: true, materializeGrads: true)[0]!
            : Tensor.ZerosLike(leaf));
        var expected = Tensor.Stack([.. rows]);
        Same(expected, Hessian(Scalar)(x[0]), 1e-8);
        Same(expected.MatMul(t), Jvp(Grad<Tensor>(Scalar), x[0], t).Tangent, 1e-8);
    });

    private static void Each(string name, Action<Func<Tensor, Tensor>, Tensor, Tensor> law)
    {
        var change = InPlaceLaw.Changes[name];
        foreach (var (form, run) in Forms)
        {
            var draw = new Draw(7);
            var (row, others) = change.Arguments(draw, [4]);
            var x = Tensor.Stack([row, (row * 0.9) + 0.02]).Detach();
            try
            {
                law(a => run(change, a, others), x, Tensor.Linspace(0.3, 1, 4).To(DType.Float64));
            }
            catch (Exception exception) when (exception is TensorException or Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"{name}, {form}: {exception.Message}", exception);
            }
        }
    }

    private static Tensor Slope(Func<Tensor, Tensor> f, Tensor row)
    {
        var leaf = row.Detach().Clone().RequiresGrad_();
        return Autograd.Grad([f(leaf).Sin().Sum()], [leaf], allowUnused: true, materializeGrads: true)[0]!;
    }

    private static Tensor Loop(Func<Tensor, Tensor> f, Tensor x) => Tensor.Stack([.. Enumerable.Range(0, x.Shape[0]).Select(i => f(x[i]))]);

    private static void Same(Tensor expected, Tensor actual, double tolerance = 1e-10)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(
            expected.Detach().ToArray<double>(),
            actual.Detach().ToArray<double>(),
            (p, q) => p.Equals(q) || Math.Abs(p - q) <= tolerance * Math.Max(1, Math.Abs(p)));
    }
}
