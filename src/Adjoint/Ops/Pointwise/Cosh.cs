using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The hyperbolic cosine, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The hyperbolic cosine, element by element. The error is at most 2 ULP.</summary>
    public Tensor Cosh() => Op.Map(default(Map<Cosh>), this);

    /// <summary>The hyperbolic cosine, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Cosh_() => Op.MapInPlace(default(Map<Cosh>), this);
}
