using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>
/// Jacobians of several results, Hessians of structures and of several arguments, against rows that the tape pulls one by one, and auxiliary results
/// (PyTorch's test_multiple_inputs_outputs_pytree, test_hessian_vectorize_correctness_multi_input, test_jac_with_non_tensor_aux and their like).
/// </summary>
public class JacobiansOfStructuresTests
{
    private static readonly Tensor X = Tensor.FromArray([0.3, -0.7, 1.1]);
    private static readonly Tensor Y = Tensor.FromArray(new[,] { { 0.5, 1.5 }, { -0.4, 0.9 } });

    private static Tensor[] Many((Tensor X, Tensor Y) p) => [p.X.Sin() * p.Y.Sum(), p.Y.MatMul(p.X[..2]), (p.X * p.X).Sum().Exp()];

    private static Tensor Scalar(Tensor x, Tensor y) => (y.MatMul(x[..2]).Sin() * x[1..]).Sum() + (x.Square().Sum() * y[0, 1]);

    /// <summary>The Jacobian of a result by one of the leaves, a row for each element.</summary>
    private static Tensor ByTape(Func<Tensor[], Tensor> f, Tensor[] at, int by)
    {
        var leaves = Array.ConvertAll(at, point => point.Clone().RequiresGrad_());
        var y = f(leaves);
        var rows = Enumerable.Range(0, (int)y.Count).Select(i => Autograd.Grad(
            [y.Reshape(-1)[i]], [leaves[by]], retainGraph: true, createGraph: true, allowUnused: true, materializeGrads: true)[0]!);
        return Tensor.Stack([.. rows]).Reshape([.. y.Shape.ToArray(), .. at[by].Shape.ToArray()]);
    }

    private static Tensor SecondByTape(Func<Tensor[], Tensor> f, Tensor[] at, int first, int second) => ByTape(
        leaves => Autograd.Grad([f(leaves)], [leaves[first]], createGraph: true)[0]!, at, second);

    public static TheoryData<string> Modes => ["JacRev", "JacFwd", "Jacobian", "in chunks", "forward in chunks", "small budget"];

