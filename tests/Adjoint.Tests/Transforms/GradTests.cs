using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Reverse mode as a transform: values, structures, nesting, what is captured, and misuse.</summary>
public class GradTests
{
    private static Tensor D(double value) => Tensor.Scalar(value);

    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    [Fact]
    public void TheGradientOfAFunction()
    {
        var x = V(1, 2, 3);
        Check.Close(2 * x, Grad((Tensor a) => (a * a).Sum())(x));
        Assert.False(x.RequiresGrad);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void TheResultHasNoHistory()
    {
        var (value, gradient) = ValueAndGrad((Tensor a) => (a * a * a).Sum())(V(1, 2));
        Assert.False(value.RequiresGrad);
        Assert.False(gradient.RequiresGrad);
        Check.Close(V(3, 12), gradient);
        Assert.Equal(9, value.Item());
    }

    /// <summary>The derivatives of sin up to the eighth.</summary>
    [Fact]
    public void NestingGivesHigherDerivatives()
    {
        Func<Tensor, Tensor> f = x => x.Sin();
        double[] expected = [Math.Cos(0.7), -Math.Sin(0.7), -Math.Cos(0.7), Math.Sin(0.7)];
        for (var order = 0; order < 8; order++)
        {
            f = Grad(f);
            Assert.Equal(expected[order % 4], f(D(0.7)).Item(), 12);
        }
    }

    /// <summary>The classic of perturbation confusion (Siskind and Pearlmutter 2005): d/dx (x * d/dy (x + y)) is 1.</summary>
    [Fact]
    public void DerivativesOfDifferentLevelsDoNotMix()
    {
        var one = D(1);
        Assert.Equal(1, Grad((Tensor x) => x * Grad((Tensor y) => x + y)(one))(one).Item());
        Assert.Equal(2, Grad((Tensor x) => x * Grad((Tensor y) => x * y)(one))(one).Item());

        // d/dx x * d/dy (y * d/dz (x y z)) = d/dx x * d/dy (y x y) = d/dx x * 2 x y = 4 x y
        var three = Grad((Tensor x) => x * Grad((Tensor y) => y * Grad((Tensor z) => x * y * z)(D(5)))(D(3)))(D(2));
        Assert.Equal(24, three.Item());
    }

    [Fact]
    public void ArgumentsByNumber()
    {
        Func<Tensor, Tensor, Tensor> f = (x, y) => x * y.Square();
        Assert.Equal(9, Grad(f)(D(2), D(3)).Item());
        Assert.Equal(12, Grad(f, 1)(D(2), D(3)).Item());
        Func<Tensor, Tensor, Tensor, Tensor> g = (x, y, z) => x * y.Square() * z;
        Assert.Equal(18, Grad(g, 2)(D(2), D(3), D(4)).Item());
        Assert.Equal(36, Grad(g)(D(2), D(3), D(4)).Item());
        Assert.Equal(18, Grad(g, -1)(D(2), D(3), D(4)).Item());
        Assert.StartsWith(
            "Got argnum=2, but only 2 positional inputs",
            Assert.Throws<ArgumentOutOfRangeException>(() => Grad(f, 2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Grad(f, -3));
    }

    /// <summary>test_argnums_reorders, test_out_of_order_argnums: gradients come in the order of the numbers.</summary>
    [Fact]
    public void SeveralArgumentsByNumber()
    {
        Func<Tensor, Tensor, Tensor, Tensor> f = (x, y, z) => x * y.Square() * z;
        var gradients = Grad(f, [2, 0])(D(2), D(3), D(4));
        Assert.Equal([18, 36], gradients.Select(gradient => gradient.Item()));
        Func<Tensor, Tensor, Tensor> two = (x, y) => x * y.Square();
        Assert.Equal([12, 9], Grad(two, [-1, 0])(D(2), D(3)).Select(gradient => gradient.Item()));
        Assert.Equal([9], Grad(two, [0])(D(2), D(3)).Select(gradient => gradient.Item()));

        // One tensor in two places is two arguments.
        var same = D(3);
        Assert.Equal([18, 9], Grad(two, [1, 0])(same, same).Select(gradient => gradient.Item()));
        Assert.StartsWith(
            "argnums elements must be unique, got (0, -2)",
            Assert.Throws<ArgumentException>(() => Grad(two, [0, -2])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("argnums must be non-empty", Assert.Throws<ArgumentException>(() => Grad(two, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultsBesideTheValue()
    {
        var (gradient, doubled) = Grad((Tensor x) => (x.Square().Sum(), 2 * x))(V(1, 2));
        Check.Close(V(2, 4), gradient);
        Check.Close(V(2, 4), doubled);
        Assert.False(doubled.RequiresGrad);
        var (value, slope, text) = ValueAndGrad((Tensor x) => (x.Sum(), "text"))(V(1, 2));
        Assert.Equal(3, value.Item());
        Check.Close(V(1, 1), slope);
        Assert.Equal("text", text);
    }

    [Fact]
    public void StructuresOfTensors()
    {
        var pair = Grad(((Tensor W, Tensor B) p) => (p.W * p.B.Square()).Sum())((D(2), D(3)));
        Assert.Equal(9, pair.W.Item());
        Assert.Equal(12, pair.B.Item());
        var array = Grad((Tensor[] p) => p[0] * p[1])([D(2), D(3)]);
        Assert.Equal(3, array[0].Item());
        var named = Grad((IReadOnlyDictionary<string, Tensor> p) => p["a"] * p["b"])(
            new Dictionary<string, Tensor> { ["b"] = D(5), ["a"] = D(4) });
        Assert.Equal(5, named["a"].Item());
        Assert.Equal(4, named["b"].Item());
        var line = Grad((Line p) => (p.Slope * p.Slope) + (3 * p.Offset))(new Line(D(2), D(1), "name"));
        Assert.Equal(4, line.Slope.Item());
        Assert.Equal(3, line.Offset.Item());
        Assert.Equal("name", line.Name);
    }

    [Fact]
    public void UnusedInputsGetZeros()
    {
        var (w, b) = Grad(((Tensor W, Tensor B) p) => p.W * p.W)((D(2), D(3)));
        Assert.Equal(4, w.Item());
        Assert.Equal(0, b.Item());
    }

    [Fact]
    public void ControlFlowOfTheLanguage()
    {
        var f = Grad((Tensor x) =>
        {
            var y = x;
            while (y < 100)
            {
                y = y * x;
            }

            return y > 200 ? -y : y;
        });
        Assert.Equal(7 * 64, f(D(2)).Item()); // x^7 = 128
        Assert.Equal(-5 * 81, f(D(3)).Item()); // -x^5 = -243
    }

    [Fact]
    public void CapturedTensorsThatRequireGradAreFollowedOutside()
    {
        var w = D(3).RequiresGrad_();
        var slope = Grad((Tensor x) => w * x * x)(D(2));
        Assert.Equal(12, slope.Item());
        Assert.True(slope.RequiresGrad);
        slope.Backward();
        Assert.Equal(4, w.Grad!.Item()); // d/dw 2 w x
    }

    [Fact]
    public void ArgumentsThatRequireGradAreFollowedOutside()
    {
        var x = D(2).RequiresGrad_();
        var (value, slope) = ValueAndGrad((Tensor a) => a * a * a)(x);
        (value + slope).Backward();
        Assert.Equal(12 + 12, x.Grad!.Item()); // 3 x^2 + 6 x
    }

    [Fact]
    public void UnderNoGradOnlyTheTransformRecords()
    {
        var w = D(3).RequiresGrad_();
        using (Autograd.NoGrad())
        {
            var slope = Grad((Tensor x) => w * x * x)(D(2));
            Assert.Equal(12, slope.Item());
            Assert.False(slope.RequiresGrad);
            Assert.False(Autograd.IsGradEnabled);
        }

        Assert.Equal(0, Grad((Tensor x) => Autograd.NoGrad(() => x * x))(D(2)).Item());
    }

    [Fact]
    public void APullbackCanBeUsedAgain()
    {
        var (value, pullback) = Vjp((Tensor x) => x.Sin() * 2, V(0.1, 0.2));
        Check.Close(V(0.1, 0.2).Sin() * 2, value);
        Check.Close(2 * V(0.1, 0.2).Cos() * V(1, 10), pullback(V(1, 10)));
        Check.Close(2 * V(0.1, 0.2).Cos() * V(-1, 3), pullback(V(-1, 3)));
        Assert.Contains("shape", Assert.Throws<ShapeException>(() => pullback(V(1))).Message, StringComparison.Ordinal);
        Assert.Throws<DTypeException>(() => pullback(V(1, 2).To(DType.Float32)));
    }

    [Fact]
    public void AVjpCanBeDifferentiated()
    {
        // d/dx of v . d(x^3) = 6 x v
        var second = Grad((Tensor x) => Vjp((Tensor a) => a * a * a, x).Pullback(V(1, 10)).Sum())(V(2, 3));
        Check.Close(V(12, 180), second);
    }

    [Fact]
    public void AResultThatIsNoScalarIsRefused()
    {
        var message = Assert.Throws<AutogradException>(() => Grad((Tensor x) => x * 2)(V(1, 2))).Message;
        Assert.StartsWith(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with 1 dims. Maybe you wanted to use the vjp or " +
            "jacrev APIs instead?",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbersAreRefused() => Assert.StartsWith(
        "grad requires real-valued inputs",
        Assert.Throws<DTypeException>(() => Grad((Tensor x) => x.Sum())(Tensor.Arange(3))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void BackwardInsideIsRefused()
    {
        var w = D(2).RequiresGrad_();
        var message = Assert.Throws<AutogradException>(() => Grad((Tensor x) =>
        {
            (x * w).Backward();
            return x;
        })(D(1))).Message;
        Assert.StartsWith(
            "backward() called inside a functorch transform. This is not supported, please use functorch.grad or functorch.vjp instead or call " +
            "backward() outside of functorch transforms.",
            message,
            StringComparison.Ordinal);
        Assert.Null(w.Grad);
    }

    [Fact]
    public void ChangingAnArgumentInPlaceIsRefused()
    {
        var x = V(1, 2);
        Assert.Throws<AutogradException>(() => Grad((Tensor a) =>
        {
            a += 1;
            return a.Sum();
        })(x));
        Assert.Throws<AutogradException>(() => Grad((Tensor a) =>
        {
            a[0] = 5;
            return a.Sum();
        })(x));
        Check.Close(V(1, 2), x);
    }

    [Fact]
    public void ChangingAnIntermediateInPlaceWorks()
    {
        var gradient = Grad((Tensor x) =>
        {
            var y = x * 2;
            y += x.Square();
            y[0] = y[1] * 3;
            return y.Sum();
        })(V(1, 2));
        Check.Close(V(0, 4 * (2 + 4)), gradient);
    }

    private sealed record Line(Tensor Slope, Tensor Offset, string Name) : ITree
    {
        IReadOnlyList<object> ITree.Children => [Slope, Offset, Name];

        ITree ITree.WithChildren(IReadOnlyList<object> children) =>
            new Line((Tensor)children[0], (Tensor)children[1], (string)children[2]);
    }
}
