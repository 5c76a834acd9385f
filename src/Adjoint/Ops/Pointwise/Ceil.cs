using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The smallest whole number that is not below, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The smallest whole number that is not below, element by element.</summary>
    public Tensor Ceil() => Op.Map(default(Map<Ceil>), this);

    /// <summary>The smallest whole number that is not below, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Ceil_() => Op.MapInPlace(default(Map<Ceil>), this);
}
