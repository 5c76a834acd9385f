using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Derivatives of derivatives, to order four, against closed forms.</summary>
public class HigherOrderTests
{
    /// <summary>The n-th derivative of a scalar function, each by differentiating the recorded gradient of the one before.</summary>
    private static double Derivative(Func<Tensor, Tensor> function, double at, int order)
    {
        var x = ScalarLeaf(at);
        var y = function(x);
        for (var n = 1; n <= order; n++)
        {
            // The derivative of a constant; PyTorch's graph ends there too.
            if (!y.RequiresGrad)
            {
                return 0;
            }

            y = Autograd.Grad(y, x, createGraph: n < order);
        }

        return y.Item();
    }

    private static void Check(Func<Tensor, Tensor> function, double at, params double[] expected)
    {
        for (var n = 0; n < expected.Length; n++)
        {
            var actual = Derivative(function, at, n);
            Assert.True(
                Math.Abs(actual - expected[n]) <= 1e-11 * Math.Max(1, Math.Abs(expected[n])),
                $"Derivative {n} at {at} is {actual:R}, not {expected[n]:R}.");
        }
    }

    /// <summary>(x⁵)' = 5x⁴, 20x³, 60x², 120x.</summary>
    [Theory]
    [InlineData(0.7)]
    [InlineData(-1.3)]
    public void AProductOfPowers(double x)
    {
        double[] expected = [Math.Pow(x, 5), 5 * Math.Pow(x, 4), 20 * Math.Pow(x, 3), 60 * x * x, 120 * x];
        Check(a => a * a * a * a * a, x, expected);
        Check(a => a.Pow(2) * a.Pow(3), x, expected);
        Check(a => a.Square() * a.Square() * a, x, expected);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(-1)]
    [InlineData(-2.5)]
    public void APower(double p)
    {
        const double x = 1.7;
        var expected = new double[5];
        var factor = 1.0;
        for (var n = 0; n < expected.Length; n++)
        {
            expected[n] = factor * Math.Pow(x, p - n);
            factor *= p - n;
        }

        Check(a => a.Pow(p), x, expected);
        Check(a => a.Pow(Tensor.Scalar(p)), x, expected);
    }

    /// <summary>(2^x)' = 2^x (ln 2)^n, with the number on the left and the exponent as a tensor.</summary>
    [Fact]
    public void APowerInItsExponent()
    {
        const double x = 1.3;
        var expected = Enumerable.Range(0, 5).Select(n => Math.Pow(2, x) * Math.Pow(Math.Log(2), n)).ToArray();
        Check(a => ((Tensor)2.0).Pow(a), x, expected);
        Check(a => Tensor.Scalar(2.0).Pow(a), x, expected);
    }

    /// <summary>e^(-x²/2): Hermite polynomials, (-1)^n He_n(x) e^(-x²/2) (Abramowitz and Stegun 22.11.8).</summary>
    [Theory]
    [InlineData(0.4)]
    [InlineData(1.9)]
    public void ABellCurve(double x)
    {
        var bell = Math.Exp(-x * x / 2);
        Check(
            a => (-(a * a) / 2).Exp(),
            x,
            bell,
            -x * bell,
            ((x * x) - 1) * bell,
            -((x * x * x) - (3 * x)) * bell,
            ((x * x * x * x) - (6 * x * x) + 3) * bell);
    }

    /// <summary>sin(x) e^x = Im e^((1+i)x), whose n-th derivative is 2^(n/2) e^x sin(x + nπ/4).</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(-2)]
    public void ADampedSine(double x) => Check(
        a => a.Sin() * a.Exp(),
        x,
        [.. Enumerable.Range(0, 5).Select(n => Math.Pow(2, n / 2.0) * Math.Exp(x) * Math.Sin(x + (n * Math.PI / 4)))]);

