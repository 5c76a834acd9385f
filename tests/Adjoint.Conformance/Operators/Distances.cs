using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Distances and angles.</summary>
internal static class Distances
{
    public static void Add(OperatorTable table)
    {
        table["dist"] = c => c.X.Dist(c.Tensor(0), c.Number(1, "p", 2));
        table["cdist"] = Cdist;
        table["nn.functional.pdist"] = c => c.X.Pdist(c.Number(0, "p", 2));
        table["nn.functional.pairwise_distance"] = c => c.X.PairwiseDistance(
            c.Tensor(0, "x2"), c.Number(1, "p", 2), c.Number(2, "eps", 1e-6), c.Flag(3, "keepdim"));
        table["nn.functional.cosine_similarity"] = c => c.X.CosineSimilarity(c.Tensor(0, "x2"), c.Int(1, "dim", 1), c.Number(2, "eps", 1e-8));
        table["nn.functional.normalize"] = c => c.X.Normalize(c.Number(0, "p", 2), c.Int(1, "dim", 1), c.Number(2, "eps", 1e-12));
    }

    private static Outputs Cdist(Call c)
    {
        // How PyTorch computes a distance is no matter of its value: here it always comes from differences.
        _ = c.Text(2, "compute_mode");
        return c.X.Cdist(c.Tensor(0, "x2"), c.Number(1, "p", 2));
    }
}
