using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The logarithm of the gamma function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The logarithm of the gamma function's magnitude, element by element (<c>torch.lgamma</c>, <c>torch.special.gammaln</c>); infinite at its
    /// poles.
    /// </summary>
    public Tensor Lgamma() => Op.Map(default(Map<Lgamma>), this);

    /// <summary>The logarithm of the gamma function, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Lgamma_() => Op.MapInPlace(default(Map<Lgamma>), this);
}
