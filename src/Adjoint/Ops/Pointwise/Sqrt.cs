using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The square root; infinite slope at 0.</summary>
internal readonly record struct Sqrt : IMap
{
    public static Domain Domain => Domain.Positive;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Sqrt(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (y + y);
}

/// <content>The square root, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>The square root, element by element.</summary>
    public Tensor Sqrt() => Op.Map(default(Sqrt), this);

    /// <summary>The square root, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Sqrt_() => Op.MapInPlace(default(Sqrt), this);
}
