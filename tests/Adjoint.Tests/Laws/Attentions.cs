namespace Adjoint.Tests.Laws;

/// <summary>Attention and embeddings with arguments, for <see cref="Samples"/>.</summary>
internal static class Attentions
{
    public static IEnumerable<Call> Calls() =>
    [
        Of("q.ScaledDotProductAttention(k, v)", [2, 1, 3, 4], [2, 1, 5, 4], [2, 1, 5, 2], x => x[0].ScaledDotProductAttention(x[1], x[2])),
        Of("q.ScaledDotProductAttention(k, v), causal", [1, 2, 4, 2], [1, 2, 3, 2], [1, 2, 3, 2], x => x[0].ScaledDotProductAttention(
            x[1], x[2], isCausal: true, scale: 0.3)),
        Of("q.ScaledDotProductAttention(k, v), three dimensions", [2, 3, 2], [2, 2, 2], [2, 2, 3], x => x[0].ScaledDotProductAttention(x[1], x[2])),
        new(
            "q.ScaledDotProductAttention(k, v, mask)",
            draw =>
            {
                var mask = draw.Tensor(2, 1, 1, 4);
                return new(
                    x => x[0].ScaledDotProductAttention(x[1], x[2], mask),
                    draw.Tensor(2, 2, 2, 3), draw.Tensor(2, 2, 4, 3), draw.Tensor(2, 2, 4, 3));
            },
            IsLoose: true),
        new("positions.Embedding(x)", draw =>
        {
            var at = draw.Positions(4, 2, 3);
            return new(x => at.Embedding(x[0]), draw.Tensor(4, 2));
        }),
    ];

    private static Call Of(string name, int[] q, int[] k, int[] v, Func<Tensor[], Tensor> run) =>
        new(name, draw => new(run, draw.Tensor(q), draw.Tensor(k), draw.Tensor(v)), IsLoose: true);
}
