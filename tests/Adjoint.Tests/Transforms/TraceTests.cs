using Adjoint.Algebra.Functions;
using Adjoint.Families;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Functions as data: what is written down, how it prints, that it runs again, and transforms inside and around.</summary>
public class TraceTests
{
    private static Tensor V(params double[] values) => Tensor.FromArray(values);

    /// <summary>Two bounds are two functions, and their graphs say so.</summary>
    [Fact]
    public void TheTextShowsParameters()
    {
        var one = Trace((Tensor x) => x.Clamp(-1, 1), V(1, 2, 3)).Graph;
        Assert.Contains("%1: float64[3] = Clamp(%0, min=-1, max=1)", one.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(one.ToString(), Trace((Tensor x) => x.Clamp(-5, 5), V(1, 2, 3)).Graph.ToString());
        Assert.Equal([new("min", -1.0), new("max", 1.0)], one.Instructions[0].Operation.Attributes);
        var sum = Trace((Tensor x) => x.Permute(1, 0, 2).Sum([0, 2]), Tensor.Ones(2, 3, 4)).Graph;
        Assert.Contains("Permute(%0, order=[1, 0, 2])", sum.ToString(), StringComparison.Ordinal);
        Assert.Contains("Sum(%1, dim=[0, 2], keepDim=false)", sum.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void OperatorsAreWrittenDown()
    {
        var traced = Trace((Tensor x) => (x.Sin() * 2).Sum(), V(1, 2, 3));
        Assert.Equal(
            """
            graph(%0: float64[3]):
              %2: int64[] = 2
              %1: float64[3] = Sin(%0)
              %3: float64[3] = Mul(%1, %2)
              %4: float64[] = Sum(%3, dim=[0], keepDim=false)
              return %4
            """.ReplaceLineEndings("\n"),
            traced.Graph.ToString());
        traced.Graph.Verify();
    }

    [Fact]
    public void AGraphRunsOnOtherInputs()
    {
        var w = V(1, 10, 100);
        var traced = Trace(((Tensor X, Tensor Y) p) => (p.X * w + p.Y.Exp(), p.X.Sum()), (V(1, 2, 3), V(0, 0, 0)));
        var (first, second) = traced.Call((V(4, 5, 6), V(1, 2, 3)));
        Check.Close((V(4, 5, 6) * w) + V(1, 2, 3).Exp(), first);
        Assert.Equal(15, second.Item());
        Assert.Equal(4, traced.Graph.Instructions.Count);
        Assert.Single(traced.Graph.Constants);
    }

    [Fact]
    public void WhatNoResultNeedsIsLeftOut()
    {
        var traced = Trace(
            (Tensor x) =>
            {
                _ = x.Exp().Sum();
                return x.Sin();
            },
            V(1, 2));
        Assert.Equal("Sin", Assert.Single(traced.Graph.Instructions).Name);
    }

    [Fact]
    public void TransformsOfTracedFunctions()
    {
        Func<Tensor, Tensor> f = x => x.Sin().Square().Sum();
        var traced = Trace(f, V(1, 2));
        var x = V(0.3, 0.4);
        Check.Close(Grad(f)(x), Grad<Tensor>(traced.Call)(x));
        Check.Close(Hessian(f)(x), Hessian(traced.Call)(x));
        Check.Close(Jvp(f, x, V(1, 2)).Tangent, Jvp(traced.Call, x, V(1, 2)).Tangent);
        var batch = Tensor.Stack([x, 2 * x]);
        Check.Close(Vmap(f)(batch), Vmap<Tensor, Tensor>(traced.Call)(batch));
    }

    public static TheoryData<string> Transformed => ["grad", "grad of grad", "jvp", "vmap", "hessian", "vmap of grad"];

    [Theory]
    [MemberData(nameof(Transformed))]
    public void TracesOfTransformedFunctions(string name)
    {
        Func<Tensor, Tensor> f = x => (x.Sin() * x.Exp()).Sum() + (x[0] > 100 ? x.Sum() : x.Max());
        var vectors = Tensor.Stack([V(0.3, 0.9, 0.4), V(0.5, 0.1, 0.2)]);
        Func<Tensor, Tensor> smooth = x => (x.Sin() * x.Exp()).Sum() + x.Max();
        (Func<Tensor, Tensor> g, Tensor example, Tensor other) = name switch
        {
            "grad" => (Grad(f), V(1, 2, 3), V(0.3, 0.9, 0.4)),
            "grad of grad" => (Grad((Tensor x) => Grad(f)(x).Square().Sum()), V(1, 2, 3), V(0.3, 0.9, 0.4)),
            "jvp" => (x => Jvp(f, x, V(1, -1, 2)).Tangent, V(1, 2, 3), V(0.3, 0.9, 0.4)),
            "vmap" => (Vmap(smooth), Tensor.Ones([2, 3], DType.Float64), vectors),
            "hessian" => (Hessian(smooth), V(1, 2, 3), V(0.3, 0.9, 0.4)),
            _ => (Vmap(Grad(smooth)), Tensor.Ones([2, 3], DType.Float64), vectors),
        };
        var traced = Trace(g, example);
        traced.Graph.Verify();
        Check.Close(g(other), traced.Call(other), what: name);
        Assert.NotEmpty(traced.Graph.Instructions);
    }

    [Fact]
    public void OtherShapesAreRefused()
    {
        var traced = Trace((Tensor x) => x.Sin(), V(1, 2));
        Assert.Contains("traced with", Assert.Throws<ShapeException>(() => traced.Call(V(1))).Message, StringComparison.Ordinal);
        Assert.Throws<DTypeException>(() => traced.Call(Tensor.Ones(2)));
        Assert.Throws<TensorException>(() => traced.Graph.Run(V(1, 2), V(1, 2)));
    }

    [Fact]
    public void TheVerifierFindsWhatIsWrong()
    {
        var value = new GraphValue(0, TensorType.Of(V(1, 2)));
        GraphInstruction Sin(int from, int to) => new(new MapOperation<Map<Sin>>(default), [from], [value with { Id = to }]);
        global::Adjoint.Graph Of(int output, params GraphInstruction[] instructions) =>
            new([value], new Dictionary<int, Tensor>(), instructions, [output]);
        Of(1, Sin(0, 1)).Verify();
        Assert.Contains("not defined before", Message(Of(1, Sin(2, 1))), StringComparison.Ordinal);
        Assert.Contains("defined twice", Message(Of(1, Sin(0, 1), Sin(0, 1))), StringComparison.Ordinal);
        Assert.Contains("returns %7", Message(Of(7, Sin(0, 1))), StringComparison.Ordinal);
        var wrong = new GraphInstruction(new LinearOperation<Sum>(new Sum([true], false, true)), [0], [value with { Id = 1 }]);
        Assert.Contains("%1: float64[2] = Sum", Message(Of(1, wrong)), StringComparison.Ordinal);
        var two = new GraphInstruction(new MapOperation<Map<Sin>>(default), [0], [value with { Id = 1 }, value with { Id = 2 }]);
        Assert.Contains("gives 1 results", Message(Of(1, two)), StringComparison.Ordinal);

        static string Message(global::Adjoint.Graph graph) => Assert.ThrowsAny<TensorException>(graph.Verify).Message;
    }

    [Fact]
    public void TheDefaultTypeIsAScalar()
    {
        Assert.Equal("float32[]", default(TensorType).ToString());
        Assert.Equal(new TensorType(Tensor.Scalar(1f).Shape, DType.Float32), default);
        Assert.Equal(default(TensorType).GetHashCode(), new TensorType(Tensor.Scalar(1f).Shape, DType.Float32).GetHashCode());
    }

    /// <summary>Nothing is computed: the shapes would need more memory than there is, and a forward part
    /// of a custom function runs without values.</summary>
    [Fact]
    public void ShapesNeedNoValues()
    {
        var x = Tensor.Meta([1 << 20, 1 << 20]);
        Assert.Equal("tensor(..., device='meta', size=(1048576, 1048576))", x.ToString());
        Assert.Equal([1 << 20, 7], x.MatMul(Tensor.Meta([1 << 20, 7])).Shape);
        Assert.Equal([1 << 20], EvalShape((Tensor a) => Grad((Tensor b) => b.MatMul(a).Sin().Sum())(Tensor.Meta([1 << 20])), x).Shape);
        Assert.Contains("no data", Assert.Throws<TensorException>(() => x[0, 0].Item()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no data",
            Assert.Throws<TensorException>(() => EvalShape((Tensor a) => a.Sum() > 0 ? a : -a, x)).Message,
            StringComparison.Ordinal);
        Assert.Equal(DType.Int64, EvalShape((Tensor a) => a.Argmax(1), x).DType);
    }

    /// <summary>A number that is read costs what leads to it, and is read for the example.</summary>
    [Fact]
    public void WhatIsReadIsComputed()
    {
        var ran = 0;
        var traced = Trace(
            (Tensor x) =>
            {
                var y = x * 3;
                ran = (int)y.Sum().Item();
                return y + ran;
            },
            V(1, 2));
        Assert.Equal(9, ran);
        Assert.Equal([12, 15], traced.Call(V(1, 2)).ToArray<double>());
        Assert.Throws<AutogradException>(() => traced.Call(V(1, 3)));
    }

    [Fact]
    public void ChangingInPlaceIsRefused() =>
        Assert.Throws<AutogradException>(() => Trace((Tensor x) => (x * 2).Add_(1), V(1, 2)));
}
