using static Adjoint.Transform;

namespace Adjoint.Tests.Reduction;

/// <summary>
/// Softmax does not change when a constant is added, so scores far from zero must lose nothing but the digits that they do not have: logarithms,
/// losses and gradients in both dtypes against the closed forms, computed in float64 from the differences of the rounded scores.
/// </summary>
public class LargeLogitTests
{
    /// <summary>Dtype, the constant, the number of scores: on both sides of the kernel of rows, and of the width of its registers.</summary>
    public static TheoryData<DType, double, int> Cases
    {
        get
        {
            var cases = new TheoryData<DType, double, int>();
            foreach (var length in new[] { 2, 10, 15, 16, 17, 33, 100, 8192, 8193 })
            {
                foreach (var shift in new[] { 1e4, -1e7, 1e8, 1e30 })
                {
                    cases.Add(DType.Float32, shift, length);
                }

                foreach (var shift in new[] { 1e7, -1e16, 1e17, 1e300 })
                {
                    cases.Add(DType.Float64, shift, length);
                }
            }

            return cases;
        }
    }

    private static double Tolerance(DType dtype) => dtype == DType.Float32 ? 4e-6 : 4e-14;

    /// <summary>Three lines of scores around a constant, rounded to the dtype.</summary>
    private static Tensor Scores(DType dtype, double shift, int length) =>
        (Tensor.Arange(3 * length, dtype: DType.Float64).Mul(7).Sin().Mul(4).Reshape(3, length) + shift).To(dtype);

