using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Nests of transforms around a function and around its graph, which have to agree with each other.</summary>
internal static class Nests
{
    public static string[] Names => ["value", "grad", "grad of grad", "jvp", "jvp of grad", "vmap", "vmap of grad", "grad of vmap", "grad of jvp"];

    /// <summary>Compares a nest with that of the function's graph, and with the graph of the nest.</summary>
    public static void Agree(Func<Tensor, Tensor> f, int[] sizes, string nest)
    {
        var x = Point(nest.Contains("vmap", StringComparison.Ordinal) ? [2, .. sizes] : sizes, 3);
        var expected = Around(f, nest)(x);
        var inner = Trace(f, Point(sizes, 1));
        Check.Close(expected, Around(inner.Call, nest)(x), what: $"{nest} of a graph");
        var outer = Trace(Around(f, nest), Point(x.Shape.ToArray(), 1));
        outer.Graph.Verify();
        Check.Close(expected, outer.Call(x), what: $"a graph of {nest}");
    }

    /// <summary>Numbers that differ from each other.</summary>
    public static Tensor Point(int[] sizes, double shift) =>
        (Tensor.Arange(sizes.Aggregate(1, (a, b) => a * b), dtype: DType.Float64) * 0.7 + shift).Sin().Reshape(sizes);

    private static Func<Tensor, Tensor> Around(Func<Tensor, Tensor> f, string nest)
    {
        Func<Tensor, Tensor> loss = x => (f(x).Exp() * 0.5).Sum();
        return nest switch
        {
            "value" => f,
            "grad" => Grad(loss),
            "grad of grad" => Grad((Tensor x) => Grad(loss)(x).Square().Sum()),
            "jvp" => x => Jvp(f, x, Along(x)).Tangent,
            "jvp of grad" => x => Jvp(Grad(loss), x, Along(x)).Tangent,
            "vmap" => Vmap(f),
            "vmap of grad" => Vmap(Grad(loss)),
            "grad of vmap" => Grad((Tensor x) => Vmap(loss)(x).Square().Sum()),
            _ => Grad((Tensor x) => Jvp(loss, x, Along(x)).Tangent),
        };
    }

    private static Tensor Along(Tensor x) => Point(x.Shape.ToArray(), 5);
}
