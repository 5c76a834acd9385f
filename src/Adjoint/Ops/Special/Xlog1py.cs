using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x log(1 + y), which is 0 where x is, whatever y is unless NaN.</summary>
internal readonly record struct Xlog1py : IMap2
{
    public string GradName => "SpecialXlog1PyBackward0";

    public static Domain DomainX => Domain.NonZero;

    public static Domain DomainY => new(-0.9, 3);

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.And(V.Equal(x, V.Zero), V.Equal(y, y)), V.Zero, x * V.Call<Log1p>(y));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> =>
        V.Select(V.And(V.Equal(x, V.Zero), V.Or(V.Less(y, -V.One), V.Equal(y, -V.One))), V.Zero, V.Call<Log1p>(y));

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => x / (V.One + y);
}

/// <content>x log(1 + y), element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>x log(1 + y), element by element, broadcast (<c>torch.special.xlog1py</c>): 0 where x is 0, unless y is NaN.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Xlog1py(Tensor other)
    {
        Operands.ThrowIfNull<Xlog1py>(other);
        return Op.Map2(default(Xlog1py), this, other);
    }
}
