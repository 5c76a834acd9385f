using Adjoint.Gate;

namespace Adjoint;

/// <content>Powers in double precision.</content>
public sealed partial class Tensor
{
    /// <summary>x to the power y, element by element, broadcast, computed and given in float64 whatever the dtypes
    /// (<c>torch.float_power</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor FloatPower(Tensor y)
    {
        Operands.ThrowIfNull<Mul>(y);

        // A plain exponent stays one: it has shorter ways.
        return To(DType.Float64).Pow(y.IsNumber ? y : y.To(DType.Float64));
    }
}
