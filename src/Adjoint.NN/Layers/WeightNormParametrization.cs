namespace Adjoint.NN;

/// <summary>
/// A weight as length times direction (Salimans and Kingma, "Weight Normalization", 2016; PyTorch's <c>_WeightNorm</c>).
/// </summary>
/// <param name="dim">The dimension that has a length for each position; null for one length of all.</param>
internal sealed class WeightNormParametrization(int? dim) : Module
{
    private protected override string PrintedName => "_WeightNorm";

    /// <summary>The lengths that a weight has.</summary>
    public Tensor Lengths(Tensor weight)
    {
        using (Autograd.NoGrad())
        {
            if (dim is not { } kept)
            {
                return weight.Norm();
            }

            kept = kept < 0 ? kept + weight.Rank : kept;
            if (kept < 0 || kept >= weight.Rank)
            {
                throw new TensorIndexException(
                    $"Dimension out of range (expected to be in range of [{-weight.Rank}, {weight.Rank - 1}], but got {dim})");
            }

            int[] others = [.. Enumerable.Range(0, weight.Rank).Where(other => other != kept)];
            return others.Length == 0 ? weight.Abs() : weight.Norm(2, others, keepDim: true);
        }
    }

    /// <summary>The weight of lengths and a direction.</summary>
    public Tensor Of(Tensor lengths, Tensor direction) => direction.WeightNorm(lengths, dim);
}
