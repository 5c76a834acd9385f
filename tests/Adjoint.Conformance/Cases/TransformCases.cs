using System.Text.Json;
using Adjoint.Conformance.Programs;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>Functions under nested transforms: the value of the whole at one vector, as functorch gives it.</summary>
internal sealed class TransformCases : ICaseKind
{
    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>>> Links = new()
    {
        ["flat"] = f => x => f(x).Reshape(-1),
        ["grad"] = Transform.Grad,
        ["hessian"] = f => Transform.Hessian(f),
        ["jacfwd"] = f => Transform.JacFwd(f),
        ["jacrev"] = f => Transform.JacRev(f),
        ["jvp"] = f => x => Transform.Jvp(f, x, Weights(x)).Tangent,
        ["sumw"] = f => x => f(x) is var y ? (y * Weights(y)).Sum() : x,
        ["vjp"] = f => x => Transform.Vjp(f, x) is var (y, pull) ? pull(Weights(y)) : x,
        ["vmap"] = f => x => Transform.Vmap(f)(Tensor.Stack([x * 1.0, x * -0.5, x * 0.3])),
    };

    public string Name => "transforms";

    public IReadOnlyList<string> Properties { get; } = ["body", "chain", "x", "result"];

    public string Describe(JsonElement line) => string.Join(", ", line.GetProperty("chain").EnumerateArray().Select(link => link.GetString()));

    public string? Difference(JsonElement line)
    {
        var body = line.GetProperty("body");
        Func<Tensor, Tensor> function = x => Expressions.Evaluate(body, x);
        foreach (var link in line.GetProperty("chain").EnumerateArray())
        {
            var name = link.GetString()!;
            function = Links.TryGetValue(name, out var transform) ? transform(function) : throw new MissingException($"transform {name}");
        }

        var result = function(Tensor.FromArray(CaseValue.Reals(line.GetProperty("x"))));
        var expected = line.GetProperty("result");
        var shape = expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        return result.Shape != shape
            ? $"has shape {result.Shape}, expected {(Shape)shape}"
            : Comparison.Elements(result.ToArray<double>(), CaseValue.Reals(expected.GetProperty("data")), 1e-9, 1e-9);
    }

    private static Tensor Weights(Tensor like) => Tensor.FromArray(
        Enumerable.Range(0, (int)like.Count).Select(k => ((((7 * k) + 3) % 11) - 5) / 5.0).ToArray()).Reshape([.. like.Shape]);
}