    private static (Tensor X, Tensor Y)[] Of(string mode, Func<(Tensor X, Tensor Y), Tensor[]> f, (Tensor, Tensor) p) => mode switch
    {
        "JacRev" => JacRev(f)(p),
        "JacFwd" => JacFwd(f)(p),
        "Jacobian" => Jacobian(f, p),
        "in chunks" => JacRev(f, 2)(p),
        "forward in chunks" => JacFwd(f, 2)(p),
        _ => Jacobian(f, p, 200),
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void SeveralResults(string mode)
    {
        var actual = Of(mode, Many, (X, Y));
        Assert.Equal(3, actual.Length);
        for (var i = 0; i < 3; i++)
        {
            var result = i;
            Check.Close(ByTape(p => Many((p[0], p[1]))[result], [X, Y], 0), actual[i].X, what: $"{mode}, {i} by x");
            Check.Close(ByTape(p => Many((p[0], p[1]))[result], [X, Y], 1), actual[i].Y, what: $"{mode}, {i} by y");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void SeveralResultsUnderOtherTransforms(string mode)
    {
        // From outside: the tape and a transform through a sum of squares of all Jacobians; from inside of a batch.
        Tensor Sum((Tensor, Tensor) p) => Of(mode, Many, p).Select(j => j.X.Square().Sum() + j.Y.Sin().Sum()).Aggregate((a, b) => a + b);
        var (x, y) = (X.Clone().RequiresGrad_(), Y.Clone().RequiresGrad_());
        Sum((x, y)).Backward();
        var (byX, byY) = Grad<(Tensor, Tensor)>(Sum)((X, Y));
        Check.Close(x.Grad!, byX);
        Check.Close(y.Grad!, byY);
        Tensor Eager(Tensor[] p) => Enumerable.Range(0, 3)
            .Select(i => ByTape(q => Many((q[0], q[1]))[i], p, 0).Square().Sum() + ByTape(q => Many((q[0], q[1]))[i], p, 1).Sin().Sum())
            .Aggregate((a, b) => a + b);
        var step = 1e-6;
        var along = (Eager([X + step, Y]) - Eager([X - step, Y])) / (2 * step);
        Assert.Equal(along.Item(), byX.Sum().Item(), 1e-6);

        var batch = Vmap((Tensor a) => Of(mode, Many, (a, Y))[1].Y)(Tensor.Stack([X, X * 2]));
        Check.Close(Of(mode, Many, (X * 2, Y))[1].Y, batch[1]);
        Check.Close(Of(mode, Many, (X, Y))[1].Y, batch[0]);
    }

    [Fact]
    public void HessiansOfStructures()
    {
        var h = Hessian(((Tensor X, Tensor Y) p) => Scalar(p.X, p.Y))((X, Y));
        var two = Hessian(Scalar)(X, Y);
        Tensor F(Tensor[] p) => Scalar(p[0], p[1]);
        for (var i = 0; i < 2; i++)
        {
            Check.Close(SecondByTape(F, [X, Y], i, 0), h[i].X, what: $"{i}, x");
            Check.Close(SecondByTape(F, [X, Y], i, 1), h[i].Y, what: $"{i}, y");
            Check.Close(h[i].X, two[i][0]);
            Check.Close(h[i].Y, two[i][1]);
        }

        var named = Hessian((Dictionary<string, Tensor> p) => Scalar(p["x"], p["y"]))(new() { ["x"] = X, ["y"] = Y });
        Check.Close(h[1].X, named[1]["x"]);

        // In a batch, and once more to be differentiated.
        var batch = Vmap((Tensor a) => Hessian(Scalar, 2)(a, Y)[0][1])(Tensor.Stack([X, X * 2]));
        Check.Close(Hessian(Scalar)(X * 2, Y)[0][1], batch[1]);
        Tensor Trace(Tensor a) => Hessian(Scalar)(a, Y)[0][0].Sum();
        var third = Grad(Trace)(X);
        var leaf = X.Clone().RequiresGrad_();
        Check.Close(Autograd.Grad(Trace(leaf), leaf), third);
        Assert.Equal(((Trace(X + 1e-6) - Trace(X - 1e-6)) / 2e-6).Item(), third.Sum().Item(), 1e-7);
    }

    /// <summary>Vanna of x^2 y z is 2 x z, and so on.</summary>
    [Fact]
    public void HessiansOfThreeArguments()
    {
        var (x, y, z) = (Tensor.Scalar(2.0), Tensor.Scalar(3.0), Tensor.Scalar(5.0));
        var h = Hessian((a, b, c) => a * a * b * c)(x, y, z);
        Assert.Equal([30.0, 20, 12, 20, 0, 4, 12, 4, 0], h.SelectMany(row => row).Select(element => element.Item()));
    }

    [Fact]
    public void AuxiliaryResultsComeOut()
    {
        (Tensor Value, Tensor Hidden) F(Tensor a) => (a.Sin() * a.Sum(), a.Square());
        (Tensor Value, Tensor Hidden) Batched(Tensor a) => F(a);
        var (value, pullback, hidden) = VjpWithAuxiliary(F, X);
        Check.Close(F(X).Value, value);
        Check.Close(X.Square(), hidden);
        Assert.False(hidden.RequiresGrad);
        Check.Close(Vjp((Tensor a) => F(a).Value, X).Pullback(Y.View(-1)[..3]), pullback(Y.View(-1)[..3]));
        var (pushed, tangent, aux) = JvpWithAuxiliary(F, X, X + 1);
        Check.Close(value, pushed);
        Check.Close(Jvp((Tensor a) => F(a).Value, X, X + 1).Tangent, tangent);
        Check.Close(X.Square(), aux);
        var expected = JacRev((Tensor a) => F(a).Value)(X);
        foreach (var (jacobian, rest) in new[] { JacRev(F)(X), JacFwd(F)(X), Jacobian(F, X), JacRev(F, 1)(X), JacFwd(F, 2)(X), Jacobian(F, X, 100) })
        {
            Check.Close(expected, jacobian);
            Check.Close(X.Square(), rest);
        }

        // Anything else than a tensor, and from outside: the gradient flows through what came along.
        Assert.Equal("three", JacFwd((Tensor a) => (a * 2, "three"))(X).Auxiliary);
        Assert.Equal(3, VjpWithAuxiliary((Tensor a) => (a * 2, 3), X).Auxiliary);
        Check.Close(2 * X, Grad((Tensor a) => VjpWithAuxiliary(F, a).Auxiliary.Sum())(X));
        Check.Close(2 * X, Grad((Tensor a) => JvpWithAuxiliary(F, a, X).Auxiliary.Sum())(X));
        Check.Close(2 * X, Grad((Tensor a) => JacFwd(F)(a).Auxiliary.Sum())(X));
        Check.Close(2 * X, Grad((Tensor a) => JacRev(F)(a).Auxiliary.Sum())(X));
        var batch = Vmap((Tensor a) => JacFwd(Batched)(a).Auxiliary)(Tensor.Stack([X, X * 2]));
        Check.Close((X * 2).Square(), batch[1]);
    }
}
