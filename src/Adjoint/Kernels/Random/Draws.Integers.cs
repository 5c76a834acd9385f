using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

internal static partial class Draws
{
    /// <summary>
    /// Whole numbers from <paramref name="low"/> up to but not including <paramref name="high"/>: <c>randint</c> and
    /// <c>random_(low, high)</c>. Floating-point dtypes leave out what would round to the upper bound or past the lower
    /// one.
    /// </summary>
    /// <exception cref="TensorException">The range is empty, or not within the dtype.</exception>
    internal static void Integers<T>(Generator g, Span<T> into, long low, long high)
        where T : struct, INumberBase<T>, IMinMaxValue<T>
    {
        CheckRange(low, high, "");
        if (Digits<T>() != 0)
        {
            (low, high) = (RoundsUpTo<T>(low), RoundsBelow<T>(high));
            CheckRange(low, high, " casted to dtype");
        }
        else
        {
            CheckFits<T>(low, "from");
            CheckFits<T>(high - 1, "to - 1");
        }

        Remainders(g, into, (ulong)high - (ulong)low, low);
    }

    /// <inheritdoc cref="Integers{T}(Generator, Span{T}, long, long)"/>
    internal static void Integers(Generator g, Span<bool> into, long low, long high)
    {
        CheckRange(low, high, "");
        if (low < 0 || high > 2)
            throw new TensorException($"{(low is < 0 or > 1 ? "from" : "to - 1")} is out of bounds for bool");
        Remainders(g, MemoryMarshal.Cast<bool, byte>(into), (ulong)(high - low), low);
    }

    /// <summary>
    /// Whole numbers from <paramref name="low"/> up to and including the largest of the dtype, which is 2^24 for
    /// float32 and 2^53 for float64: <c>random_(low, None)</c>, and <c>random_()</c> with 0.
    /// </summary>
    /// <exception cref="TensorException">The bound is not within the dtype.</exception>
    internal static void IntegersFrom<T>(Generator g, Span<T> into, long low)
        where T : struct, INumberBase<T>, IMinMaxValue<T>
    {
        var digits = Digits<T>();
        var largest = digits != 0 ? 1L << digits : long.CreateSaturating(T.MaxValue);
        if (digits == 0)
            CheckFits<T>(low, "from");
        if (low == long.MinValue)
        {
            Remainders(g, into, 0, 0);
            return;
        }

        if (digits != 0)
        {
            low = RoundsUpTo<T>(low);
            if (low >= largest)
                throw new TensorException(
                    "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, "
                    + $"but got from={low} > to_inc={largest}");
        }

        Remainders(g, into, (ulong)largest - (ulong)low + 1, low);
    }

    /// <summary>Both values with the same probability: <c>random_()</c> of a bool tensor.</summary>
    internal static void IntegersFrom(Generator g, Span<bool> into, long low) => Integers(g, into, low, 2);

    /// <summary>The numbers 0 to n - 1, n being the length, in random order: <c>randperm</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Permutation(Generator g, Span<long> into)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] = i;
        lock (g.Gate)
        {
            // Fisher and Yates from the front; n - 1 words are used.
            var engine = g.Engine;
            for (var i = 0; i < into.Length - 1; i++)
            {
                var other = i + (int)(engine.Next() % (uint)(into.Length - i));
                (into[i], into[other]) = (into[other], into[i]);
            }
        }
    }

    /// <summary>
    /// Draws low + (random word mod range), where a range of 0 means 2^64. The word has 64 bits from a range of 2^32
    /// on, but always 32 for the narrow dtypes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Remainders<T>(Generator g, Span<T> into, ulong range, long low)
        where T : struct, INumberBase<T>
    {
        var narrow = typeof(T) == typeof(byte) || typeof(T) == typeof(int);
        lock (g.Gate)
        {
            var engine = g.Engine;
            if (range - 1 < uint.MaxValue)
            {
                var divisor = (uint)range;
                foreach (ref var x in into)
                    x = T.CreateTruncating((engine.Next() % divisor) + low);
            }
            else if (narrow)
            {
                foreach (ref var x in into)
                    x = T.CreateTruncating(engine.Next() + low);
            }
            else
            {
                foreach (ref var x in into)
                {
                    var word = engine.Next64();
                    x = T.CreateTruncating((long)(range == 0 ? word : word % range) + low);
                }
            }
        }
    }

    /// <summary>The bits of a floating-point dtype's significand; 0 for whole numbers.</summary>
    private static int Digits<T>() => typeof(T) == typeof(float) ? 24 : typeof(T) == typeof(double) ? 53 : 0;

    /// <summary>The lower bound, or the dtype's number above it if the bound's successor rounds below it.</summary>
    private static long RoundsUpTo<T>(long low)
        where T : struct, INumberBase<T>
    {
        var next = long.CreateSaturating(T.CreateTruncating(low + 1));
        return next < low ? next + Spacing<T>(low + 1) : low;
    }

    /// <summary>The upper bound, or the dtype's number below it if the bound's predecessor rounds up to it.</summary>
    private static long RoundsBelow<T>(long high)
        where T : struct, INumberBase<T>
    {
        var previous = long.CreateSaturating(T.CreateTruncating(high - 1));
        return previous >= high ? previous - Spacing<T>(high - 1) : high;
    }

    /// <summary>The distance between numbers of the dtype of this magnitude.</summary>
    private static long Spacing<T>(long near) => 1L << (BitOperations.Log2((ulong)Math.Abs(near)) - Digits<T>() + 1);

    private static void CheckRange(long low, long high, string casted)
    {
        if (low >= high)
            throw new TensorException(
                $"random_ expects 'from'{casted} to be less than 'to'{casted}, but got from={low} >= to={high}");
    }

    private static void CheckFits<T>(long bound, string name)
        where T : struct, INumberBase<T>, IMinMaxValue<T>
    {
        if (bound < long.CreateSaturating(T.MinValue) || bound > long.CreateSaturating(T.MaxValue))
            throw new TensorException(
                $"{name} is out of bounds for {(typeof(T) == typeof(byte) ? "unsigned char" : "int")}");
    }
}
