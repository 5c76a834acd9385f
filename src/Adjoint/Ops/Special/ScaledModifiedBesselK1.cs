using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The scaled modified Bessel function of the second kind and order 1, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// e^x K(x), the scaled modified Bessel function of the second kind and order 1, element by element
    /// (<c>torch.special.scaled_modified_bessel_k1</c>). Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor ScaledModifiedBesselK1() => Op.Map(default(Map<ScaledModifiedBesselK1>), this);
}
