using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x / y.</summary>
internal readonly record struct Div : IMap2
{
    public static Domain DomainY => Domain.NonZero;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x / y;

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One / y;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -(x / y / y);
}

/// <content>The quotient x / y, element by element, broadcast; whole numbers give reals.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: x / y, broadcast; integers give reals.</summary>
    public static Tensor operator /(Tensor x, Tensor y)
    {
        Operands.ThrowIfNull<Div>(x);
        return x.Div(y);
    }

    /// <summary>Divides in place.</summary>
    public void operator /=(Tensor other) => Div_(other);

    /// <summary>The quotient x / y, element by element, broadcast; whole numbers give reals.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Div(Tensor y)
    {
        Operands.ThrowIfNull<Div>(y);

        // As PyTorch, whose result differs from the quotient in the last place.
        return IsNumber && !y.IsNumber ? y.Reciprocal() * this : Op.Map2(default(Div), this, y);
    }

    /// <summary>The quotient x / y, element by element, broadcast; whole numbers give reals, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Div_(Tensor y) => Op.Map2InPlace(default(Div), this, y);
}
