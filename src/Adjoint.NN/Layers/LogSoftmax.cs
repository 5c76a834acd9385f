namespace Adjoint.NN;

/// <summary>The logarithms of shares that add up to 1 along a dimension, as a layer (<c>torch.nn.LogSoftmax</c>);
/// see <c>Tensor.LogSoftmax</c>.</summary>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class LogSoftmax(int dim) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"dim={dim}";

    /// <summary>x - log(sum(e^x)) along the dimension.</summary>
    /// <param name="x">Of any shape that has the dimension.</param>
    /// <exception cref="TensorIndexException">It does not.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LogSoftmax(dim);
    }
}
