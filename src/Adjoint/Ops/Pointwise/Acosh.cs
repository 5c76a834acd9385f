using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The inverse hyperbolic cosine, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The inverse hyperbolic cosine, element by element; NaN below 1. The error is at most 3 ULP.</summary>
    public Tensor Acosh() => Op.Map(default(Map<Acosh>), this);

    /// <summary>The inverse hyperbolic cosine, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Acosh_() => Op.MapInPlace(default(Map<Acosh>), this);
}
