using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The number without its fraction, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The number without its fraction, element by element (<c>torch.trunc</c> and <c>torch.fix</c>).</summary>
    public Tensor Trunc() => Op.Map(default(Map<Trunc>), this);

    /// <summary>The number without its fraction, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Trunc_() => Op.MapInPlace(default(Map<Trunc>), this);
}
