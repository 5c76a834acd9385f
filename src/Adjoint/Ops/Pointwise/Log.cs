using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The natural logarithm, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The natural logarithm, element by element. The error is at most 0.9 ULP in float32 and 1 in float64.</summary>
    public Tensor Log() => Op.Map(default(Map<Log>), this);

    /// <summary>The natural logarithm, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Log_() => Op.MapInPlace(default(Map<Log>), this);
}
