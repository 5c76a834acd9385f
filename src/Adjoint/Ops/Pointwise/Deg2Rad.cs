using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>An angle in degrees as one in radians.</summary>
internal readonly record struct Deg2Rad : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => x * V.Of(Math.PI / 180);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(Math.PI / 180);
}

/// <content>Angles in radians.</content>
public sealed partial class Tensor
{
    /// <summary>Angles in degrees as angles in radians, element by element.</summary>
    public Tensor Deg2Rad() => Op.Map(default(Deg2Rad), this);

    /// <summary>Angles in degrees as angles in radians, element by element, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Deg2Rad_() => Op.MapInPlace(default(Deg2Rad), this);
}
