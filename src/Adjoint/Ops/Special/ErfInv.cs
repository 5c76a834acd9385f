using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;

namespace Adjoint;

/// <content>The inverse of the error function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The inverse of the error function, element by element (<c>torch.erfinv</c>): infinite at 1 and -1, NaN beyond.</summary>
    public Tensor ErfInv() => Op.Map(default(Map<ErfInv>), this);

    /// <summary>The inverse of the error function, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor ErfInv_() => Op.MapInPlace(default(Map<ErfInv>), this);
}
