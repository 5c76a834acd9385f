using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The Bessel function of the first kind and order 1, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The Bessel function of the first kind and order 1, element by element (<c>torch.special.bessel_j1</c>).
    /// Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor BesselJ1() => Op.Map(default(Map<BesselJ1>), this);
}
