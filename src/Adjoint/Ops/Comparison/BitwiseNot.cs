using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>All bits of whole numbers turned; the opposite of truth values.</summary>
public static class BitwiseNotMethod
{
    extension(Tensor x)
    {
        /// <summary>All bits turned: -x - 1 in two's complement, 255 - x of bytes. Of truth values, the opposite. Also written <c>~x</c>.</summary>
        /// <exception cref="DTypeException">The tensor is real.</exception>
        public Tensor BitwiseNot()
        {
            ThrowIfReal(x);
            return x.BitwiseXor(AllBits(x));
        }

        /// <summary>~x, in place.</summary>
        /// <exception cref="DTypeException">The tensor is real.</exception>
        public Tensor BitwiseNot_()
        {
            ThrowIfReal(x);
            return x.BitwiseXor_(AllBits(x));
        }
    }

    private static Tensor AllBits(Tensor x) => x.DType == DType.Bool ? true : -1;

    private static void ThrowIfReal(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"\"bitwise_not_cpu\" not implemented for '{x.DType.ScalarName}'. Use LogicalNot(), also written !x, or convert with " +
                "To(DType.Int64).");
        }
    }
}
