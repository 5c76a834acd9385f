using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The number of magnitude 1 in the direction of x, which for a real is its sign; its derivative is 0.</summary>
internal readonly record struct Sgn : IMap
{
    public static Elements Elements => Elements.All;

    public static Domain Domain => Domain.NonZero;

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Sign(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;

    public V I<V>(V x)
        where V : struct, IRing<V> => V.Sign(x);
}

/// <content>Directions, which for reals are signs.</content>
public sealed partial class Tensor
{
    /// <summary>The number of magnitude 1 in the direction of each element: of reals <see cref="Sign"/>, recorded under its own name.</summary>
    public Tensor Sgn() => Op.Map(default(Sgn), this);

    /// <summary>The number of magnitude 1 in the direction of each element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Sgn_() => Op.MapInPlace(default(Sgn), this);
}
