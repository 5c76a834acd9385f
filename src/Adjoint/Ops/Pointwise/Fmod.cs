using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>What whole numbers leave after division, with the sign of the first.</summary>
internal readonly record struct FmodWhole : ICompare
{
    public static string WholeName => "fmod_cpu";

    public static bool RefusesTruth => true;

    public static bool Divides => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => x - (V.Whole<WholeQuotient>(x, y) * y);
}

/// <content>Remainders with the sign of what is divided.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// What x leaves after division by y, element by element, broadcast, with the sign of x as C's <c>fmod</c> and C#'s numbers have it; exact. See
    /// <see cref="Remainder"/> for the sign of y.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain number does not fit the other's dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0.</exception>
    public Tensor Fmod(Tensor y)
    {
        var dtype = Fitting<Fmod>(this, y);
        if (!dtype.IsFloatingPoint)
        {
            return Op.Compare(default(FmodWhole), this, y);
        }

        return y is { IsNumber: true, RequiresGrad: false }
            ? Op.Map(new MapToConstant<Fmod>(y.Item<double>()), DType == dtype ? this : To(dtype))
            : Op.Map2(new Map2<Fmod>(PlainNumbers.OfFirst(this)), this, y);
    }

    /// <summary>What x leaves after division by y, with the sign of x, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain number does not fit the other's dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A whole number is divided by 0.</exception>
    public Tensor Fmod_(Tensor y)
    {
        var dtype = Fitting<Fmod>(this, y);
        return dtype.IsFloatingPoint
            ? Op.Map2InPlace(default(Map2<Fmod>), this, y)
            : Op.CompareInPlace(default(FmodWhole), this, y);
    }
}
