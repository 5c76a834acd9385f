using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The hyperbolic sine, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The hyperbolic sine, element by element. The error is at most 3 ULP.</summary>
    public Tensor Sinh() => Op.Map(default(Map<Sinh>), this);

    /// <summary>The hyperbolic sine, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Sinh_() => Op.MapInPlace(default(Map<Sinh>), this);
}
