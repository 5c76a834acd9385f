namespace Adjoint;

/// <content>Slices of bounded norm.</content>
public sealed partial class Tensor
{
    // What PyTorch adds to a norm before it divides by it.
    private const double NormGap = 1e-7;

    /// <summary>
    /// This tensor with each slice along a dimension whose p-norm is larger than a bound scaled down to it (<c>torch.renorm</c>); the norm takes part
    /// in the gradient.
    /// </summary>
    /// <param name="p">The order of the norm; positive.</param>
    /// <param name="dim">The dimension whose positions are the slices; negative counts from the end.</param>
    /// <param name="maxNorm">The bound; not negative.</param>
    /// <exception cref="TensorException">The order is not positive, or the bound is negative.</exception>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public Tensor Renorm(double p, int dim, double maxNorm)
    {
        if (!(p > 0))
        {
            throw new TensorException("renorm: non-positive-norm not supported");
        }

        if (!(maxNorm >= 0))
        {
            throw new TensorException(FormattableString.Invariant($"renorm: expected maxnorm to be >= 0 but got {maxNorm}"));
        }

        if (Rank <= 1)
        {
            throw new ShapeException($"renorm: input needs at least 2 dimensions, got {Rank} dimensions");
        }

        var axis = Layout.Dim(dim);
        int[] others = [.. Enumerable.Range(0, Rank).Where(d => d != axis)];
        var norms = Norm(p, others, keepDim: true);
        return this * Where(norms.Gt(maxNorm), maxNorm / (norms + NormGap), OnesLike(norms.Detach()));
    }
}
