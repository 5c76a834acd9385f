using Adjoint.Algebra.Functions;
using Adjoint.Ops.Families;

namespace Adjoint;

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
                return Op.Map(new MapToConstant<Pow>(y.Item<double>()), x.DType == dtype ? x : x.To(dtype));
            }

            return Op.Map2(new Map2<Pow>(x.IsNumber), x, y);
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
