using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The modified Bessel function of the first kind and order 1, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The modified Bessel function of the first kind and order 1, element by element (<c>torch.special.i1</c>).</summary>
    public Tensor I1() => Op.Map(default(Map<I1>), this);

    /// <summary>The same as <see cref="I1"/> (<c>torch.special.modified_bessel_i1</c>).</summary>
    public Tensor ModifiedBesselI1() => I1();
}
