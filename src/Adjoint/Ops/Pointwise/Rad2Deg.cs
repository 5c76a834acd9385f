using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>An angle in radians as one in degrees.</summary>
internal readonly record struct Rad2Deg : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => x * V.Of(180 / Math.PI);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(180 / Math.PI);
}

/// <content>Angles in degrees.</content>
public sealed partial class Tensor
{
    /// <summary>Angles in radians as angles in degrees, element by element.</summary>
    public Tensor Rad2Deg() => Op.Map(default(Rad2Deg), this);

    /// <summary>Angles in radians as angles in degrees, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Rad2Deg_() => Op.MapInPlace(default(Rad2Deg), this);
}
