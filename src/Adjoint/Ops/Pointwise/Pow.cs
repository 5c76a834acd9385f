using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>x to the power of a plain number.</summary>
internal readonly struct PowNumber(double exponent) : IMap
{
    public static Domain Domain => Domain.Positive;

    public string GradName => "PowBackward0";

    public V F<V>(V x)
        where V : struct, IReal<V> => exponent switch
        {
            1 => x,
            2 => x * x,
            3 => x * x * x,
            0.5 => V.Sqrt(x),
            -1 => V.One / x,
            _ => V.Pow(x, V.Of(exponent)),
        };

    // The cases must read what the general one reads: x, and not y. No negative power of x hides behind a factor 0: further derivatives would be NaN at 0.
    public V D<V>(V x, V y)
        where V : struct, IReal<V> => exponent switch
        {
            0 => V.Zero * V.Sign(x),
            1 => V.Pow(x, V.Zero),
            2 => x + x,
            3 => V.Of(3) * x * x,
            _ => V.Of(exponent) * V.Pow(x, V.Of(exponent - 1)),
        };
}

/// <summary>x to the power y; PyTorch records the power of a plain number under a name of its own.</summary>
internal readonly struct Pow(bool ofNumber) : IMap2
{
    public int[]? ShownInputs => ofNumber ? [1] : null;

    public static Domain DomainX => Domain.Positive;

    public string GradName => ofNumber ? "PowBackward2" : "PowBackward1";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Pow(x, y);

    // x^0 is 1 at 0 and NaN too. What is not chosen is computed from 1: its own derivative would be infinite at 0, and 0 times that NaN.
    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var isFlat = V.And(V.Equal(y, V.Zero), V.Or(V.Equal(x, V.Zero), V.Not(V.Equal(x, x))));
        return V.Select(isFlat, V.Zero, y * V.Pow(V.Select(isFlat, V.One, x), y - V.One));
    }

    // At base 0 a power with a non-negative exponent stays 0 or 1 to first order; PyTorch gives 0 there.
    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var isFlat = V.And(V.Equal(x, V.Zero), V.Not(V.Less(y, V.Zero)));
        return V.Select(isFlat, V.Zero, z * V.Log(V.Select(isFlat, V.One, x)));
    }
}

/// <summary>x to the power y of whole numbers, which wraps around.</summary>
internal readonly struct WholePow : ICompare
{
    public static string WholeName => "pow";

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Power(x, y);
}

/// <summary>Powers, element by element, broadcast.</summary>
public static class PowMethod
{
    extension(Tensor x)
    {
        /// <summary>x to the power y, element by element, broadcast. Whole numbers to whole powers are exact and wrap around; the error of reals is at most 1 ULP.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        /// <exception cref="DTypeException">Both are truth values, or a plain exponent does not fit the dtype of whole numbers.</exception>
        /// <exception cref="TensorException">A plain negative whole exponent of whole numbers.</exception>
        public Tensor Pow(Tensor y)
        {
            Operands.ThrowIfNull<Pow>(x);
            Operands.ThrowIfNull<Pow>(y);
            var dtype = Promotion.ResultType(x, y);
            if (dtype == DType.Bool)
            {
                _ = Layout.Broadcast(x.Layout, y.Layout);
                throw new DTypeException("\"pow\" not implemented for 'Bool'. Convert one of the tensors with To(DType.Int64).");
            }

            if (!dtype.IsFloatingPoint)
            {
                return Whole(x, y, dtype);
            }

            if (y is { IsNumber: true, RequiresGrad: false })
            {
                return Op.Map(new PowNumber(y.Item<double>()), x.DType == dtype ? x : x.To(dtype));
            }

            return Op.Map2(new Pow(x.IsNumber), x, y);
        }
    }

    private static Tensor Whole(Tensor x, Tensor y, DType dtype)
    {
        if (y.IsNumber && !y.IsStandIn)
        {
            if (Numbers.WholeOf(y) < 0)
            {
                throw new TensorException("Integers to negative integer powers are not allowed. Convert the base with To(DType.Float32).");
            }

            NumberRange.ThrowIfBeyond(y, dtype);
        }

        return Op.Compare(default(WholePow), x, y);
    }
}
