namespace Adjoint;

/// <content>The loss of angles.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The loss of the angle between vectors that belong together, where the target is 1, or not, where it is -1: 1 - cos there and
    /// max(0, cos - margin) here (<c>torch.nn.functional.cosine_embedding_loss</c>).
    /// </summary>
    /// <param name="input2">A vector, or rows of vectors, as this tensor.</param>
    /// <param name="target">1 or -1: a number for a pair of vectors, a vector for rows.</param>
    /// <param name="margin">The cosine from which on pairs that do not belong together cost, from -1 to 1.</param>
    /// <param name="reduction">How pairs are combined.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor CosineEmbeddingLoss(Tensor input2, Tensor target, double margin = 0, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(input2);
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        var rank = target.Rank;
        if (rank > 1)
        {
            throw new ShapeException("0D or 1D target tensor expected, multi-target not supported. Give one target for each row.");
        }

        if (Rank != rank + 1 || input2.Rank != rank + 1)
        {
            throw new ShapeException(
                $"{rank}D target tensor expects {rank + 1}D input tensors, but found inputs with sizes {Shape.Text(Layout.Sizes)} and " +
                $"{Shape.Text(input2.Layout.Sizes)}.");
        }

        const double Eps = 1e-12;
        var products = (this * input2).Sum(rank);
        var squares = (Square().Sum(rank) + Eps) * (input2.Square().Sum(rank) + Eps);
        var cosine = products / squares.Sqrt();
        var zero = ZerosLike(cosine);
        return LossArguments.Reduced(
            Where(target.Eq(1), 1 - cosine, zero) + Where(target.Eq(-1), (cosine - margin).Clamp(min: 0), zero), reduction);
    }
}
