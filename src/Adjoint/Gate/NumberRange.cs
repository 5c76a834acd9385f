using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Gate;

/// <summary>
/// Which numbers a dtype takes as elements, by PyTorch's rule for plain numbers: a fraction is cut off, infinities stay infinite, truth values take
/// everything, and a negative whole number may wrap around once in an unsigned dtype. What is beyond is refused.
/// </summary>
internal static class NumberRange
{
    /// <summary>2^63, the first real beyond int64.</summary>
    public const double PastInt64 = 9223372036854775808;

    /// <summary>Whether a dtype takes a whole number.</summary>
    public static bool Holds(DType dtype, long value)
    {
        var job = new WholeTaken { Value = value, Most = dtype.Most };
        dtype.Visit(ref job);
        return job.IsTaken;
    }

    /// <summary>Whether a dtype takes a real number.</summary>
    public static bool Holds(DType dtype, double value)
    {
        var job = new RealTaken { Value = value, Most = dtype.Most };
        dtype.Visit(ref job);
        return job.IsTaken;
    }

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
            var whole = Numbers.WholeOf(number);
            if (whole < 0 && number.DType == DType.UInt64)
            {
                throw Beyond(((ulong)whole).ToString(CultureInfo.InvariantCulture), dtype);
            }

            ThrowIfBeyond(whole, dtype);
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

        var job = new Refusal { Elements = contiguous, DType = dtype };
        contiguous.DType.Visit(ref job);
        GC.KeepAlive(contiguous);
    }

    /// <summary>Whether there are numbers of one dtype that another does not take; truth values take everything.</summary>
    private static bool Narrows(DType from, DType to) =>
        to != DType.Bool && ((from.IsFloatingPoint && !to.IsFloatingPoint) || to.Most < from.Most);

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

    /// <summary>Whether a whole number is taken. An unsigned dtype takes the negative ones that wrap around once.</summary>
    private struct WholeTaken : IDTypeJob
    {
        public long Value;
        public double Most;
        public bool IsTaken;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => IsTaken = true;

        void IDTypeJob.Whole<T>()
        {
            var (least, most) = (long.CreateSaturating(T.MinValue), long.CreateSaturating(T.MaxValue));
            IsTaken = Value >= (least == 0 ? -most : least) && Value <= most;
        }

        void IDTypeJob.Real<S, T, C>() => IsTaken = Math.Abs((double)Value) <= Most;
    }

    /// <summary>Whether a real number is taken.</summary>
    private struct RealTaken : IDTypeJob
    {
        public double Value;
        public double Most;
        public bool IsTaken;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => IsTaken = true;

        // The greatest of int64 is no double: the next real beyond it is 2^63.
        void IDTypeJob.Whole<T>() => IsTaken = Value >= double.CreateTruncating(T.MinValue) && (Most >= PastInt64 ? Value < Most : Value <= Most);

        void IDTypeJob.Real<S, T, C>() => IsTaken = double.IsInfinity(Value) || !(Math.Abs(Value) > Most);
    }

    /// <summary>Refuses the first element that is not taken.</summary>
    private struct Refusal : IDTypeJob
    {
        public Tensor Elements;
        public DType DType;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth()
        {
        }

        void IDTypeJob.Whole<T>()
        {
            foreach (var value in Elements<T>(Elements))
            {
                var number = long.CreateTruncating(value);
                if (number < 0 && value > T.Zero)
                {
                    throw Beyond(value.ToString(null, CultureInfo.InvariantCulture), DType);
                }

                ThrowIfBeyond(number, DType);
            }
        }

        void IDTypeJob.Real<S, T, C>()
        {
            foreach (var value in Elements<S>(Elements))
            {
                ThrowIfBeyond(double.CreateTruncating(C.Widen(value)), DType);
            }
        }
    }
}
