using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>1 / x.</summary>
internal readonly record struct Reciprocal : IMap
{
    public static Domain Domain => Domain.NonZero;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.One / x;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => -(y * y);
}

/// <content>The reciprocal, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The reciprocal, element by element.</summary>
    public Tensor Reciprocal() => Op.Map(default(Reciprocal), this);

    /// <summary>The reciprocal, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Reciprocal_() => Op.MapInPlace(default(Reciprocal), this);
}
