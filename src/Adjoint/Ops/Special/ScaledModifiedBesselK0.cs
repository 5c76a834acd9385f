using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The scaled modified Bessel function of the second kind and order 0, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// e^x K(x), the scaled modified Bessel function of the second kind and order 0, element by element
    /// (<c>torch.special.scaled_modified_bessel_k0</c>). Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor ScaledModifiedBesselK0() => Op.Map(default(Map<ScaledModifiedBesselK0>), this);
}
