namespace Adjoint;

/// <content>A weight in two parts, its length and its direction.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// This tensor scaled to lengths of its own, g x / |x|, where the norm is taken for each position of a dimension: the weight of a layer of which
    /// length and direction are trained apart (<c>torch._weight_norm</c>, behind <c>torch.nn.utils.weight_norm</c>).
    /// </summary>
    /// <param name="g">The lengths; they broadcast to this tensor with every dimension but <paramref name="dim"/> of size 1.</param>
    /// <param name="dim">The dimension that has a length for each position, negative counts from the end; null for one length of all.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="ShapeException">The lengths do not broadcast.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor WeightNorm(Tensor g, int? dim = 0)
    {
        ArgumentNullException.ThrowIfNull(g);
        if (dim is not { } kept)
        {
            return this * (g / Norm());
        }

        var axis = Layout.Dim(kept);
        int[] others = [.. Enumerable.Range(0, Rank).Where(other => other != axis)];

        // No dimensions would mean all of them.
        return this * (g / (others.Length == 0 ? Abs() : Norm(2, others, keepDim: true)));
    }
}
