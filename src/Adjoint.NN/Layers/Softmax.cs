namespace Adjoint.NN;

/// <summary>Shares that add up to 1 along a dimension, as a layer (<c>torch.nn.Softmax</c>); see <c>Tensor.Softmax</c>.</summary>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class Softmax(int dim) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"dim={dim}";

    /// <summary>e^x / sum(e^x) along the dimension.</summary>
    /// <param name="x">Of any shape that has the dimension.</param>
    /// <exception cref="TensorIndexException">It does not.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Softmax(dim);
    }
}
