using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The Airy function Ai, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The Airy function Ai, element by element (<c>torch.special.airy_ai</c>): the solution of y'' = x y that vanishes for large x.
    /// Unlike PyTorch's it has derivatives of every order.
    /// </summary>
    public Tensor AiryAi() => Op.Map(default(Map<AiryAi>), this);
}
