using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>0 where x is below 0 or NaN, 1 where it is above, and y where it is 0.</summary>
internal readonly record struct Heaviside : IMap2
{
    public static Elements Elements => Elements.All;

    public static Domain DomainX => Domain.NonZero;

    public static bool Selects => true;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), y, V.Select(V.Less(V.Zero, x), V.One, V.Zero));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), V.One, V.Zero);

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => V.Select(V.Equal(x, V.Zero), y, V.Select(V.Less(V.Zero, x), V.One, V.Zero));
}

/// <content>The step function.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// 0 for elements below 0 and NaN, 1 above, and <paramref name="values"/> at 0, broadcast. The gradient goes to what was taken from the values;
    /// PyTorch has none here, and wants both dtypes to be the same.
    /// </summary>
    /// <param name="values">What the result is at 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">A plain number does not fit the other's dtype of whole numbers.</exception>
    public Tensor Heaviside(Tensor values)
    {
        Operands.ThrowIfNull<Heaviside>(values);
        _ = Fitting<Heaviside>(this, values);
        return Op.Map2(default(Heaviside), this, values);
    }

    /// <summary>The step function, in place; see <see cref="Heaviside"/>.</summary>
    /// <param name="values">What the result is at 0.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">A plain number does not fit the dtype of whole numbers.</exception>
    public Tensor Heaviside_(Tensor values)
    {
        Operands.ThrowIfNull<Heaviside>(values);
        _ = Fitting<Heaviside>(this, values);
        return Op.Map2InPlace(default(Heaviside), this, values);
    }
}
