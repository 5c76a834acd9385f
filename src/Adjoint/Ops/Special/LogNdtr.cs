using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The logarithm of the normal distribution function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The logarithm of the standard normal distribution function, element by element (<c>torch.special.log_ndtr</c>).</summary>
    public Tensor LogNdtr() => Op.Map(default(Map<LogNdtr>), this);
}
