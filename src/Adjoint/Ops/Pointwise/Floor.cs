using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The largest whole number that is not above, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The largest whole number that is not above, element by element.</summary>
    public Tensor Floor() => Op.Map(default(Map<Floor>), this);

    /// <summary>The largest whole number that is not above, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Floor_() => Op.MapInPlace(default(Map<Floor>), this);
}
