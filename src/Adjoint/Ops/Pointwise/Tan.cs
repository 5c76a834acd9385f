using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The tangent of an angle in radians, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The tangent of an angle in radians, element by element. The error is at most 3 ULP.</summary>
    public Tensor Tan() => Op.Map(default(Map<Tan>), this);

    /// <summary>The tangent of an angle in radians, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Tan_() => Op.MapInPlace(default(Map<Tan>), this);
}
