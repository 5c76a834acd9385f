using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The exponential function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The exponential function, element by element. The error is at most 1.1 ULP in float32 and 1 in float64.</summary>
    public Tensor Exp() => Op.Map(default(Map<Exp>), this);

    /// <summary>The exponential function, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Exp_() => Op.MapInPlace(default(Map<Exp>), this);
}
