using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>x to the power y of whole numbers, which wraps around.</summary>
internal readonly record struct WholePow : ICompare
{
    public static string WholeName => "pow";

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Power(x, y);
}

/// <content>Powers, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>x to the power y, element by element, broadcast. Whole numbers to whole powers are exact and wrap around;
    /// the error of reals is at most 1 ULP.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Both are truth values, or a plain exponent does not fit the dtype of whole numbers.</exception>
    /// <exception cref="TensorException">A plain negative whole exponent of whole numbers.</exception>
    public Tensor Pow(Tensor y)
    {
        Operands.ThrowIfNull<Pow>(y);
        var dtype = Promotion.ResultType(this, y);
        if (dtype == DType.Bool)
        {
            _ = Layout.Broadcast(Layout, y.Layout);
            throw new DTypeException("\"pow\" not implemented for 'Bool'. Convert one of the tensors with To(DType.Int64).");
        }

        if (!dtype.IsFloatingPoint)
        {
            return WholePower(this, y, dtype);
        }

        if (y is { IsNumber: true, RequiresGrad: false })
        {
            return Op.Map(new MapToConstant<Pow>(y.Item<double>()), DType == dtype ? this : To(dtype));
        }

        return Op.Map2(new Map2<Pow>(PlainNumbers.OfFirst(this)), this, y);
    }

    /// <summary>x to the power y, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">The result has a higher category than this tensor, or as for <see cref="Pow"/>.</exception>
    /// <exception cref="TensorException">A plain negative whole exponent of whole numbers.</exception>
    public Tensor Pow_(Tensor y)
    {
        Operands.ThrowIfNull<Pow>(y);
        var dtype = Promotion.ResultType(this, y);
        if (dtype == DType.Bool)
        {
            throw new DTypeException("\"pow\" not implemented for 'Bool'. Convert one of the tensors with To(DType.Int64).");
        }

        if (!dtype.IsFloatingPoint)
        {
            ThrowIfNoPower(y, dtype);
            return Op.CompareInPlace(default(WholePow), this, y);
        }

        return y is { IsNumber: true, RequiresGrad: false } && DType == dtype
            ? Op.MapInPlace(new MapToConstant<Pow>(y.Item<double>()), this)
            : Op.Map2InPlace(default(Map2<Pow>), this, y);
    }

    private static Tensor WholePower(Tensor x, Tensor y, DType dtype)
    {
        ThrowIfNoPower(y, dtype);
        return Op.Compare(default(WholePow), x, y);
    }

    private static void ThrowIfNoPower(Tensor y, DType dtype)
    {
        if (y.IsNumber && !y.IsStandIn)
        {
            if (Numbers.WholeOf(y) < 0)
            {
                throw new TensorException("Integers to negative integer powers are not allowed. Convert the base with To(DType.Float32).");
            }

            NumberRange.ThrowIfBeyond(y, dtype);
        }
    }
}
