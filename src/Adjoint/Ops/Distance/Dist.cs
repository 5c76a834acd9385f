namespace Adjoint;

/// <content>The distance of two tensors.</content>
public sealed partial class Tensor
{
    /// <summary>The p-norm of x - y, of all elements together, for tensors that broadcast (<c>torch.dist</c>).</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="p">The order of the norm.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    public Tensor Dist(Tensor other, double p = 2)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (this - other).Norm(p);
    }
}
