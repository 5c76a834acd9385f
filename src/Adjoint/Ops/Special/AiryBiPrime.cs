using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The derivative of the Airy function Bi, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The derivative of the Airy function Bi, element by element. PyTorch has none.</summary>
    public Tensor AiryBiPrime() => Op.Map(default(Map<AiryBiPrime>), this);
}
