
namespace Adjoint;

/// <content>All bits of whole numbers turned; the opposite of truth values.</content>
public sealed partial class Tensor
{
    /// <summary>All bits turned; of truth values, the opposite. Reals are refused.</summary>
    public static Tensor operator ~(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.BitwiseNot();
    }

    /// <summary>All bits turned: -x - 1 in two's complement, 255 - x of bytes. Of truth values, the opposite. Also written <c>~x</c>.</summary>
    /// <exception cref="DTypeException">The tensor is real.</exception>
    public Tensor BitwiseNot()
    {
        ThrowIfReal(this);
        return BitwiseXor(AllBits(this));
    }

    /// <summary>~x, in place.</summary>
    /// <exception cref="DTypeException">The tensor is real.</exception>
    public Tensor BitwiseNot_()
    {
        ThrowIfReal(this);
        return BitwiseXor_(AllBits(this));
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
