using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The quantile of the normal distribution, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The quantile of the standard normal distribution, the inverse of <see cref="Ndtr"/>, element by element (<c>torch.special.ndtri</c>):
    /// infinite at 0 and 1, NaN outside.
    /// </summary>
    public Tensor Ndtri() => Op.Map(default(Map<Ndtri>), this);
}
