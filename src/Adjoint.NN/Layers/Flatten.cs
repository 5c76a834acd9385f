namespace Adjoint.NN;

/// <summary>Joins dimensions into one (<c>torch.nn.Flatten</c>).</summary>
/// <param name="startDim">The first of them; 1 keeps the batch.</param>
/// <param name="endDim">The last of them.</param>
public sealed class Flatten(int startDim = 1, int endDim = -1) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"start_dim={startDim}, end_dim={endDim}";

    /// <summary>The same elements with fewer dimensions; shares memory where strides allow.</summary>
    /// <param name="x">Of any shape that has the dimensions.</param>
    /// <exception cref="TensorIndexException">It does not.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Flatten(startDim, endDim);
    }
}
