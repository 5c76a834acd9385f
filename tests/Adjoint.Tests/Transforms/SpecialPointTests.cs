using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Derivatives at points where a formula chooses: at 0, at ties, far out.
/// Every route to a derivative gives the same number, and none NaN.</summary>
public class SpecialPointTests
{
    private static readonly Tensor Direction = Tensor.FromArray(new[] { 0.75, -1.25 }, 2);

    private static double[] Numbers(Tensor x) => [.. x.Detach().To(DType.Float64).ToArray<double>().Select(value => value == 0 ? 0 : value)];

    private static IEnumerable<(string Name, Tensor Value)> First(Func<Tensor, Tensor> f, Tensor x)
    {
        foreach (var createGraph in new[] { false, true })
        {
            var leaf = x.Detach().RequiresGrad_();
            yield return ($"Autograd.Grad, {createGraph}", Autograd.Grad([f(leaf)], [leaf], createGraph: createGraph)[0]!);
        }

        yield return ("Grad", Grad(f)(x));
        yield return ("JacFwd", JacFwd(f)(x));
        yield return ("JacRev", JacRev(f)(x));
        yield return ("Vmap of Grad", Vmap(Grad(f))(x.Unsqueeze(0))[0]);
        yield return ("Vmap of JacFwd", Vmap(JacFwd(f))(x.Unsqueeze(0))[0]);
        yield return ("Grad of Vmap", Grad<Tensor>(z => Vmap(f)(z.Unsqueeze(0)).Sum())(x));
    }

    /// <summary>The second derivative times a direction.</summary>
    private static IEnumerable<(string Name, Tensor Value)> Second(Func<Tensor, Tensor> f, Tensor x, Tensor v)
    {
        foreach (var createGraph in new[] { false, true })
        {
            var leaf = x.Detach().RequiresGrad_();
            var gradient = Autograd.Grad([f(leaf)], [leaf], createGraph: true)[0]!;
            yield return (
                $"Autograd.Grad twice, {createGraph}",
                gradient.RequiresGrad ? Autograd.Grad([(gradient * v).Sum()], [leaf], createGraph: createGraph)[0]! : Tensor.ZerosLike(x));
        }

        yield return ("Hessian", Hessian(f)(x).Mv(v));
        yield return ("JacRev of Grad", JacRev(Grad(f))(x).T.Mv(v));
        yield return ("JacFwd of Grad", JacFwd(Grad(f))(x).T.Mv(v));
        yield return ("JacFwd of JacFwd", JacFwd(JacFwd(f))(x).T.Mv(v));
        yield return ("JacRev of JacFwd", JacRev(JacFwd(f))(x).T.Mv(v));
        yield return ("Hvp", Hvp(f, x, v).Product);
        yield return ("Vhp", Vhp(f, x, v).Product);
        yield return ("Vmap of Hessian", Vmap(Hessian(f))(x.Unsqueeze(0))[0].Mv(v));
        yield return ("Hessian of Vmap", Hessian(z => Vmap(f)(z.Unsqueeze(0)).Sum())(x).Mv(v));
    }

