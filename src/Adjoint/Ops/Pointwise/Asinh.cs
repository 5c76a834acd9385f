using Adjoint.Algebra.Functions;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The inverse hyperbolic sine, element by element.</summary>
public static class AsinhMethod
{
    extension(Tensor x)
    {
        /// <summary>The inverse hyperbolic sine, element by element. The error is at most 2 ULP.</summary>
        public Tensor Asinh() => Op.Map(default(Map<Asinh>), x);

        /// <summary>The inverse hyperbolic sine, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
        public Tensor Asinh_() => Op.MapInPlace(default(Map<Asinh>), x);
    }
}
