using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>-1, 0 or 1, and 0 for NaN as in PyTorch; its derivative is 0.</summary>
internal readonly record struct Sign : IMap
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

/// <content>The sign, element by element: -1, 0 or 1.</content>
public sealed partial class Tensor
{
    /// <summary>The sign, element by element: -1, 0 or 1; 0 for NaN.</summary>
    public Tensor Sign() => Op.Map(default(Sign), this);

    /// <summary>The sign, element by element: -1, 0 or 1; 0 for NaN, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Sign_() => Op.MapInPlace(default(Sign), this);
}
