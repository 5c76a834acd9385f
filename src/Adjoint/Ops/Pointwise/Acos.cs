using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The arc cosine in radians, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The arc cosine in radians, element by element; NaN beyond -1 and 1. The error is at most 3 ULP.</summary>
    public Tensor Acos() => Op.Map(default(Map<Acos>), this);

    /// <summary>The arc cosine in radians, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Acos_() => Op.MapInPlace(default(Map<Acos>), this);
}
