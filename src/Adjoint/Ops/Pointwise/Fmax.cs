using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The larger of both, and the other where one is NaN; x wins a tie, as in PyTorch.</summary>
internal readonly record struct Fmax : IMap2
{
    public static Elements Elements => Elements.All;

    public static bool Selects => true;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(Takes(x, y), x, y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(Takes(x, y), V.One, V.Zero);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(Takes(x, y), V.Zero, V.One);

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => V.Max(x, y);

    private static V Takes<V>(V x, V y)
        where V : struct, IReal<V> => V.Or(Limit.AtMost(y, x), V.Not(V.Equal(y, y)));
}

/// <content>The larger of both, NaN left aside.</content>
public sealed partial class Tensor
{
    /// <summary>The larger of both, element by element, broadcast; where one is NaN, the other. Equal numbers give the gradient to x.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">A plain number does not fit the other's dtype of whole numbers.</exception>
    public Tensor Fmax(Tensor y)
    {
        _ = Fitting<Fmax>(this, y);
        return Op.Map2(default(Fmax), this, y);
    }
}