    /// <summary>cos(3x): 3^n cos(3x + nπ/2).</summary>
    [Fact]
    public void ACosine() => Check(
        a => (3 * a).Cos(), 0.8, [.. Enumerable.Range(0, 5).Select(n => Math.Pow(3, n) * Math.Cos(2.4 + (n * Math.PI / 2)))]);

    /// <summary>With t = tanh x: 1 - t², -2t(1 - t²), (6t² - 2)(1 - t²), (16t - 24t³)(1 - t²).</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(-1.1)]
    public void ATanh(double x)
    {
        var t = Math.Tanh(x);
        var u = 1 - (t * t);
        double[] expected = [t, u, -2 * t * u, ((6 * t * t) - 2) * u, ((16 * t) - (24 * t * t * t)) * u];
        Check(a => a.Tanh(), x, expected);

        // The same through exponentials, and through the logistic function: tanh x = 2 σ(2x) - 1.
        Check(a => ((2 * a).Exp() - 1) / ((2 * a).Exp() + 1), x, expected);
        Check(a => (2 * (2 * a).Sigmoid()) - 1, x, expected);
    }

    /// <summary>log x: 1/x, -1/x², 2/x³, -6/x⁴.</summary>
    [Fact]
    public void ALogarithm()
    {
        const double x = 0.6;
        double[] expected = [Math.Log(x), 1 / x, -1 / (x * x), 2 / Math.Pow(x, 3), -6 / Math.Pow(x, 4)];
        Check(a => a.Log(), x, expected);
        Check(a => a.Exp().Log().Log(), x, expected);
        Check(a => -(1 / a).Log(), x, expected);
        Check(a => 2 * a.Sqrt().Log(), x, expected);
    }

    /// <summary>1 / (1 + x²) = Im(1 / (x - i)), so its n-th derivative is (-1)^n n! Im((x - i)^-(n+1)).</summary>
    [Fact]
    public void ARationalFunction()
    {
        const double x = 0.9;
        var expected = new double[5];
        var factor = 1.0;
        for (var n = 0; n < 5; n++)
        {
            expected[n] = factor * System.Numerics.Complex.Pow(new System.Numerics.Complex(x, -1), -(n + 1)).Imaginary;
            factor *= -(n + 1);
        }

        Check(a => 1 / (1 + (a * a)), x, expected);
        Check(a => (1 + a.Square()).Reciprocal(), x, expected);
        Check(a => Tensor.Scalar(1.0) / (a.Square() + 1), x, expected);
    }

    /// <summary>The gradient penalty: the norm of a gradient, differentiated. f = Σ x³, |∇f| = 3 √(Σ x⁴), so d|∇f|/dx = 6x³ / √(Σ x⁴).</summary>
    [Fact]
    public void TheNormOfAGradient()
    {
        var x = Leaf(1, -2, 0.5);
        var gradient = Autograd.Grad(x.Pow(3).Sum(), x, createGraph: true);
        gradient.Norm().Backward();
        var root = Math.Sqrt(1 + 16 + 0.0625);
        IsClose(x.Grad, [6 / root, 6 * -8 / root, 6 * 0.125 / root]);
    }

    /// <summary>f = xᵀAx / 2 + (bᵀx)²: the Hessian is (A + Aᵀ)/2 + 2bbᵀ, row by row.</summary>
    [Fact]
    public void AHessianRowByRow()
    {
        var a = Tensor.FromArray(new double[,] { { 2, 1, 0 }, { -3, 4, 5 }, { 1, 1, -1 } });
        Tensor b = [1.0, -2, 3];
        var x = Leaf(0.3, -0.7, 1.1);
        var f = (Tensor.Dot(x, a.Mv(x)) / 2) + Tensor.Dot(b, x).Square();
        var gradient = Autograd.Grad(f, x, createGraph: true);
        var expected = ((a + a.T) / 2) + (2 * b.Unsqueeze(1) * b.Unsqueeze(0));
        for (var i = 0; i < 3; i++)
        {
            IsClose(Autograd.Grad(gradient[i], x, retainGraph: true), Of(expected[i]));
        }
    }

