using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The modified Bessel function of the second kind and order 1, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The modified Bessel function of the second kind and order 1, element by element (<c>torch.special.modified_bessel_k1</c>).
    /// Infinite at 0 and NaN below. Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor ModifiedBesselK1() => Op.Map(default(Map<ModifiedBesselK1>), this);
}
