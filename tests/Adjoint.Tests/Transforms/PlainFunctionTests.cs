using Adjoint.NN;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Every way to hand a function to a transform compiles and means the same: the name of a method, a lambda without types, a delegate, a function of
/// structures. Each form's value and derivative is compared with the closed form.
/// </summary>
public class PlainFunctionTests
{
    private static readonly Tensor Two = Tensor.Scalar(2.0);
    private static readonly Tensor Three = Tensor.Scalar(3.0);
    private static readonly Tensor OneToThree = Tensor.FromArray([1.0, 2, 3]);

    /// <summary>s^3, with derivatives 3 s^2, 6 s and 6.</summary>
    private static Tensor Price(Tensor s) => s * s * s;

    /// <summary>x^2 y.</summary>
    private static Tensor Product(Tensor x, Tensor y) => x * x * y;

    /// <summary>x^2 y z.</summary>
    private static Tensor OfThree(Tensor x, Tensor y, Tensor z) => x * x * y * z;

    private static (Tensor Value, int Auxiliary) WithNumber(Tensor x) => ((x * x).Sum(), x.Rank);

    /// <summary>The form of the README, whose derivative is taken from outside as well: d/ds 6 s = 6.</summary>
    [Fact]
    public void TheNameOfAMethod()
    {
        Check.Close(6 * OneToThree, Vmap(Grad(Grad(Price)))(OneToThree));
        Check.Close(6 * Tensor.OnesLike(OneToThree), Grad(q => Vmap(Grad(Grad(Price)))(q).Sum())(OneToThree));
        Check.Close(3 * OneToThree.Square(), Vmap(Grad(Price))(OneToThree));

        var s = OneToThree.Clone().RequiresGrad_();
        Vmap(Grad(Price))(s).Sum().Backward();
        Check.Close(6 * OneToThree, s.Grad!);
    }

    [Fact]
    public void TheNameOfALocalFunction()
    {
        Tensor Local(Tensor s) => s.Sin().Sum();
        static Tensor Static(Tensor s) => s.Sin();
        Check.Close(OneToThree.Cos(), Grad(Local)(OneToThree));
        Check.Close(-OneToThree.Sin(), Vmap(Grad(Grad(Static)))(OneToThree));
        Check.Close(-OneToThree.Cos(), Grad(q => Vmap(Grad(Grad(Static)))(q).Sum())(OneToThree));
    }

    [Fact]
    public void ALambdaWithoutTypes()
    {
        Check.Close(OneToThree.Cos(), Grad(t => t.Sin().Sum())(OneToThree));
        Check.Close(-OneToThree.Sin(), Grad(t => Grad(u => u.Sin().Sum())(t).Sum())(OneToThree));
        Check.Close(OneToThree.Sin(), Vmap(t => t.Sin())(OneToThree));
        Check.Close(OneToThree.Cos(), Grad(q => Vmap(t => t.Sin())(q).Sum())(OneToThree));
        Check.Close(Tensor.Scalar(12.0), Grad((x, y) => x * x * y)(Two, Three));
        Check.Close(Tensor.Scalar(60.0), Grad((x, y, z) => x * x * y * z)(Two, Three, Tensor.Scalar(5.0)));
    }

    [Fact]
    public void FunctionsOfTwoAndThreeTensors()
    {
        Check.Close(Tensor.Scalar(12.0), Grad(Product)(Two, Three));
        Check.Close(Tensor.Scalar(4.0), Grad(Product, 1)(Two, Three));
        Check.Close(Tensor.Scalar(60.0), Grad(OfThree)(Two, Three, Tensor.Scalar(5.0)));
        Check.Close(Tensor.Scalar(20.0), Grad(OfThree, 1)(Two, Three, Tensor.Scalar(5.0)));
        var (value, gradient) = ValueAndGrad(OfThree)(Two, Three, Tensor.Scalar(5.0));
        Assert.Equal((60, 60), (value.Item(), gradient.Item()));

        Tensor Both(Tensor x, Tensor y) => Product(x, y);
        Check.Close(Tensor.Scalar(12.0), Grad(Both)(Two, Three));
        Assert.Equal(12, ValueAndGrad(Both)(Two, Three).Gradient.Item());
        Check.Close(2 * OneToThree * 3, Vmap(Grad(Both), (0, null))(OneToThree, Three));
        Check.Close(OneToThree.Square() * 3, Vmap(Both, (0, null))(OneToThree, Three));
        Check.Close(OneToThree.Square() * 3, Vmap((x, y) => Product(x, y), (0, null))(OneToThree, Three));
        Check.Close(OneToThree.Square() * 6, Vmap(OfThree, (0, null, null))(OneToThree, Three, Two));
        Check.Close(12 * OneToThree, Grad(q => Vmap(OfThree, (0, null, null))(q, Three, Two).Sum())(OneToThree));
    }

    [Fact]
    public void AuxiliaryValues()
    {
        var (gradient, rank) = Grad(WithNumber)(OneToThree);
        Check.Close(2 * OneToThree, gradient);
        Assert.Equal(1, rank);
        var (byLambda, cosine) = Grad(t => (t.Sin().Sum(), t.Cos()))(OneToThree);
        Check.Close(OneToThree.Cos(), byLambda);
        Check.Close(OneToThree.Cos(), cosine);
        var (value, slope, text) = ValueAndGrad(t => ((t * t).Sum(), "note"))(OneToThree);
        Assert.Equal((14, "note"), (value.Item(), text));
        Check.Close(2 * OneToThree, slope);
        Assert.Equal(14, ValueAndGrad(WithNumber)(OneToThree).Value.Item());
    }

