using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The normal distribution function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The distribution function of the standard normal distribution, element by element (<c>torch.special.ndtr</c>), with all digits of small
    /// results.
    /// </summary>
    public Tensor Ndtr() => Op.Map(default(Map<Ndtr>), this);
}
