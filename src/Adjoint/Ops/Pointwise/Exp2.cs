using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>2 to the power of each element, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>2 to the power x, element by element. The error is at most 2 ULP; whole powers are exact.</summary>
    public Tensor Exp2() => Op.Map(default(Map<Exp2>), this);

    /// <summary>2 to the power of each element, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Exp2_() => Op.MapInPlace(default(Map<Exp2>), this);
}
