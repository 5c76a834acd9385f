using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The Bessel function of the second kind and order 0, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The Bessel function of the second kind and order 0, element by element (<c>torch.special.bessel_y0</c>).
    /// Minus infinity at 0 and NaN below. Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor BesselY0() => Op.Map(default(Map<BesselY0>), this);
}
