namespace Adjoint.NN;

/// <summary>Positive numbers with sum 1, larger for smaller inputs (<c>torch.nn.Softmin</c>); the softmax of the opposite numbers.</summary>
/// <param name="dim">The dimension along which sums are 1; negative counts from the end.</param>
public sealed class Softmin(int dim) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"dim={dim}";

    /// <summary>The softmax of -x along the dimension.</summary>
    /// <param name="x">Of any shape.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return (-x).Softmax(dim);
    }
}
