using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The spherical Bessel function of the first kind and order 0, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// sin(x) / x, the spherical Bessel function of the first kind and order 0, element by element (<c>torch.special.spherical_bessel_j0</c>).
    /// Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor SphericalBesselJ0() => Op.Map(default(Map<SphericalBesselJ0>), this);
}
