using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The logarithm to base 2, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The logarithm to base 2, element by element. The error is at most 2 ULP; logarithms of powers of 2 are exact.</summary>
    public Tensor Log2() => Op.Map(default(Map<Log2>), this);

    /// <summary>The logarithm to base 2, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Log2_() => Op.MapInPlace(default(Map<Log2>), this);
}
