using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>e^x - 1, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>e^x - 1, element by element, which keeps the digits of small x. The error is at most 2 ULP.</summary>
    public Tensor Expm1() => Op.Map(default(Map<Expm1>), this);

    /// <summary>e^x - 1, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Expm1_() => Op.MapInPlace(default(Map<Expm1>), this);
}