    /// <summary>A mixed derivative does not depend on the order: f = x² sin(xy).</summary>
    [Fact]
    public void MixedDerivativesAgree()
    {
        var x = ScalarLeaf(0.7);
        var y = ScalarLeaf(-1.2);
        Tensor F() => x * x * (x * y).Sin();
        double By(params Tensor[] order)
        {
            var value = F();
            foreach (var variable in order)
            {
                value = Autograd.Grad(value, variable, createGraph: true);
            }

            return value.Item();
        }

        var (a, b) = (0.7, -1.2);
        var (s, c) = (Math.Sin(a * b), Math.Cos(a * b));

        // d/dy f = x³ cos(xy); d²/dxdy f = 3x² cos(xy) - x³ y sin(xy); d³/dx dy² f = -4x³ sin(xy) - x⁴ y cos(xy)
        var expected = (3 * a * a * c) - (a * a * a * b * s);
        Assert.Equal(expected, By(x, y), 1e-12);
        Assert.Equal(expected, By(y, x), 1e-12);
        var third = (-4 * a * a * a * s) - (a * a * a * a * b * c);
        Assert.Equal(third, By(x, y, y), 1e-12);
        Assert.Equal(third, By(y, x, y), 1e-12);
        Assert.Equal(third, By(y, y, x), 1e-12);
    }

    /// <summary>Backward twice into <c>Grad</c>: with x = 3, d(x³)/dx = 27 and d(27 + ...)/dx accumulates 18 on top.</summary>
    [Fact]
    public void BackwardOnAGradientAccumulates()
    {
        var x = ScalarLeaf(3);
        x.Pow(3).Backward(createGraph: true);
        var first = x.Grad!;
        Assert.Equal(27, first.Item());
        x.Grad = null;
        first.Backward();
        Assert.Equal(18, x.Grad!.Item());
    }

    /// <summary>An inner derivative inside another graph's construction (MAML's step): w' = w - η dL/dw, then dL(w')/dw.</summary>
    [Fact]
    public void AStepOfGradientDescentCanBeDifferentiated()
    {
        const double rate = 0.1;
        var w = Leaf(1, -2);
        static Tensor Loss(Tensor v) => (v * v * v).Sum();
        var inner = Autograd.Grad(Loss(w), w, createGraph: true);
        var stepped = w - (rate * inner);
        Loss(stepped).Backward();
        double D(double v)
        {
            var moved = v - (rate * 3 * v * v);
            return 3 * moved * moved * (1 - (6 * rate * v));
        }

        IsClose(w.Grad, [D(1), D(-2)]);
    }

    /// <summary>A linear function's gradient does not depend on its input, but it is still a value.</summary>
    [Fact]
    public void TheSecondDerivativeOfALinearFunction()
    {
        var x = Leaf(1, 2);
        var gradient = Autograd.Grad((3 * x).Sum(), x, createGraph: true);
        Holds(gradient, 3, 3);
        Assert.False(gradient.RequiresGrad);
        Fails<AutogradException>("element 0 of tensors does not require grad", () => Autograd.Grad(gradient.Sum(), x));
    }

    /// <summary>x is float32, y float64: what the product saves was converted on the way in, and still has its history. f = x² y³.</summary>
    [Fact]
    public void MixedDTypesHaveMixedDerivatives()
    {
        Tensor x = [1.5f, -2f], y = [0.5, 3.0];
        x.RequiresGrad = true;
        y.RequiresGrad = true;
        var f = (x * x * y * y * y).Sum();
        var first = Autograd.Grad([f], [x, y], createGraph: true);
        Assert.Equal(DType.Float32, first[0]!.DType);
        Assert.Equal(DType.Float64, first[1]!.DType);
        var mixed = Autograd.Grad([first[0]!.Sum()], [x, y], retainGraph: true);
        Holds(mixed[0], 2 * 0.125, 2 * 27); // 2y³
        Holds(mixed[1], 6 * 1.5 * 0.25, 6 * -2 * 9); // 6xy²
        Holds(Autograd.Grad(first[1]!.Sum(), x), 6 * 1.5 * 0.25, 6 * -2 * 9);
        var g = Tensor.Where(x > 0, x * y, y * y * x);
        var slope = Autograd.Grad(g.Sum(), y, createGraph: true);
        Holds(Autograd.Grad(slope.Sum(), x), 1, 2 * 3); // d/dx of x and of 2yx
    }

