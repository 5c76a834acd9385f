using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The derivative of the Airy function Ai, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The derivative of the Airy function Ai, element by element. PyTorch has none.</summary>
    public Tensor AiryAiPrime() => Op.Map(default(Map<AiryAiPrime>), this);
}
