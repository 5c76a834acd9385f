using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>The square root of the sum of two squares, which may be beyond the largest number.</summary>
internal readonly record struct Hypot : IMap2
{
    public static Domain DomainX => Domain.NonZero;

    public static Domain DomainY => Domain.NonZero;

    public V F<V>(V x, V y)
        where V : struct, IReal<V>
    {
        var (a, b) = (V.Abs(x), V.Abs(y));
        var (most, least) = (V.Max(a, b), V.Min(a, b));
        var isFlat = V.Equal(least, V.Zero);
        var ratio = V.Select(isFlat, V.Zero, least) / V.Select(isFlat, V.One, most);
        var length = V.Select(isFlat, most, most * V.Sqrt(V.One + (ratio * ratio)));
        var infinity = V.Of(double.PositiveInfinity);
        return V.Select(V.Or(V.Equal(a, infinity), V.Equal(b, infinity)), infinity, length);
    }

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(z, V.Zero), V.Zero, x / V.Select(V.Equal(z, V.Zero), V.One, z));

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(z, V.Zero), V.Zero, y / V.Select(V.Equal(z, V.Zero), V.One, z));
}

/// <content>The length of the hypotenuse.</content>
public sealed partial class Tensor
{
    /// <summary>sqrt(x^2 + y^2), element by element, broadcast, without overflow on the way. At the origin the gradient is 0, where PyTorch has
    /// NaN.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither is real.</exception>
    public Tensor Hypot(Tensor y)
    {
        _ = RealOperands.Of<Hypot>("hypot_cpu", this, y);
        return Op.Map2(default(Hypot), this, y);
    }

    /// <summary>sqrt(x^2 + y^2), in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither is real.</exception>
    public Tensor Hypot_(Tensor y)
    {
        _ = RealOperands.Of<Hypot>("hypot_cpu", this, y);
        return Op.Map2InPlace(default(Hypot), this, y);
    }
}
