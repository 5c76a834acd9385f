using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>sin(pi x) / (pi x), element by element.</content>
public sealed partial class Tensor
{
    /// <summary>sin(pi x) / (pi x), element by element; 1 at 0. The error is at most 4 ULP, also near whole numbers.</summary>
    public Tensor Sinc() => Op.Map(default(Map<Sinc>), this);

    /// <summary>sin(pi x) / (pi x), element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Sinc_() => Op.MapInPlace(default(Map<Sinc>), this);
}
