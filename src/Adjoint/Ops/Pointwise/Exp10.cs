using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>10 to the power of each element, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>10 to the power x, element by element; PyTorch has no such function. The error is at most 2 ULP.</summary>
    public Tensor Exp10() => Op.Map(default(Map<Exp10>), this);

    /// <summary>10 to the power of each element, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Exp10_() => Op.MapInPlace(default(Map<Exp10>), this);
}
