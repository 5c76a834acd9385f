using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>Numbers as fractions times powers of 2.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Each element as a fraction times a power of 2: the fraction lies between 1/2 and 1 in magnitude, the exponent is an int32. Both are 0 for 0;
    /// NaN
    /// and infinities are their own fraction. The gradient of the fraction is divided by the power of 2.
    /// </summary>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Mantissa, Tensor Exponent) Frexp()
    {
        if (!DType.IsFloatingPoint)
        {
            throw new DTypeException(
                "torch.frexp() only supports floating-point dtypes. Convert the tensor first: x.To(DType.Float32).");
        }

        var exponent = Op.Map(default(Map<BinaryExponent>), Detach());
        return (Op.Map(default(Map<Mantissa>), this), Tensor.Where(exponent.IsNaN(), 0, exponent).To(DType.Int32));
    }
}
