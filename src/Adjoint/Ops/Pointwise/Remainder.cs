using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>What whole numbers leave after division, with the sign of the divisor.</summary>
internal readonly record struct RemainderWhole : ICompare
{
    public static string WholeName => "remainder_cpu";

    public static bool RefusesTruth => true;

    public static bool Divides => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V>
    {
        var left = x - (V.Whole<WholeQuotient>(x, y) * y);
        var isOpposed = V.Or(V.And(V.Less(left, V.Zero), V.Less(V.Zero, y)), V.And(V.Less(V.Zero, left), V.Less(y, V.Zero)));
        return V.Select(isOpposed, left + y, left);
    }
}

/// <content>Remainders with the sign of the divisor.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: what x leaves after division by y, with the sign of y as in Python and PyTorch, and unlike C#'s
    /// numbers.</summary>
    public static Tensor operator %(Tensor x, Tensor y)
    {
        Operands.ThrowIfNull<Remainder>(x);
        return x.Remainder(y);
    }

    /// <summary>The remainder, in place.</summary>
    public void operator %=(Tensor other) => Remainder_(other);

    /// <summary>
    /// What x leaves after division by y, element by element, broadcast, with the sign of y: x - y * floor(x / y). Reals are exact but for one sum;
    /// also
    /// written <c>x % y</c>. See <see cref="Fmod"/> for the sign of x.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain number does not fit the other's dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0.</exception>
    public Tensor Remainder(Tensor y)
    {
        var dtype = Fitting<Remainder>(this, y);
        if (!dtype.IsFloatingPoint)
        {
            return Op.Compare(default(RemainderWhole), this, y);
        }

        return y is { IsNumber: true, RequiresGrad: false }
            ? Op.Map(new MapToConstant<Remainder>(y.Item<double>()), DType == dtype ? this : To(dtype))
            : Op.Map2(new Map2<Remainder>(PlainNumbers.OfFirst(this)), this, y);
    }

    /// <summary>What x leaves after division by y, in place; also written <c>x %= y</c>.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain number does not fit the other's dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0.</exception>
    public Tensor Remainder_(Tensor y)
    {
        var dtype = Fitting<Remainder>(this, y);
        return dtype.IsFloatingPoint
            ? Op.Map2InPlace(default(Map2<Remainder>), this, y)
            : Op.CompareInPlace(default(RemainderWhole), this, y);
    }
}
