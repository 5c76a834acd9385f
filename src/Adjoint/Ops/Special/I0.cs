using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The modified Bessel function of the first kind and order 0, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The modified Bessel function of the first kind and order 0, element by element (<c>torch.i0</c>).</summary>
    public Tensor I0() => Op.Map(default(Map<I0>), this);

    /// <summary>The modified Bessel function of the first kind and order 0, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor I0_() => Op.MapInPlace(default(Map<I0>), this);

    /// <summary>The same as <see cref="I0"/> (<c>torch.special.modified_bessel_i0</c>).</summary>
    public Tensor ModifiedBesselI0() => I0();
}
