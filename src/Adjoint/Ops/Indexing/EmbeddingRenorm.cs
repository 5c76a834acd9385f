using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>Shortens the rows of a table that are about to be taken, in place and without record (PyTorch's <c>embedding_renorm_</c>).</summary>
internal static class EmbeddingRenorm
{
    /// <summary>Multiplies rows whose norm is above a limit with limit / (norm + 1e-7).</summary>
    public static void Run(Tensor weight, Tensor positions, double maxNorm, double normType)
    {
        if (weight.IsStandIn || positions.IsStandIn)
        {
            throw new TensorException(
                "embedding_renorm_ changes the table in place, which a transform cannot follow. Call Embedding without maxNorm inside of it.");
        }

        var rows = positions.ToArray<long>().Distinct().ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        var before = Recording.SetHere(false);
        try
        {
            var (table, at) = (weight.Detach(), Tensor.FromArray(rows));
            var taken = Op.Indexed(default(EmbeddingRows), table, at);
            var norms = taken.Norm(normType, [1], keepDim: true);
            var isLong = norms > maxNorm;
            table[at] = Tensor.Where(isLong, taken * (maxNorm / (norms + 1e-7)), taken);
        }
        finally
        {
            Recording.SetHere(before);
        }
    }
}
