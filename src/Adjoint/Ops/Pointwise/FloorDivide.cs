using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>The quotient of whole numbers rounded down.</summary>
internal readonly record struct FloorDivideWhole : ICompare
{
    public static string WholeName => "div_floor_cpu";

    public static bool RefusesTruth => true;

    public static bool Divides => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V>
    {
        var quotient = V.Whole<WholeQuotient>(x, y);
        var left = x - (quotient * y);
        var isOpposed = V.Or(V.And(V.Less(left, V.Zero), V.Less(V.Zero, y)), V.And(V.Less(V.Zero, left), V.Less(y, V.Zero)));
        return V.Select(isOpposed, quotient - V.One, quotient);
    }
}

/// <summary>The quotient of whole numbers without its fraction.</summary>
internal readonly record struct TruncDivideWhole : ICompare
{
    public static string WholeName => "div_trunc_cpu";

    public static bool RefusesTruth => true;

    public static bool Divides => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Whole<WholeQuotient>(x, y);
}

/// <content>Quotients without fractions.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// x / y rounded down, element by element, broadcast; whole numbers stay whole. It is <see cref="Div(Tensor, string)"/> with <c>floor</c>, and
    /// its
    /// gradient is 0.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain number does not fit the other's dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0.</exception>
    public Tensor FloorDivide(Tensor y)
    {
        var dtype = Fitting<FloorDivide>(this, y);
        return dtype.IsFloatingPoint
            ? Op.Map2(new Map2<FloorDivide>(PlainNumbers.OfFirst(this)), this, y)
            : Op.Compare(default(FloorDivideWhole), this, y);
    }

    /// <summary>x / y rounded down, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain number does not fit the other's dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0.</exception>
    public Tensor FloorDivide_(Tensor y)
    {
        var dtype = Fitting<FloorDivide>(this, y);
        return dtype.IsFloatingPoint
            ? Op.Map2InPlace(default(Map2<FloorDivide>), this, y)
            : Op.CompareInPlace(default(FloorDivideWhole), this, y);
    }

    private Tensor TruncDivide(Tensor y)
    {
        var dtype = Fitting<TruncDivide>(this, y);
        return dtype.IsFloatingPoint
            ? Op.Map2(new Map2<TruncDivide>(PlainNumbers.OfFirst(this)), this, y)
            : Op.Compare(default(TruncDivideWhole), this, y);
    }

    private Tensor TruncDivideInPlace(Tensor y)
    {
        var dtype = Fitting<TruncDivide>(this, y);
        return dtype.IsFloatingPoint
            ? Op.Map2InPlace(default(Map2<TruncDivide>), this, y)
            : Op.CompareInPlace(default(TruncDivideWhole), this, y);
    }

    /// <summary>The dtype of the result, into which plain numbers must fit where it is one of whole numbers.</summary>
    private static DType Fitting<O>(Tensor x, Tensor y)
        where O : struct
    {
        Operands.ThrowIfNull<O>(y);
        var dtype = Promotion.ResultType(x, y);
        if (!dtype.IsFloatingPoint)
        {
            NumberRange.ThrowIfNumberBeyond(x, dtype);
            NumberRange.ThrowIfNumberBeyond(y, dtype);
        }

        return dtype;
    }
}
