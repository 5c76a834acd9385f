using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>1 - erf(x), element by element.</content>
public sealed partial class Tensor
{
    /// <summary>1 - erf(x), element by element, without loss for large x. The error is at most 6 ULP.</summary>
    public Tensor Erfc() => Op.Map(default(Map<Erfc>), this);

    /// <summary>1 - erf(x), element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Erfc_() => Op.MapInPlace(default(Map<Erfc>), this);
}
