using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>e to the power x.</summary>
internal readonly struct Exp : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => V.Exp(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => y;
}

/// <summary>The exponential function, element by element.</summary>
public static class ExpMethod
{
    extension(Tensor x)
    {
        /// <summary>The exponential function, element by element. The error is at most 1.1 ULP in float32 and 1 in float64.</summary>
        public Tensor Exp() => Op.Map(default(Exp), x);

        /// <summary>The exponential function, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Exp_() => Op.MapInPlace(default(Exp), x);
    }
}
