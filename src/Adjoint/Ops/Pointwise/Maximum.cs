using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>The larger of both; equal values share the gradient, and where one is NaN both get it, as in PyTorch.</summary>
internal readonly record struct Maximum : IMap2
{
    public static Elements Elements => Elements.All;

    public static bool Selects => true;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Max(x, y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(x, y), V.Of(0.5), V.Select(V.Less(x, y), V.Zero, V.One));

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(x, y), V.Of(0.5), V.Select(V.Less(y, x), V.Zero, V.One));

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => V.Max(x, y);
}

/// <content>The larger of both, element by element, broadcast; NaN if either is.</content>
public sealed partial class Tensor
{
    /// <summary>The larger of both, element by element, broadcast; NaN if either is.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">A plain number does not fit the other's dtype of whole numbers.</exception>
    public Tensor Maximum(Tensor y)
    {
        Operands.ThrowIfNull<Maximum>(y);
        var dtype = Promotion.ResultType(this, y);
        if (!dtype.IsFloatingPoint)
        {
            NumberRange.ThrowIfNumberBeyond(this, dtype);
            NumberRange.ThrowIfNumberBeyond(y, dtype);
        }

        return Op.Map2(default(Maximum), this, y);
    }
}
