namespace Adjoint.Tests.Contraction;

/// <summary>Products that are added to a tensor.</summary>
public class AddProductTests
{
    private static readonly Tensor s_matrix = Tensor.FromArray(new[] { 1.0, 2, 3, 4 }, [2, 2]);

    /// <summary>What each product and its in-place form is, by its definition in the documentation of PyTorch.</summary>
    public static TheoryData<string> Names => ["Addmm", "Addmv", "Addr", "Addbmm", "Baddbmm"];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheValueIsThatOfTheDefinition(string name)
    {
        var (c, a, b, product) = Operands(name);
        var expected = (c * 0.5) + (product(a, b) * -2.0);
        Near(expected, Run(name, c, a, b, 0.5, -2));
        Near(c + product(a, b), Run(name, c, a, b, 1, 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InPlaceIsTheSameAndHasItsGradients(string name)
    {
        var (c, a, b, _) = Operands(name);
        var (x, left, right) = (c.Clone().RequiresGrad_(), a.Clone().RequiresGrad_(), b.Clone().RequiresGrad_());
        var (changed, anew) = (InPlace(name, x * 3, left, right, 0.5, -2), Run(name, x * 3, left, right, 0.5, -2));
        Near(anew.Detach(), changed.Detach());
        var g = Tensor.Arange(anew.Count).To(DType.Float64).Reshape(anew.Shape.ToArray());
        var expected = Autograd.Grad([anew], [x, left, right], [g]);
        var actual = Autograd.Grad([changed], [x, left, right], [g]);
        for (var i = 0; i < expected.Length; i++)
        {
            Near(expected[i]!, actual[i]!);
        }

        var refusal = Assert.Throws<AutogradException>(() => InPlace(name, x, left, right, 1, 1));
        Assert.Contains("leaf Variable", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>As PyTorch's documentation says of beta: "nan and inf in it will not be propagated".</summary>
    [Fact]
    public void ABetaOfZeroReadsNothing()
    {
        var c = Tensor.Full([2, 2], double.NaN, DType.Float64);
        Assert.Equal([7.0, 10, 15, 22], c.Addmm(s_matrix, s_matrix, beta: 0).ToArray<double>());
    }

    [Fact]
    public void WholeNumbersStayWhole()
    {
        var a = s_matrix.To(DType.Int64);
        Assert.Equal([15L, 22, 33, 48], a.Addmm(a, a, 1, 2).ToArray<long>());
        Assert.StartsWith(
            "For integral input tensors, argument alpha must not be a floating point number.",
            Assert.Throws<DTypeException>(() => a.Addmm(a, a, 1, 0.5)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>First sentences are PyTorch's.</summary>
    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var vector = Tensor.Ones([3], DType.Float64);
        Starts("mat1 must be a matrix, got 1-D tensor", () => s_matrix.Addmm(vector, s_matrix));
        Starts("mat1 and mat2 shapes cannot be multiplied (2x2 and 3x3)", () => s_matrix.Addmm(s_matrix, Tensor.Ones([3, 3], DType.Float64)));
        Starts("addr: Expected 1-D argument vec1, but got 2-D", () => s_matrix.Addr(s_matrix, vector));
        Starts("size mismatch, got input (2), mat (2x2), vec (3)", () => vector.Addmv(s_matrix, vector));
        Assert.Throws<ShapeException>(() => vector.Addmm(s_matrix, s_matrix));
        Assert.Throws<ShapeException>(() => Tensor.Ones([2, 2, 2], DType.Float64).Addmm(s_matrix, s_matrix));
        Assert.Throws<DTypeException>(() => s_matrix.Addmm(s_matrix, s_matrix.To(DType.Float32)));
        Assert.Throws<DTypeException>(() => s_matrix.To(DType.Float32).Addmm(s_matrix, s_matrix));
    }

    private static void Starts(string sentence, Func<Tensor> run) =>
        Assert.StartsWith(sentence, Assert.Throws<ShapeException>(run).Message, StringComparison.Ordinal);

    private static (Tensor C, Tensor A, Tensor B, Func<Tensor, Tensor, Tensor> Product) Operands(string name) => name switch
    {
        "Addmm" => (Draw(2, 4), Draw(2, 3), Draw(3, 4), (a, b) => a.MatMul(b)),
        "Addmv" => (Draw(2), Draw(2, 3), Draw(3), (a, b) => a.MatMul(b)),
        "Addr" => (Draw(2, 3), Draw(2), Draw(3), (a, b) => a.Unsqueeze(1) * b),
        "Addbmm" => (Draw(2, 4), Draw(5, 2, 3), Draw(5, 3, 4), (a, b) => a.MatMul(b).Sum(0)),
        _ => (Draw(5, 2, 4), Draw(5, 2, 3), Draw(5, 3, 4), (a, b) => a.MatMul(b)),
    };

    private static Tensor Run(string name, Tensor c, Tensor a, Tensor b, double beta, double alpha) => name switch
    {
        "Addmm" => c.Addmm(a, b, beta, alpha),
        "Addmv" => c.Addmv(a, b, beta, alpha),
        "Addr" => c.Addr(a, b, beta, alpha),
        "Addbmm" => c.Addbmm(a, b, beta, alpha),
        _ => c.Baddbmm(a, b, beta, alpha),
    };

    private static Tensor InPlace(string name, Tensor c, Tensor a, Tensor b, double beta, double alpha) => name switch
    {
        "Addmm" => c.Addmm_(a, b, beta, alpha),
        "Addmv" => c.Addmv_(a, b, beta, alpha),
        "Addr" => c.Addr_(a, b, beta, alpha),
        "Addbmm" => c.Addbmm_(a, b, beta, alpha),
        _ => c.Baddbmm_(a, b, beta, alpha),
    };

    private static Tensor Draw(params int[] shape)
    {
        var count = (int)Shape.Product(shape);
        return Tensor.FromArray([.. Enumerable.Range(0, count).Select(i => Math.Sin((i * 1.7) + shape.Length))], shape);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>(), (x, y) => Math.Abs(x - y) <= 1e-12);
    }
}
