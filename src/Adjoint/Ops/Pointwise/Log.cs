using Adjoint.Algebra.Functions;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The natural logarithm, element by element.</summary>
public static class LogMethod
{
    extension(Tensor x)
    {
        /// <summary>The natural logarithm, element by element. The error is at most 0.9 ULP in float32 and 1 in float64.</summary>
        public Tensor Log() => Op.Map(default(Map<Log>), x);

        /// <summary>The natural logarithm, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Log_() => Op.MapInPlace(default(Map<Log>), x);
    }
}
