using Adjoint.Families;

namespace Adjoint;

/// <content>Cosines of angles, and vectors of length 1.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The cosines of the angles between vectors along a dimension, for tensors that broadcast (<c>torch.nn.functional.cosine_similarity</c>).
    /// </summary>
    /// <param name="x2">The other vectors.</param>
    /// <param name="dim">The dimension of the broadcast shape; negative counts from the end.</param>
    /// <param name="eps">The least length that a vector is divided by; gradients pass through this limit.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither tensor is real.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor CosineSimilarity(Tensor x2, int dim = 1, double eps = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(x2);
        var dtype = Gate.Promotion.ResultType(this, x2);
        if (!dtype.IsFloatingPoint)
        {
            throw new DTypeException($"expected common dtype to be floating point, yet common dtype is {dtype.ScalarName}. Use To(DType.Float32).");
        }

        var (x, y) = LossArguments.Broadcast(To(dtype), x2.To(dtype));
        return (Direction(x) * Direction(y)).Sum(dim);

        Tensor Direction(Tensor vectors) => vectors / Op.Map(new RaisedTo(eps), vectors.Norm(2, [dim], keepDim: true));
    }

    /// <summary>Divided by the p-norms along a dimension, which count as at least eps (<c>torch.nn.functional.normalize</c>).</summary>
    /// <param name="p">The order of the norm.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="eps">The least norm that is divided by.</param>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Normalize(double p = 2, int dim = 1, double eps = 1e-12) => this / Norm(p, [dim], keepDim: true).Clamp(min: eps);
}
