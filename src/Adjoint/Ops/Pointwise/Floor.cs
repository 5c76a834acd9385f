using Adjoint.Algebra.Functions;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The largest whole number that is not above, element by element.</summary>
public static class FloorMethod
{
    extension(Tensor x)
    {
        /// <summary>The largest whole number that is not above, element by element.</summary>
        public Tensor Floor() => Op.Map(default(Map<Floor>), x);

        /// <summary>The largest whole number that is not above, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Floor_() => Op.MapInPlace(default(Map<Floor>), x);
    }
}
