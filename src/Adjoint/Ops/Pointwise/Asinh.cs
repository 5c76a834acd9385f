using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The inverse hyperbolic sine, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The inverse hyperbolic sine, element by element. The error is at most 2 ULP.</summary>
    public Tensor Asinh() => Op.Map(default(Map<Asinh>), this);

    /// <summary>The inverse hyperbolic sine, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Asinh_() => Op.MapInPlace(default(Map<Asinh>), this);
}
