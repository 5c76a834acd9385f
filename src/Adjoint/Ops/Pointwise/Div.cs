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

    /// <summary>The quotient x / y, element by element, broadcast; whole numbers give reals, unless the quotient is rounded.</summary>
    /// <param name="y">The divisor.</param>
    /// <param name="roundingMode"><c>trunc</c> cuts the fraction off, <c>floor</c> rounds down as Python's <c>//</c>; then whole numbers stay whole
    /// and
    /// the gradient is 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">There is no such rounding mode.</exception>
    /// <exception cref="DTypeException">Truth values are divided with rounding, or a plain number does not fit the other's dtype.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0 with rounding.</exception>
    public Tensor Div(Tensor y, string? roundingMode = null)
    {
        Operands.ThrowIfNull<Div>(y);

        // As PyTorch, whose result differs from the quotient in the last place.
        return roundingMode switch
        {
            null => IsNumber && !y.IsNumber ? y.Reciprocal() * this : Op.Map2(default(Div), this, y),
            "floor" => FloorDivide(y),
            "trunc" => TruncDivide(y),
            _ => throw NoSuchRounding(roundingMode),
        };
    }

    /// <summary>The quotient x / y, in place; see <see cref="Div"/>.</summary>
    /// <param name="y">The divisor.</param>
    /// <param name="roundingMode"><c>trunc</c>, <c>floor</c>, or nothing.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Div_(Tensor y, string? roundingMode = null) => roundingMode switch
    {
        null => Op.Map2InPlace(default(Div), this, y),
        "floor" => FloorDivide_(y),
        "trunc" => TruncDivideInPlace(y),
        _ => throw NoSuchRounding(roundingMode),
    };

    private static ArgumentException NoSuchRounding(string roundingMode) =>
        new($"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{roundingMode}'", nameof(roundingMode));
}
