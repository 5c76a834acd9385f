using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The logarithm to base 10, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The logarithm to base 10, element by element. The error is at most 2 ULP.</summary>
    public Tensor Log10() => Op.Map(default(Map<Log10>), this);

    /// <summary>The logarithm to base 10, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Log10_() => Op.MapInPlace(default(Map<Log10>), this);
}
