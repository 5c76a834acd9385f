using System.Text.Json;
using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Programs;

/// <summary>The bodies of transformed functions: nested lists with the name of an operator first, as functions of one vector.</summary>
internal static class Expressions
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Unary = new()
    {
        ["abs"] = a => a.Abs(),
        ["amax"] = a => a.Amax([-1]),
        ["exp"] = a => (0.3 * a).Exp(),
        ["logsumexp"] = a => a.LogSumExp(-1),
        ["mean"] = a => a.Mean(-1),
        ["neg"] = a => -a,
        ["norm"] = a => (a.Square().Sum() + 0.5).Sqrt(),
        ["relu"] = a => a.Relu(),
        ["sigmoid"] = a => a.Sigmoid(),
        ["sin"] = a => a.Sin(),
        ["softmax"] = a => a.Softmax(-1),
        ["softplus"] = a => a.Softplus(),
        ["square"] = a => a.Square(),
        ["sum"] = a => a.Sum(-1),
        ["tanh"] = a => a.Tanh(),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Binary = new()
    {
        ["add"] = (a, b) => a + b,
        ["div"] = (a, b) => a / (b.Square() + 1),
        ["maximum"] = (a, b) => a.Maximum(b),
        ["mul"] = (a, b) => a * b,
        ["outer"] = (a, b) => (a.Unsqueeze(-1) * b.Unsqueeze(0)).Reshape(-1),
        ["stack"] = (a, b) => Tensor.Stack([a, b]).Reshape(-1),
        ["sub"] = (a, b) => a - b,
        ["where"] = (a, b) => Tensor.Where(a > 0.1, a, b),
    };

    /// <summary>The value of an expression at a vector.</summary>
    /// <exception cref="MissingException">There is no operator of this name.</exception>
    public static Tensor Evaluate(JsonElement body, Tensor x)
    {
        var name = body[0].GetString()!;
        if (Unary.TryGetValue(name, out var unary))
        {
            return unary(Evaluate(body[1], x));
        }

        if (Binary.TryGetValue(name, out var binary))
        {
            return binary(Evaluate(body[1], x), Evaluate(body[2], x));
        }

        return name switch
        {
            "x" => x,
            "c" => Tensor.FromArray(CaseValue.Reals(body[1])),
            "index" => Evaluate(body[2], x)[Tensor.FromArray(CaseValue.Wholes(body[1]))],
            "mat" => Matrix(body).MatMul(Evaluate(body[4], x).Reshape(-1)),
            "slice" => Evaluate(body[3], x)[body[1].GetInt32()..body[2].GetInt32()],
            _ => throw new MissingException($"operator {name}"),
        };
    }

    private static Tensor Matrix(JsonElement body) =>
        Tensor.FromArray(CaseValue.Reals(body[3])).Reshape(body[1].GetInt32(), body[2].GetInt32());
}
