using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Ops.Families;

/// <summary>
/// Which numbers a dtype takes as elements, by PyTorch's rule for plain numbers: a fraction is cut off, infinities stay infinite, truth values take
/// everything, and a negative whole number may wrap around once in an unsigned dtype. What is beyond is refused.
/// </summary>
internal static class NumberRange
{
    /// <summary>2^63, the first real beyond int64.</summary>
    public const double PastInt64 = 9223372036854775808;

    /// <summary>Whether a dtype takes a whole number.</summary>
    public static bool Holds(DType dtype, long value) => dtype switch
    {
        DType.UInt8 => value is >= -byte.MaxValue and <= byte.MaxValue,
        DType.Int32 => value is >= int.MinValue and <= int.MaxValue,
        _ => true,
    };

    /// <summary>Whether a dtype takes a real number.</summary>
    public static bool Holds(DType dtype, double value) => dtype switch
    {
        DType.UInt8 => value is >= byte.MinValue and <= byte.MaxValue,
        DType.Int32 => value is >= int.MinValue and <= int.MaxValue,
        DType.Int64 => value is >= -PastInt64 and < PastInt64,
        DType.Float32 => double.IsInfinity(value) || !(Math.Abs(value) > float.MaxValue),
        _ => true,
    };

    /// <summary>Refuses a number, or a tensor of one element, that a dtype does not take.</summary>
    /// <exception cref="DTypeException">It does not.</exception>
    public static void ThrowIfBeyond(Tensor number, DType dtype)
    {
        if (!Narrows(number.DType, dtype))
        {
            return;
        }

        if (number.DType.IsFloatingPoint)
        {
            ThrowIfBeyond(Numbers.RealOf(number), dtype);
        }
        else
        {
            ThrowIfBeyond(Numbers.WholeOf(number), dtype);
        }
    }

    /// <summary>Refuses a plain number that a dtype does not take; tensors convert as they always do.</summary>
    /// <exception cref="DTypeException">It does not.</exception>
    public static void ThrowIfNumberBeyond(Tensor x, DType dtype)
    {
        if (x.IsNumber && !x.IsStandIn)
        {
            ThrowIfBeyond(x, dtype);
        }
    }

    /// <summary>Refuses a tensor without gaps that has an element which a dtype does not take.</summary>
    /// <exception cref="DTypeException">It has.</exception>
    public static void ThrowIfAnyBeyond(Tensor contiguous, DType dtype)
    {
        if (!Narrows(contiguous.DType, dtype))
        {
            return;
        }

        switch (contiguous.DType)
        {
            case DType.Int32:
                foreach (var value in Elements<int>(contiguous))
                {
                    ThrowIfBeyond((long)value, dtype);
                }

                break;
            case DType.Int64:
                foreach (var value in Elements<long>(contiguous))
                {
                    ThrowIfBeyond(value, dtype);
                }

                break;
            case DType.Float32:
                foreach (var value in Elements<float>(contiguous))
                {
                    ThrowIfBeyond((double)value, dtype);
                }

                break;
            case DType.Float64:
                foreach (var value in Elements<double>(contiguous))
                {
                    ThrowIfBeyond(value, dtype);
                }

                break;
            default:
                throw new NotSupportedException($"Nothing is narrower than {contiguous.DType}.");
        }

        GC.KeepAlive(contiguous);
    }

    /// <summary>Whether there are numbers of one dtype that another does not take. The order of the enumeration is that of the ranges.</summary>
    private static bool Narrows(DType from, DType to) => to < from && to != DType.Bool;

    private static void ThrowIfBeyond(long value, DType dtype)
    {
        if (!Holds(dtype, value))
        {
            throw Beyond(value.ToString(CultureInfo.InvariantCulture), dtype);
        }
    }

    /// <summary>Refuses a real that a dtype does not take.</summary>
    /// <exception cref="DTypeException">It does not.</exception>
    public static void ThrowIfBeyond(double value, DType dtype)
    {
        if (!Holds(dtype, value))
        {
            throw Beyond(value.ToString("R", CultureInfo.InvariantCulture), dtype);
        }
    }

    private static DTypeException Beyond(string value, DType dtype) => new(
        $"value cannot be converted to type {dtype.CTypeName} without overflow. The value is {value}: use a dtype that holds it, or wrap it around " +
        $"first with To(DType.{dtype}).");

    private static ReadOnlySpan<T> Elements<T>(Tensor contiguous)
        where T : unmanaged => MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.Add(ref Unsafe.As<byte, T>(ref contiguous.Storage.Origin), contiguous.Layout.Offset), checked((int)contiguous.Layout.Count));
}