    private static void AllAre(double[] expected, IEnumerable<(string Name, Tensor Value)> routes, string what)
    {
        foreach (var (name, value) in routes)
        {
            var numbers = Numbers(value);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[i] - numbers[i]) <= 1e-9 * Math.Max(1, Math.Abs(expected[i])),
                    $"{what}, {name}: element {i} is {numbers[i]:R}, expected {expected[i]:R}.");
            }
        }
    }

    /// <summary>(x^n)' = n x^(n-1), to order 5, at 0 and below it: n!/(n-k)! x^(n-k), and 0 for constants (as libtorch and JAX have it).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void WholePowersToAnyOrder(int n)
    {
        foreach (var at in new[] { 0.0, -1.5, 2.0 })
        {
            foreach (var isTensor in new[] { false, true })
            {
                Func<Tensor, Tensor> f = isTensor ? z => z.Pow(Tensor.Scalar((double)n)) : z => z.Pow(n);
                var x = Tensor.Scalar(at);
                Func<Tensor, Tensor> reverse = f, forward = f, mixed = f;
                var factor = 1.0;
                for (var order = 1; order <= 5; order++)
                {
                    factor *= n - order + 1;
                    var expected = factor == 0 ? 0 : factor * Math.Pow(at, n - order);
                    (reverse, forward, mixed) = (Grad(reverse), JacFwd(forward), order % 2 == 0 ? JacFwd(mixed) : Grad(mixed));
                    var what = $"x^{n} at {at}, order {order}, tensor {isTensor}";
                    foreach (var (name, value) in new[]
                             {
                                 ("reverse", reverse(x)), ("forward", forward(x)), ("mixed", mixed(x)), ("batched", Vmap(reverse)(x.Unsqueeze(0))[0]),
                                 ("directional", DirectionalDerivative(f, x, Tensor.Scalar(1.0), order)), ("tape", OnTape(f, at, order)),
                             })
                    {
                        Assert.True(
                            Math.Abs(expected - value.Item()) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
                            $"{what}, {name}: {value.Item()}, expected {expected}.");
                    }
                }
            }
        }
    }

    /// <summary>By the tape, whose history ends with a constant.</summary>
    private static Tensor OnTape(Func<Tensor, Tensor> f, double at, int order)
    {
        var x = Tensor.Scalar(at).RequiresGrad_();
        var y = f(x);
        for (var k = 0; k < order; k++)
        {
            if (!y.RequiresGrad)
            {
                return Tensor.Scalar(0.0);
            }

            y = Autograd.Grad([y], [x], createGraph: true, allowUnused: true)[0] ?? Tensor.Scalar(0.0);
        }

        return y;
    }

    /// <summary>d2(x^y)/dx dy = x^(y-1) (1 + y log x): 1/x at y = 0, whichever comes first.</summary>
    [Fact]
    public void TheMixedDerivativeOfAPowerAtExponentZero()
    {
        Func<Tensor, Tensor> f = z => z[0].Pow(z[1]);
        var x = Tensor.FromArray(new[] { 4.0, 0.0 }, 2);
        double[] expected = [(0 * 0.75) + (0.25 * -1.25), (0.25 * 0.75) + (Math.Log(4) * Math.Log(4) * -1.25)];
        AllAre(expected, Second(f, x, Direction), "x^y");
    }

    public static TheoryData<double> Orders => [1, 2, 3, 4, 1.5, 2.5, 0.5, double.PositiveInfinity, double.NegativeInfinity];

    /// <summary>At 0 a norm has no slope to any order, which is a choice: its subgradient is 0 (as in PyTorch), and what follows from that.</summary>
    [Theory]
    [MemberData(nameof(Orders))]
    public void NormsAtZero(double p)
    {
        var x = Tensor.Zeros([2], DType.Float64);
        double[] zeros = [0, 0];
        foreach (var (name, f) in new (string, Func<Tensor, Tensor>)[]
                 {
                     ("norm", z => z.Norm(p)), ("square", z => z.Norm(p).Square()), ("power", z => z.Norm(p).Pow(2)),
                     ("product", z => z.Norm(p) * z.Norm(p)),
                     ("by dimension", z => z.Unsqueeze(0).Norm(p, [1]).Square().Sum()),
                 })
        {
            AllAre(zeros, First(f, x), $"{name} {p}");
            AllAre(zeros, Second(f, x, Direction), $"{name} {p}");
            AllAre([0], [("DirectionalDerivative", DirectionalDerivative(f, x, Direction, 2))], $"{name} {p}");
            AllAre([0], [("DirectionalDerivative", DirectionalDerivative(f, x, Direction, 3))], $"{name} {p}");
        }
    }

    /// <summary>Elements of 0 beside others: |x|_p with x = (0, 2) and (-3, 0) is |x| along the other axis, whose second derivative is 0.</summary>
    [Theory]
    [MemberData(nameof(Orders))]
    public void NormsWithAZero(double p)
    {
        if (p == 2)
        {
            // Not 0 but 1/|x| across.
            AllAre([0.75 / 2, 0], Second(z => z.Norm(), Tensor.FromArray(new[] { 0.0, 2.0 }, 2), Direction), "norm 2");
            return;
        }

        foreach (var values in new[] { new[] { 0.0, 2.0 }, [-3.0, 0.0] })
        {
            var x = Tensor.FromArray(values, 2);
            double[] slope = p == double.NegativeInfinity ? [0, 0] : [Math.Sign(values[0]), Math.Sign(values[1])];
            AllAre(slope, First(z => z.Norm(p), x), $"norm {p}");
            AllAre([0, 0], Second(z => z.Norm(p), x, Direction), $"norm {p}");
        }
    }

    /// <summary>Equal elements have no deviation, and no slope of it to any order.</summary>
    [Fact]
    public void DeviationsOfEqualElements()
    {
        foreach (var x in new[] { Tensor.Zeros([2], DType.Float64), Tensor.Full([2], 3.0, DType.Float64) })
        {
            foreach (var (name, f) in new (string, Func<Tensor, Tensor>)[]
                     {
                         ("std", z => z.Std()), ("square", z => z.Std().Square()), ("by dimension", z => z.Std(0, 0.0).Pow(2)),
                         ("std_mean", z => z.StdMean().Std),
                     })
            {
                AllAre([0, 0], First(f, x), name);
                AllAre([0, 0], Second(f, x, Direction), name);
                AllAre([0], [("DirectionalDerivative", DirectionalDerivative(f, x, Direction, 2))], name);
            }
        }

        // The variance is smooth: 2 / (n - 1) (v - mean(v)).
        AllAre([2, -2], Second(z => z.Var(), Tensor.Zeros([2], DType.Float64), Direction), "var");
    }

    /// <summary>Branches that are not taken have no say: ELU is x above 0, however large e^x is; Mish'' at 0 is 0.64, from both sides.</summary>
    [Fact]
    public void BranchesNotTaken()
    {
        var x = Tensor.FromArray(new[] { 1000.0, 800.0 }, 2);
        foreach (var (name, scale, f) in new (string, double, Func<Tensor, Tensor>)[]
                 {
                     ("elu", 1, z => z.Elu().Sum()), ("selu", 1.0507009873554805, z => z.Selu().Sum()), ("celu", 1, z => z.Celu(0.5).Sum()),
                 })
        {
            AllAre([scale, scale], First(f, x), name);
            AllAre([0, 0], Second(f, x, Direction), name);
        }

        var zero = Tensor.Zeros([2], DType.Float64);
        AllAre([0.6, 0.6], First(z => z.Mish().Sum(), zero), "mish");
        AllAre([0.64 * 0.75, 0.64 * -1.25], Second(z => z.Mish().Sum(), zero, Direction), "mish");
    }

    /// <summary>PyTorch's sign of NaN is 0, and so are the gradients that are signs: of a magnitude and of a sum of magnitudes.</summary>
    [Theory]
    [InlineData(nameof(DType.Float32))]
    [InlineData(nameof(DType.Float64))]
    public void TheSignOfNaN(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        double[] values = [double.NaN, -0.0, 0, -2, 3, double.NegativeInfinity, double.PositiveInfinity, -double.Epsilon];
        double[] signs = [0, 0, 0, -1, 1, -1, 1, dtype == DType.Float64 ? -1 : 0];
        foreach (var copies in new[] { 1, 2, 5 })
        {
            var x = Tensor.FromArray(values, 8).To(dtype).Unsqueeze(0).Expand(copies, 8).Flatten();
            double[] expected = [.. Enumerable.Range(0, copies).SelectMany(_ => signs)];
            Assert.Equal(expected, Numbers(x.Sign()));
            Assert.Equal(expected, Numbers(x.Clone().Sign_()));
            AllAre(expected, First(z => z.Abs().Sum(), x), "abs");
            AllAre(expected, First(z => z.Norm(1), x), "norm 1");
            Assert.All(Numbers(Grad<Tensor>(z => z.Norm(double.PositiveInfinity))(x)), value => Assert.Equal(0, value));
            Assert.All(Numbers(JacFwd<Tensor>(z => z.Norm(double.PositiveInfinity))(x)), value => Assert.Equal(0, value));
        }
    }
}
