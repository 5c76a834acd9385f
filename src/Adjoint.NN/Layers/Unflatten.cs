namespace Adjoint.NN;

/// <summary>One dimension becomes several (<c>torch.nn.Unflatten</c>); the opposite of <see cref="Flatten"/>.</summary>
/// <param name="dim">The dimension; negative counts from the end.</param>
/// <param name="unflattenedSize">What it becomes; one of the sizes may be -1.</param>
public sealed class Unflatten(int dim, PerAxis unflattenedSize) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"dim={dim}, unflattened_size={unflattenedSize}";

    /// <summary>The tensor in its new shape; a view where that is possible.</summary>
    /// <param name="x">Of any shape.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to the dimension's.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Unflatten(dim, [.. unflattenedSize]);
    }
}
