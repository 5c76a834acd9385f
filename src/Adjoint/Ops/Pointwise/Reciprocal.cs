using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>1 / x.</summary>
internal readonly struct Reciprocal : IMap
{
    public static Domain Domain => Domain.NonZero;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.One / x;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => -(y * y);
}

/// <summary>The reciprocal, element by element.</summary>
public static class ReciprocalMethod
{
    extension(Tensor x)
    {
        /// <summary>The reciprocal, element by element.</summary>
        public Tensor Reciprocal() => Op.Map(default(Reciprocal), x);

        /// <summary>The reciprocal, element by element, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Reciprocal_() => Op.MapInPlace(default(Reciprocal), x);
    }
}