    private static double[] Numbers(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();

    /// <summary>The softmax of each line and its logarithm; differences of the scores are exact in float64.</summary>
    private static (double[] Shares, double[] Logarithms) Exact(Tensor x)
    {
        var (lines, length) = (x.Shape[0], x.Shape[1]);
        var values = Numbers(x);
        double[] shares = new double[values.Length], logarithms = new double[values.Length];
        for (var line = 0; line < lines; line++)
        {
            var at = line * length;
            var top = values[at..(at + length)].Max();
            double sum = 0;
            for (var i = 0; i < length; i++)
            {
                sum += Math.Exp(values[at + i] - top);
            }

            for (var i = 0; i < length; i++)
            {
                logarithms[at + i] = values[at + i] - top - Math.Log(sum);
                shares[at + i] = Math.Exp(logarithms[at + i]);
            }
        }

        return (shares, logarithms);
    }

    private static void Same(double[] expected, Tensor actual, double tolerance, string what)
    {
        var values = Numbers(actual);
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"{what}: element {i} is {values[i]:R}, expected {expected[i]:R}.");
        }
    }

    /// <summary>The same scores as rows, as columns, as a middle dimension, and with gaps between them;
    /// a result in any of them comes back as rows.</summary>
    private static IEnumerable<(string Name, Tensor X, int Dim, Func<Tensor, Tensor> Rows)> Views(Tensor x)
    {
        var (lines, length) = (x.Shape[0], x.Shape[1]);
        yield return ("rows", x, 1, y => y);
        yield return ("columns", x.T.Contiguous(), 0, y => y.T);
        yield return ("a transposed view", x.T, 0, y => y.T);
        yield return ("a middle dimension", x.Unsqueeze(2).Expand(lines, length, 2).Contiguous(), 1, y => y.Select(2, 1));
        yield return ("gaps", Tensor.Stack([x, x], 2).Reshape(lines, 2 * length)[.., TensorIndex.Slice(step: 2)], -1, y => y);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheLogarithmKeepsItsNormaliser(DType dtype, double shift, int length)
    {
        var x = Scores(dtype, shift, length);
        var (shares, logarithms) = Exact(x);
        var tolerance = Tolerance(dtype);
        var weights = (Tensor.Arange(3 * length, dtype: DType.Float64).Cos() + 2).Reshape(3, length).To(dtype);
        var w = Numbers(weights);
        var pulled = new double[w.Length];
        var pushed = new double[w.Length];
        for (var line = 0; line < 3; line++)
        {
            double sum = 0, mean = 0;
            for (var i = line * length; i < (line + 1) * length; i++)
            {
                sum += w[i];
                mean += w[i] * shares[i];
            }

            for (var i = line * length; i < (line + 1) * length; i++)
            {
                pulled[i] = w[i] - (shares[i] * sum);
                pushed[i] = w[i] - mean;
            }
        }

        foreach (var (name, view, dim, rows) in Views(x))
        {
            // 8193 elements of a middle dimension and the like are the general kernel's, which the shorter ones reach too.
            var like = rows(view).Shape;
            Assert.Equal(x.Shape, like);
            var input = view.Detach().RequiresGrad_();
            var y = input.LogSoftmax(dim);
            Same(logarithms, rows(y), tolerance, name);
            foreach (var createGraph in new[] { false, true })
            {
                var gradient = Autograd.Grad([(rows(y) * weights).Sum()], [input], retainGraph: true, createGraph: createGraph)[0]!;
                Same(pulled, rows(gradient), tolerance * Math.Max(4, length / 100.0), $"{name}, gradient");
            }

            var tangent = Spread(weights, view, rows);
            var (value, slope) = Jvp<Tensor, Tensor>(z => z.LogSoftmax(dim), view, tangent);
            Same(logarithms, rows(value), tolerance, $"{name}, Jvp's value");
            Same(pushed, rows(slope), tolerance * Math.Max(4, length / 100.0), $"{name}, Jvp's tangent");
        }

        Same(logarithms, Vmap<Tensor, Tensor>(z => z.LogSoftmax(0))(x), tolerance, "Vmap");
        Same(logarithms, Vmap<Tensor, Tensor>(z => z.LogSoftmax(0), 1, 1)(x.T).T, tolerance, "Vmap over columns");
    }

    /// <summary>A tensor that looks like rows through the view.</summary>
    private static Tensor Spread(Tensor rowsOf, Tensor view, Func<Tensor, Tensor> rows)
    {
        var result = Tensor.ZerosLike(view).Detach();
        rows(result).Copy_(rowsOf);
        return result;
    }

    /// <summary>The gradient of log(sum(exp(x))) is the softmax, with ties too, whatever the size of x: 1/n each, by each route.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void TheGradientOfTheTotalIsTheSoftmax(DType dtype, double shift, int length)
    {
        var tolerance = Tolerance(dtype);
        foreach (var x in new[] { Scores(dtype, shift, length), Tensor.Full([3, length], shift, dtype) })
        {
            var (shares, _) = Exact(x);
            foreach (var (name, view, dim, rows) in Views(x))
            {
                var copies = name == "a middle dimension" ? 2 : 1;
                var input = view.Detach().RequiresGrad_();
                var y = input.LogSumExp(dim).Sum();
                foreach (var createGraph in new[] { false, true })
                {
                    var gradient = Autograd.Grad([y], [input], retainGraph: true, createGraph: createGraph)[0]!;
                    Same(shares, rows(gradient), tolerance, name);
                }

                var tangent = Spread(Tensor.OnesLike(x), view, rows);
                var slope = Jvp<Tensor, Tensor>(z => z.LogSumExp(dim), view, tangent).Tangent;
                Assert.All(Numbers(copies == 2 ? slope.Select(1, 1) : slope), value => Assert.Equal(1, value, tolerance * 10));
            }

            Same(shares, Vmap<Tensor, Tensor>(Grad<Tensor>(z => z.LogSumExp(0)))(x), tolerance, "Vmap of Grad");
            Same(shares, Grad<Tensor>(z => Vmap<Tensor, Tensor>(q => q.LogSumExp(0))(z).Sum())(x), tolerance, "Grad of Vmap");
            Same(
                [.. Exact(x.Reshape(1, 3 * length)).Shares], Grad<Tensor>(z => z.LogSumExp([0, 1]))(x), tolerance, "several dimensions");
        }
    }

    /// <summary>diag(p) - p p^T, the second derivative of the total and, up to its sign, of each logarithm.</summary>
    [Theory]
    [InlineData(nameof(DType.Float32), 1e8)]
    [InlineData(nameof(DType.Float64), 1e17)]
    public void SecondDerivativesAreTheCovariance(string dtypeName, double shift)
    {
        var dtype = DType.Parse(dtypeName);
        foreach (var length in new[] { 2, 3, 20 })
        {
            var x = Scores(dtype, shift, length)[1];
            var shares = Exact(x.Unsqueeze(0)).Shares;
            var expected = new double[length * length];
            for (var i = 0; i < length; i++)
            {
                for (var j = 0; j < length; j++)
                {
                    expected[(i * length) + j] = (i == j ? shares[i] : 0) - (shares[i] * shares[j]);
                }
            }

            foreach (var (sign, f) in new (int, Func<Tensor, Tensor>)[] { (1, z => z.LogSumExp(0)), (-1, z => z.LogSoftmax(0)[1]) })
            {
                double[] signed = [.. expected.Select(value => sign * value)];
                Same(signed, Hessian(f)(x), Tolerance(dtype), "Hessian");
                Same(signed, JacRev<Tensor>(Grad<Tensor>(f))(x), Tolerance(dtype), "JacRev of Grad");
                Same(signed, JacFwd<Tensor>(JacFwd<Tensor>(f))(x), Tolerance(dtype), "JacFwd of JacFwd");
                Same(signed, Vmap<Tensor, Tensor>(Hessian(f))(x.Unsqueeze(0))[0], Tolerance(dtype), "Vmap of Hessian");
            }
        }
    }

    /// <summary>Infinities and NaN as PyTorch's exp(x - y) has them: an infinite score takes NaN and leaves 0 to the others;
    /// a line of nothing is NaN.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(21)]
    public void SpecialValuesInTheGradientOfTheTotal(int length)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            foreach (var special in new[] { double.PositiveInfinity, double.NegativeInfinity, double.NaN })
            {
                var x = Tensor.Full([length], 100.0, dtype);
                x[1] = special;
                var others = double.IsNaN(special) ? double.NaN : special > 0 ? 0 : 1.0 / (length - 1);
                var own = special < 0 ? 0 : double.NaN;
                Func<Tensor, Tensor> f = z => z.LogSumExp(0);
                foreach (var gradient in new[]
                         {
                             Pulled(f, x, createGraph: false), Pulled(f, x, createGraph: true),
                             Pulled(z => z.Unsqueeze(1).Expand(length, 2).LogSumExp(0)[0], x, createGraph: false),
                             Vmap<Tensor, Tensor>(Grad(f))(x.Unsqueeze(0))[0],
                         })
                {
                    var values = Numbers(gradient);
                    for (var i = 0; i < length; i++)
                    {
                        Assert.Equal(i == 1 ? own : others, values[i], 1e-6);
                    }
                }
            }

            Assert.All(
                Numbers(Pulled(z => z.LogSumExp(0), Tensor.Full([length], double.NegativeInfinity, dtype), false)),
                value => Assert.Equal(double.NaN, value));
        }
    }

    private static Tensor Pulled(Func<Tensor, Tensor> f, Tensor x, bool createGraph)
    {
        var leaf = x.Detach().RequiresGrad_();
        return Autograd.Grad([f(leaf)], [leaf], createGraph: createGraph)[0]!;
    }

    /// <summary>As in PyTorch: a line with an infinite largest score or NaN is NaN, one of nothing too;
    /// negative infinity beside finite scores stays.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(21)]
    public void SpecialValuesInTheLogarithm(int length)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            foreach (var view in new Func<Tensor, Tensor>[]
                     {
                         x => x.Unsqueeze(0).LogSoftmax(1)[0], x => x.Unsqueeze(1).Expand(length, 2).LogSoftmax(0).Select(1, 1),
                     })
            {
                foreach (var special in new[] { double.PositiveInfinity, double.NegativeInfinity, double.NaN })
                {
                    var x = Tensor.Full([length], 100.0, dtype);
                    x[1] = special;
                    var values = Numbers(view(x));
                    for (var i = 0; i < length; i++)
                    {
                        Assert.Equal(special < 0 ? i == 1 ? special : -Math.Log(length - 1) : double.NaN, values[i], 1e-6);
                    }
                }

                Assert.All(Numbers(view(Tensor.Full([length], double.NegativeInfinity, dtype))), value => Assert.Equal(double.NaN, value));
            }
        }
    }
}
