using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>
/// Eigenvalues, singular values and what stands on them. Where vectors have a sign that is open, the database keeps a combination that has not; which
/// of several, the shapes of its outputs tell.
/// </summary>
internal static class Spectral
{
    public static void Add(OperatorTable table)
    {
        table["linalg.eigh"] = c => Linalg.Eigh(c.X, c.Text(0, "UPLO") ?? "L") is var (values, vectors) ? (values, vectors.Abs()) : default;
        table["linalg.eigvalsh"] = c => Linalg.Eigvalsh(c.X, c.Text(0, "UPLO") ?? "L");
        table["symeig"] = c => c.X.Symeig(c.Flag(0, "eigenvectors"), c.Flag(1, "upper", true)) is var (values, vectors)
            ? (values, vectors.Abs())
            : default;
        table["linalg.svd"] = c =>
        {
            var (u, s, vh) = Linalg.Svd(c.X, c.Flag(0, "full_matrices", true));
            return WithoutSigns(c, u, s, vh);
        };
        table["svd"] = c =>
        {
            var (u, s, v) = c.X.Svd(c.Flag(0, "some", true), c.Flag(1, "compute_uv", true));
            return WithoutSigns(c, u, s, v.Transpose(-2, -1));
        };
        table["linalg.svdvals"] = c => Linalg.Svdvals(c.X);
        table["linalg.pinv"] = Pinv;
        table["linalg.pinv:hermitian"] = Pinv;
        table["linalg.pinv:singular"] = c => Linalg.Pinv(c.X.MatMul(c.Tensor(0, "b").Transpose(-2, -1)));
        table["pinverse"] = c => c.X.Pinverse(c.Number(0, "rcond", 1e-15));
        table["linalg.matrix_rank"] = Rank;
        table["linalg.matrix_rank:hermitian"] = Rank;
        table["linalg.cond"] = c => c.Get(0, "p") is string name ? Linalg.Cond(c.X, name) : Linalg.Cond(c.X, NumberOrNull(c, 0, "p"));
        table["matrix_exp"] = c => c.X.MatrixExp();
        table["linalg.matrix_norm"] = c => c.Get(0, "ord") is string name
            ? Linalg.MatrixNorm(c.X, name, c.Ints(1, "dim"), c.Flag(2, "keepdim"), c.DTypeOrNull())
            : Linalg.MatrixNorm(c.X, c.Number(0, "ord", 2), c.Ints(1, "dim"), c.Flag(2, "keepdim"), c.DTypeOrNull());
        table["linalg.norm"] = Norm;
        table["linalg.norm:subgradients_at_zero"] = Norm;
        table["norm:nuc"] = c => c.X.Norm(c.Text(0, "p")!, c.Ints(1, "dim"), c.Flag(2, "keepdim"));
    }

    private static Outputs Pinv(Call c) =>
        Linalg.Pinv(c.X, c.TensorOrNull(-1, "atol"), c.TensorOrNull(-1, "rtol"), c.Flag(-1, "hermitian"));

    private static Outputs Rank(Call c) =>
        Linalg.MatrixRank(c.X, c.TensorOrNull(-1, "atol"), c.TensorOrNull(-1, "rtol"), c.Flag(-1, "hermitian"));

    private static Outputs Norm(Call c) => c.Get(0, "ord") is string name
        ? Linalg.Norm(c.X, name, c.Ints(1, "dim"), c.Flag(2, "keepdim"), c.DTypeOrNull())
        : Linalg.Norm(c.X, NumberOrNull(c, 0, "ord"), c.Ints(1, "dim"), c.Flag(2, "keepdim"), c.DTypeOrNull());

    private static double? NumberOrNull(Call c, int place, string name) => c.Has(place, name) ? c.Number(place, name, 2) : null;

    private static Outputs WithoutSigns(Call c, Tensor u, Tensor s, Tensor vh)
    {
        var k = s.Shape[^1];
        (u, vh) = (u.Narrow(-1, 0, k), vh.Narrow(-2, 0, k));
        return (c.OutputRanks.Count, c.OutputRanks[0] < c.X.Rank) switch
        {
            (1, true) => s,
            (1, false) => u.Abs(),
            (_, true) => (s, vh.Abs()),
            _ => (u.MatMul(vh), s),
        };
    }
}