    [Fact]
    public void StructuresStillResolve()
    {
        var (w, b) = Grad(((Tensor W, Tensor B) p) => (p.W * p.W * p.B).Sum())((Two, Three));
        Assert.Equal((12, 4), (w.Item(), b.Item()));
        var array = Grad((Tensor[] p) => p[0] * p[0] * p[1])([Two, Three]);
        Assert.Equal([12, 4], array.Select(one => one.Item()));
        var named = Grad((IReadOnlyDictionary<string, Tensor> p) => p["a"] * p["a"])(new Dictionary<string, Tensor> { ["a"] = Three });
        Assert.Equal(6, named["a"].Item());
        var (gradient, other) = Grad(((Tensor W, Tensor B) p) => ((p.W * p.B).Sum(), p.B))((Two, Three));
        Assert.Equal((3, 2, 3), (gradient.W.Item(), gradient.B.Item(), other.Item()));
        var sums = Vmap(((Tensor X, Tensor Y) p) => p.X * p.Y)((OneToThree, OneToThree));
        Check.Close(OneToThree.Square(), sums);
        var (sine, cosine) = Vmap(t => (t.Sin(), t.Cos()))(OneToThree);
        Check.Close(OneToThree.Sin(), sine);
        Check.Close(OneToThree.Cos(), cosine);
        Check.Close(OneToThree * 3, Grad((Tensor x, int n) => (x.Pow(n) / n * 3).Sum())(OneToThree, 2));
    }

    [Fact]
    public void ForwardModeAndPullbacks()
    {
        var (value, pullback) = Vjp(Price, Two);
        Assert.Equal((8, 12), (value.Item(), pullback(1.0).Item()));
        Assert.Equal(12, Vjp(t => t * t * t, Two).Pullback(Tensor.Scalar(1.0)).Item());
        Assert.Equal(12, Jvp(Price, Two, Tensor.Scalar(1.0)).Tangent.Item());
        Assert.Equal(12, Jvp(t => t * t * t, Two, Tensor.Scalar(1.0)).Tangent.Item());
        Assert.Equal(24, Linearize(Price, Two).Pushforward(Tensor.Scalar(2.0)).Item());
        Assert.Equal(24, Linearize(t => t * t * t, Two).Pushforward(Two).Item());
        Assert.Equal(12, Grad(t => Jvp(Price, t, Tensor.OnesLike(t)).Tangent)(Two).Item());
        Assert.Equal(12, DirectionalDerivative(Price, Two, Tensor.Scalar(1.0), 2).Item());
        Assert.Equal(6, DirectionalDerivative(t => t * t * t, Two, Tensor.Scalar(1.0), 3).Item());
    }

    /// <summary>A number or a collection is a tensor where one is expected.</summary>
    [Fact]
    public void PointsAsLiterals()
    {
        Assert.Equal(12, Grad(Price)(2.0).Item(), 5);
        Check.Close(3 * OneToThree.Square(), Jvp(Price, [1.0, 2, 3], [1.0, 1, 1]).Tangent);
        Check.Close(6 * OneToThree, Hvp(t => Price(t).Sum(), [1.0, 2, 3], [1.0, 1, 1]).Product);
    }

    [Fact]
    public void JacobiansAndHessians()
    {
        static Tensor Sum(Tensor x) => Price(x).Sum();
        var diagonal = (OneToThree.Square() * 3).Unsqueeze(0) * Tensor.Eye(3, dtype: DType.Float64);
        Check.Close(diagonal, JacRev(Price)(OneToThree));
        Check.Close(diagonal, JacFwd(Price)(OneToThree));
        Check.Close(diagonal, JacRev(t => t * t * t)(OneToThree));
        Check.Close(diagonal, JacFwd(t => t * t * t, chunkSize: 2)(OneToThree));
        Check.Close(diagonal, Jacobian(Price, OneToThree));
        Check.Close(diagonal, Jacobian(t => t * t * t, OneToThree));
        Assert.Equal(PlanJacobian(Price, OneToThree).Mode, PlanJacobian(t => t * t * t, OneToThree).Mode);
        var second = (6 * OneToThree).Unsqueeze(0) * Tensor.Eye(3, dtype: DType.Float64);
        Check.Close(second, Hessian(Sum)(OneToThree));
        Check.Close(second, JacFwd(Grad(Sum))(OneToThree));
        Check.Close(6 * OneToThree, Hvp(Sum, OneToThree, Tensor.OnesLike(OneToThree)).Product);
        Check.Close(6 * OneToThree, Vhp(Sum, OneToThree, Tensor.OnesLike(OneToThree)).Product);
        Assert.Equal(36, Laplacian(Sum)(OneToThree).Item());
        Check.Close(6 * OneToThree, Grad(q => JacRev(Price)(q).Sum())(OneToThree));
    }

    /// <summary>What is a method itself is handed over like one: a traced function, a layer, a delegate, a method of an object.</summary>
    [Fact]
    public void MethodsOfObjects()
    {
        var traced = Trace(Price, Two);
        Assert.Equal(27, traced.Call(Three).Item());
        Assert.Equal(27, Grad(traced.Call)(Three).Item());
        Assert.Equal(27, Trace(t => t * t * t, Two).Call(Three).Item());
        Assert.Equal(18, Trace(Grad(Grad(Price)), Two).Call(Three).Item());

        var layer = new Linear(3, 2);
        var x = Tensor.Randn(4, 3);
        Check.Close(layer.Call(x).Detach(), Vmap(layer.Call)(x).Detach(), 1e-6);
        Func<Tensor, Tensor> f = Price;
        Check.Close(6 * OneToThree, Vmap(Grad(Grad(f)))(OneToThree));
        var leaf = OneToThree.Clone().RequiresGrad_();
        Assert.True(Diagnose.GradCheck(Price, leaf));
        Assert.True(Diagnose.GradCheck(t => t * t * t, leaf));
    }
}
