using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The scaled modified Bessel function of the first kind and order 0, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// e^-|x| I₀(x), the scaled modified Bessel function of the first kind and order 0, element by element (<c>torch.special.i0e</c>).
    /// </summary>
    public Tensor I0e() => Op.Map(default(Map<I0e>), this);
}
