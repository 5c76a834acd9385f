using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The arc tangent in radians, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The arc tangent in radians, element by element. The error is at most 2.1 ULP in float32 and 1 in float64.</summary>
    public Tensor Atan() => Op.Map(default(Map<Atan>), this);

    /// <summary>The arc tangent in radians, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Atan_() => Op.MapInPlace(default(Map<Atan>), this);
}
