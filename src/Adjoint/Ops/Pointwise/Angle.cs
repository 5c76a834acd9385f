using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>0 where x is not negative, pi where it is; its derivative is 0.</summary>
internal readonly record struct Angle : IMap
{
    public static Domain Domain => Domain.NonZero;

    public static bool Selects => true;

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Select(V.Less(x, V.Zero), V.Of(Math.PI), V.Select(V.Equal(x, x), V.Zero, x));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Zero;
}

/// <content>Angles of numbers in the plane.</content>
public sealed partial class Tensor
{
    /// <summary>The angle of each element, a number in the plane: 0 where it is not negative, pi where it is, NaN for NaN.</summary>
    public Tensor Angle() => Op.Map(default(Angle), this);
}
