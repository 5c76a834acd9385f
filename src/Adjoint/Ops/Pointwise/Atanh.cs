using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The inverse hyperbolic tangent, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The inverse hyperbolic tangent, element by element; NaN beyond -1 and 1. The error is at most 3 ULP.</summary>
    public Tensor Atanh() => Op.Map(default(Map<Atanh>), this);

    /// <summary>The inverse hyperbolic tangent, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Atanh_() => Op.MapInPlace(default(Map<Atanh>), this);
}
