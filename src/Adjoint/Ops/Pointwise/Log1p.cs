using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The natural logarithm of 1 + x, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The natural logarithm of 1 + x, element by element, which keeps the digits of small x. The error is at most 2 ULP.</summary>
    public Tensor Log1p() => Op.Map(default(Map<Log1p>), this);

    /// <summary>The natural logarithm of 1 + x, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Log1p_() => Op.MapInPlace(default(Map<Log1p>), this);
}
