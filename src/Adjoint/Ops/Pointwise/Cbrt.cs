using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The cube root, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The cube root, element by element, also of negative numbers; PyTorch has no such function. The error is at most 1 ULP.</summary>
    public Tensor Cbrt() => Op.Map(default(Map<Cbrt>), this);

    /// <summary>The cube root, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Cbrt_() => Op.MapInPlace(default(Map<Cbrt>), this);
}
