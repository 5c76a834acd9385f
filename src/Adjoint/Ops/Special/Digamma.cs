using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The logarithmic derivative of the gamma function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The logarithmic derivative of the gamma function, element by element (<c>torch.digamma</c>, <c>torch.special.psi</c>). At 0 it is infinite
    /// with the opposite sign of the zero, at negative whole numbers NaN.
    /// </summary>
    public Tensor Digamma() => Op.Map(default(Map<Digamma>), this);

    /// <summary>The logarithmic derivative of the gamma function, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Digamma_() => Op.MapInPlace(default(Map<Digamma>), this);
}
