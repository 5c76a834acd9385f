using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The arc sine in radians, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The arc sine in radians, element by element; NaN beyond -1 and 1. The error is at most 3 ULP.</summary>
    public Tensor Asin() => Op.Map(default(Map<Asin>), this);

    /// <summary>The arc sine in radians, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Asin_() => Op.MapInPlace(default(Map<Asin>), this);
}
