using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <content>The error function, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The error function, element by element: 2/√π times the integral of exp(-t²) from 0 to x (<c>torch.erf</c>). The distribution function of the
    /// normal distribution is <c>0.5 * (1 + (x / Math.Sqrt(2)).Erf())</c>. The error is at most 1.8 ULP in float32 and 2 in float64.
    /// </summary>
    public Tensor Erf() => Op.Map(default(Map<Erf>), this);

    /// <summary>The error function, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Erf_() => Op.MapInPlace(default(Map<Erf>), this);
}
