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

    // The cases must read what the general one reads: x, and not y.
    public V D<V>(V x, V y)
        where V : struct, IReal<V> => exponent switch
        {
            2 => x + x,
            3 => V.Of(3) * x * x,
            _ => V.Select(V.Equal(V.Of(exponent), V.Zero), V.Zero, V.Of(exponent) * V.Pow(x, V.Of(exponent - 1))),
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

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(y, V.Zero), V.Zero, y * V.Pow(x, y - V.One));

    // At base 0 a power with a non-negative exponent stays 0 or 1 to first order; PyTorch gives 0 there.
    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> =>
        V.Select(V.And(V.Equal(x, V.Zero), V.Not(V.Less(y, V.Zero))), V.Zero, z * V.Log(x));
}

/// <summary>Powers, element by element, broadcast.</summary>
public static class PowMethod
{
    extension(Tensor x)
    {
        /// <summary>x to the power y, element by element, broadcast. Whole numbers to whole powers are exact and wrap around; the error of reals is at most 1 ULP.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        /// <exception cref="DTypeException">Both are truth values.</exception>
        /// <exception cref="TensorException">A plain negative whole exponent of whole numbers.</exception>
        public Tensor Pow(Tensor y)
        {
            Operands.ThrowIfNull<Pow>(x);
            Operands.ThrowIfNull<Pow>(y);
            var dtype = Promotion.ResultType(x, y);
            if (dtype == DType.Bool)
            {
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
        if (y.IsNumber && y.Item<long>() < 0)
        {
            throw new TensorException("Integers to negative integer powers are not allowed. Convert the base with To(DType.Float32).");
        }

        var layout = Layout.Broadcast(x.Layout, y.Layout);
        var powers = x.To(DType.Int64).Expand(layout.Sizes).ToArray<long>();
        var exponents = y.To(DType.Int64).Expand(layout.Sizes).ToArray<long>();
        for (var i = 0; i < powers.Length; i++)
        {
            powers[i] = Power(powers[i], exponents[i]);
        }

        return Tensor.FromArray(powers, layout.Sizes).To(dtype);
    }

    /// <summary>By repeated squaring; a negative power is 0 but for bases 1 and -1, as in PyTorch.</summary>
    private static long Power(long x, long exponent)
    {
        if (exponent < 0)
        {
            return x == 1 ? 1 : x == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }

        long result = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = unchecked(result * x);
            }

            x = unchecked(x * x);
        }

        return result;
    }
}
