using System.Text.Json;
using Adjoint.Conformance.Values;
using Adjoint.NN;

namespace Adjoint.Conformance.Cases;

/// <summary>First values of parameters, drawn after <c>manual_seed</c>.</summary>
internal sealed class InitCases : ICaseKind
{
    public string Name => "init";

    public IReadOnlyList<string> Properties { get; } = ["init", "args", "seed", "result"];

    public string Describe(JsonElement line) => $"{line.GetProperty("init")}({line.GetProperty("args")})";

    public string? Difference(JsonElement line)
    {
        var result = line.GetProperty("result");
        var shape = result.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        var x = Tensor.Zeros(shape, CaseValue.DTypeOf(result.GetProperty("tensor").GetString()!));
        var a = CaseValue.Reals(line.GetProperty("args"));
        var generator = new Generator(line.GetProperty("seed").GetUInt64());
        var name = line.GetProperty("init").GetString()!;
        _ = name switch
        {
            "uniform_" => Init.Uniform_(x, At(0, 0), At(1, 1), generator),
            "normal_" => Init.Normal_(x, At(0, 0), At(1, 1), generator),
            "constant_" => Init.Constant_(x, a[0]),
            "ones_" => Init.Ones_(x),
            "zeros_" => Init.Zeros_(x),
            "eye_" => Init.Eye_(x),
            "dirac_" => Init.Dirac_(x, (int)At(0, 1)),
            "xavier_uniform_" => Init.XavierUniform_(x, At(0, 1), generator),
            "xavier_normal_" => Init.XavierNormal_(x, At(0, 1), generator),
            "kaiming_uniform_" => Init.KaimingUniform_(x, At(0, 0), generator: generator),
            "kaiming_normal_" => Init.KaimingNormal_(x, At(0, 0), generator: generator),
            "orthogonal_" => Init.Orthogonal_(x, At(0, 1), generator),
            "trunc_normal_" => Init.TruncNormal_(x, At(0, 0), At(1, 1), At(2, -2), At(3, 2), generator),
            "sparse_" => Init.Sparse_(x, a[0], At(1, 0.01), generator),
            _ => throw new MissingException($"init {name}"),
        };
        return Comparison.Difference(x, result);

        double At(int place, double otherwise) => place < a.Length ? a[place] : otherwise;
    }
}
