using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The scaled modified Bessel function of the first kind and order 1, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// e^-|x| I₁(x), the scaled modified Bessel function of the first kind and order 1, element by element (<c>torch.special.i1e</c>).
    /// </summary>
    public Tensor I1e() => Op.Map(default(Map<I1e>), this);
}
