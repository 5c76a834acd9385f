using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The Airy function Bi, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The Airy function Bi, element by element: the solution of y'' = x y that grows for large x. PyTorch has none.</summary>
    public Tensor AiryBi() => Op.Map(default(Map<AiryBi>), this);
}
