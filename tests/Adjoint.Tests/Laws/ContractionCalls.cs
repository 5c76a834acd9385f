using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>Sums of products and what is added to them, with arguments, for <see cref="Samples"/>.</summary>
internal static class ContractionCalls
{
    /// <summary>Take operands of other ranks than their tensor's, which <see cref="Contraction.AddProductTests"/> has.</summary>
    public static string[] InPlace { get; } =
        [nameof(Tensor.Addmm_), nameof(Tensor.Addmv_), nameof(Tensor.Addr_), nameof(Tensor.Addbmm_), nameof(Tensor.Baddbmm_)];

    public static IEnumerable<Call> Calls() =>
    [
        .. Added("Addmm", [2, 3], [3, 4], [[2, 4], [4], []], (c, a, b, beta, alpha) => c.Addmm(a, b, beta, alpha)),
        .. Added("Addmv", [2, 3], [3], [[2], [1]], (c, a, b, beta, alpha) => c.Addmv(a, b, beta, alpha)),
        .. Added("Addr", [2], [3], [[2, 3], [2, 1]], (c, a, b, beta, alpha) => c.Addr(a, b, beta, alpha)),
        .. Added("Addbmm", [2, 3, 2], [2, 2, 4], [[3, 4], [4]], (c, a, b, beta, alpha) => c.Addbmm(a, b, beta, alpha)),
        .. Added("Baddbmm", [2, 3, 2], [2, 2, 4], [[2, 3, 4], [3, 1]], (c, a, b, beta, alpha) => c.Baddbmm(a, b, beta, alpha)),
        Of("(x * 2).Addmm_(y, z)", [[2, 2], [2, 3], [3, 2]], x => (x[0] * 2).Addmm_(x[1], x[2], 0.5, 2)),
        Of("x.Outer(y)", [[3], [4]], x => x[0].Outer(x[1])),
        Of("x.Inner(y)", [[2, 3], [4, 3]], x => x[0].Inner(x[1])),
        Of("x.Trace()", [[3, 4]], x => x[0].Trace()),
        Of("x.T.Trace()", [[3, 4]], x => x[0].Transpose().Trace()),
        Of("x.Cross(y)", [[2, 3], [2, 3]], x => x[0].Cross(x[1])),
        Of("x.Cross(y), broadcast", [[3, 1, 2], [3, 2, 1]], x => x[0].Cross(x[1], 0)),
        Of("x.Bilinear(y, weight, bias)", [[2, 3], [2, 2], [4, 3, 2], [4]], x => x[0].Bilinear(x[1], x[2], x[3])),
        Of("Tensordot(x, y, 2)", [[2, 3, 4], [3, 4, 2]], x => Tensor.Tensordot(x[0], x[1])),
        Of("Tensordot(x, y, dims)", [[2, 3, 4], [4, 5, 2]], x => Tensor.Tensordot(x[0], x[1], [0, -1], [2, 0])),
        .. Sums("bqhd,bkhd->bhqk", [2, 3, 2, 4], [2, 2, 2, 4]),
        .. Sums("ij,jk,kl,lm->im", [2, 3], [3, 2], [2, 4], [4, 2]),
        .. Sums("...ij,...jk", [2, 1, 2, 3], [3, 3, 2]),
        .. Sums("iij,j->i", [3, 3, 2], [2]),
        .. Sums("iii->", [3, 3, 3]),
        .. Sums("ij,kj->ik", [2, 3], [4, 1]),
        .. Sums("ij,ij->i", [2, 3], [2, 3]),
        .. Sums("i,j", [2], [3]),
        .. Sums("ba", [2, 3]),
    ];

    private static IEnumerable<Call> Added(
        string name, int[] a, int[] b, int[][] addends, Func<Tensor, Tensor, Tensor, double, double, Tensor> run) =>
        addends.SelectMany(c => new[] { (1.0, 1.0), (0.5, -2.0) }.Select(factors => Of(
            $"x[{string.Join(", ", c)}].{name}(y, z, {factors.Item1}, {factors.Item2})",
            [c, a, b],
            x => run(x[0], x[1], x[2], factors.Item1, factors.Item2))));

    private static IEnumerable<Call> Sums(string equation, params int[][] shapes) =>
        [Of($"Einsum(\"{equation}\")", shapes, x => Tensor.Einsum(equation, x))];

    private static Call Of(string name, int[][] shapes, Func<Tensor[], Tensor> run) =>
        new(name, draw => new(run, [.. shapes.Select((shape, i) => draw.Tensor(shape, Domain.Real, i, shapes.Length))]), IsLoose: true);
}