    /// <summary>1 / 3 in float64, not in the float32 that two plain numbers would give.</summary>
    [Fact]
    public void RecordedGradientsHaveTheFullPrecision()
    {
        var x = Leaf(1, 2);
        Holds(Autograd.Grad((x / 3).Sum(), x, createGraph: true), 1.0 / 3, 1.0 / 3);
        Holds(Autograd.Grad((x * 0.1).Sum(), x, createGraph: true), 0.1, 0.1);
        Holds(Autograd.Grad((x - (0.1 * x)).Sum(), x, createGraph: true), 0.9, 0.9);
        Holds(Autograd.Grad(x.Pow(0.1).Sum(), x, createGraph: true), Of(Autograd.Grad(x.Pow(0.1).Sum(), x)));
        Holds(Autograd.Grad((0.1 / x).Sum(), x, createGraph: true), Of(Autograd.Grad((0.1 / x).Sum(), x)));
    }

    /// <summary>A number that requires grad is converted wherever it is used. f = x³, at 3: 27, 18, 6.</summary>
    [Fact]
    public void APlainNumberHasAllItsDerivatives()
    {
        Tensor x = 3.0;
        x.RequiresGrad = true;
        var first = Autograd.Grad(x * x * x, x, createGraph: true);
        var second = Autograd.Grad(first, x, createGraph: true);
        var third = Autograd.Grad(second, x);
        Assert.Equal((27, 18, 6), (first.Item(), second.Item(), third.Item()));
    }

    /// <summary>The seed of a first pass can be differentiated by: the gradient is linear in it (a trick for forward mode).</summary>
    [Fact]
    public void AGradientCanBeDifferentiatedByItsSeed()
    {
        var x = Leaf(0.5, 2);
        var seed = Leaf(1, 1);
        var y = x * x * x;
        var pulled = Autograd.Grad(y, x, seed, createGraph: true);
        Tensor direction = [10.0, 100];
        var pushed = Autograd.Grad(pulled, seed, direction);
        Holds(pushed, 10 * 3 * 0.25, 100 * 3 * 4);
    }

    /// <summary>x^4 four times is 24 x^0, whose derivative is 0 and not an error; what is left then has no history (libtorch 2.10).</summary>
    [Theory]
    [InlineData(3.0)]
    [InlineData(0.0)]
    public void APowerIsDifferentiatedToItsEnd(double at)
    {
        var x = ScalarLeaf(at);
        var y = x.Pow(4);
        double[] expected = [4 * at * at * at, 12 * at * at, 24 * at, 24, 0];
        foreach (var derivative in expected)
        {
            y = Autograd.Grad(y, x, createGraph: true);
            Assert.Equal(derivative, y.Item());
        }

        Assert.Contains(
            "does not require grad", Assert.Throws<AutogradException>(() => Autograd.Grad(y, x)).Message, StringComparison.Ordinal);
        Assert.Equal(24.0, Transform.DirectionalDerivative(a => a.Pow(4), Tensor.Scalar(at), Tensor.Scalar(1.0), 4).Item());
        Assert.Equal(0.0, Transform.DirectionalDerivative(a => a.Pow(4), Tensor.Scalar(at), Tensor.Scalar(1.0), 5).Item());
    }
}
