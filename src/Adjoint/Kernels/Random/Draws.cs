using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// Fills spans with random numbers. Each distribution turns the same bits into the same numbers as PyTorch 1.13 does on
/// a CPU with AVX2, and uses up as many of them, so that a program of draws stays in step. What makes the numbers
/// agree, and must not change:
/// <list type="bullet">
/// <item>Elements are drawn in row-major order. An element takes one 32-bit word for float32 and two for float64, but
/// always two where PyTorch evaluates in double precision whatever the dtype: exponential, and bernoulli with one
/// number as p.</item>
/// <item>A uniform number is the low 24 (or 53) bits as a fraction.</item>
/// <item>PyTorch is compiled with fused multiply-add: where it says x * a + b, one rounding happens. It is said
/// explicitly here, so that a processor without the instruction gives the same numbers, slowly.</item>
/// <item>Logarithms are of 1 - u. Later versions have log1p(-u) in exponential and in the normal numbers drawn one by
/// one, which changes last bits of float64, and take two words for whole numbers from a range of 2^28 on (seen in
/// 2.10).</item>
/// <item>With one number as p, bernoulli is the plain form: PyTorch on an Intel processor has MKL draw it from a stream
/// of MKL's own.</item>
/// <item>Normal numbers have two recipes, by length: see
/// <see cref="Normal(Generator, Span{float}, double, double)"/>.</item>
/// </list>
/// In double precision the C library's log, sin and cos are used on both sides: equal with the GNU C library, and a
/// last bit may differ with others. A method takes the generator's lock once for the whole span; none allocates.
/// </summary>
internal static partial class Draws
{
    private const uint Low24 = (1u << 24) - 1;
    private const ulong Low53 = (1ul << 53) - 1;
    private const float Unit24 = 1f / (1u << 24);
    private const double Unit53 = 1d / (1ul << 53);

    /// <summary>Uniform numbers from a bound up to another, which only rounding reaches; <c>rand</c> is 0, 1.</summary>
    /// <exception cref="TensorException">The bounds are in the wrong order, or too far apart for the dtype.</exception>
    /// <param name="g">The generator.</param>
    /// <param name="into">What is filled.</param>
    /// <param name="from">The lower bound.</param>
    /// <param name="to">The upper bound.</param>
    /// <param name="epsilon">
    /// That of the dtype: one that is stored in fewer bits takes as many low bits of the word as its significand has, and so stays below the bound.
    /// </param>
    internal static void Uniform(Generator g, Span<float> into, double from, double to, double epsilon = 1.1920928955078125e-07)
    {
        CheckBounds(from, to, float.MaxValue, "Float");
        lock (g.Gate)
        {
            if (epsilon <= 1.1920928955078125e-07)
            {
                Fill(g.Engine, into, (float)from, (float)to);
                return;
            }

            var unit = (float)epsilon / 2;
            var mask = (uint)(1 / unit) - 1;
            foreach (ref var x in into)
                x = MathF.FusedMultiplyAdd((g.Engine.Next() & mask) * unit, (float)to - (float)from, (float)from);
        }
    }

    /// <inheritdoc cref="Uniform(Generator, Span{float}, double, double, double)"/>
    internal static void Uniform(Generator g, Span<double> into, double from, double to)
    {
        CheckBounds(from, to, double.MaxValue, "Double");
        lock (g.Gate)
            Fill(g.Engine, into, from, to);
    }

    /// <summary>One with probability <paramref name="p"/>, else zero: <c>bernoulli_(p)</c>, and the mask of
    /// dropout.</summary>
    /// <exception cref="TensorException">p is not a probability.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Bernoulli<T>(Generator g, Span<T> into, double p)
        where T : struct, INumberBase<T>
    {
        CheckProbability(p);

        // u < p with u = k / 2^53, asked of k: no conversion, and no branch that is guessed wrong half of the time.
        var bound = (ulong)Math.Ceiling(p * (1ul << 53));
        lock (g.Gate)
        {
            var engine = g.Engine;
            foreach (ref var x in into)
                x = Indicator<T>((engine.Next64() & Low53) < bound);
        }
    }

    /// <summary>True with probability <paramref name="p"/>.</summary>
    /// <exception cref="TensorException">p is not a probability.</exception>
    internal static void Bernoulli(Generator g, Span<bool> into, double p) =>
        Bernoulli(g, MemoryMarshal.Cast<bool, byte>(into), p);

    /// <summary>One with the probability at the same place, else zero: <c>bernoulli</c> of a float32 tensor.</summary>
    /// <exception cref="TensorException">One of them is not a probability. Nothing is drawn then.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Bernoulli<T>(Generator g, Span<T> into, ReadOnlySpan<float> p)
        where T : struct, INumberBase<T>
    {
        foreach (var one in p)
            CheckElement(one);
        lock (g.Gate)
        {
            var engine = g.Engine;
            for (var i = 0; i < into.Length; i++)
                into[i] = Indicator<T>(Uniform24(engine) < p[i]);
        }
    }

    /// <summary>One with the probability at the same place, else zero: <c>bernoulli</c> of a float64 tensor.</summary>
    /// <exception cref="TensorException">One of them is not a probability. Nothing is drawn then.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Bernoulli<T>(Generator g, Span<T> into, ReadOnlySpan<double> p)
        where T : struct, INumberBase<T>
    {
        foreach (var one in p)
            CheckElement(one);
        lock (g.Gate)
        {
            var engine = g.Engine;
            for (var i = 0; i < into.Length; i++)
                into[i] = Indicator<T>(Uniform53(engine) < p[i]);
        }
    }

    /// <summary>True with the probability at the same place.</summary>
    /// <exception cref="TensorException">One of them is not a probability. Nothing is drawn then.</exception>
    internal static void Bernoulli(Generator g, Span<bool> into, ReadOnlySpan<float> p) =>
        Bernoulli(g, MemoryMarshal.Cast<bool, byte>(into), p);

    /// <inheritdoc cref="Bernoulli(Generator, Span{bool}, ReadOnlySpan{float})"/>
    internal static void Bernoulli(Generator g, Span<bool> into, ReadOnlySpan<double> p) =>
        Bernoulli(g, MemoryMarshal.Cast<bool, byte>(into), p);

    /// <summary>Exponential waiting times; their mean is 1 / <paramref name="rate"/>.</summary>
    /// <exception cref="TensorException">The rate is not positive.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Exponential(Generator g, Span<float> into, double rate)
    {
        CheckRate(rate);
        lock (g.Gate)
        {
            var engine = g.Engine;
            foreach (ref var x in into)
                x = (float)(-1 / rate * Math.Log(1 - Uniform53(engine)));
        }
    }

    /// <inheritdoc cref="Exponential(Generator, Span{float}, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Exponential(Generator g, Span<double> into, double rate)
    {
        CheckRate(rate);
        lock (g.Gate)
        {
            var engine = g.Engine;
            foreach (ref var x in into)
                x = -1 / rate * Math.Log(1 - Uniform53(engine));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Uniform24(MersenneTwister engine) => (int)(engine.Next() & Low24) * Unit24;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Uniform53(MersenneTwister engine) => (long)(engine.Next64() & Low53) * Unit53;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Indicator<T>(bool condition)
        where T : struct, INumberBase<T> =>
        T.CreateTruncating(Unsafe.BitCast<bool, byte>(condition));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(MersenneTwister engine, Span<float> into, float from, float to)
    {
        var range = to - from;
        while (!into.IsEmpty)
        {
            var words = engine.Take(into.Length);
            ref var word = ref MemoryMarshal.GetReference(words);
            ref var x = ref MemoryMarshal.GetReference(into);
            var i = 0;
            for (; i <= words.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
            {
                var bits = Vector256.LoadUnsafe(ref word, (nuint)i) & Vector256.Create(Low24);
                var u = Vector256.ConvertToSingle(bits.AsInt32()) * Unit24;
                var scaled = Vector256.FusedMultiplyAdd(u, Vector256.Create(range), Vector256.Create(from));
                scaled.StoreUnsafe(ref x, (nuint)i);
            }

            for (; i < words.Length; i++)
                into[i] = MathF.FusedMultiplyAdd((int)(words[i] & Low24) * Unit24, range, from);
            into = into[words.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(MersenneTwister engine, Span<double> into, double from, double to)
    {
        var range = to - from;
        foreach (ref var x in into)
            x = Math.FusedMultiplyAdd(Uniform53(engine), range, from);
    }

    private static void CheckBounds(double from, double to, double largest, string dtype)
    {
        if (!(from <= to))
            throw new TensorException(
                $"uniform_ expects to return a [from, to) range, but found from={Text(from)} > to={Text(to)}");
        if (!(to - from <= largest))
            throw new TensorException(
                $"uniform_ expects to-from <= std::numeric_limits<{dtype}>::max(), but found to={Text(to)} and "
                + $"from={Text(from)} which result in to-from to exceed the limit");
    }

    private static void CheckProbability(double p)
    {
        if (!(p is >= 0 and <= 1))
            throw new TensorException($"bernoulli_ expects p to be in [0, 1], but got p={Text(p)}");
    }

    private static void CheckElement(double p)
    {
        if (!(p is >= 0 and <= 1))
            throw new TensorException(
                $"Expected p_in >= 0 && p_in <= 1 to be true, but got false. One probability is {Text(p)}; they are from 0 to 1.");
    }

    private static void CheckRate(double rate)
    {
        if (!(rate > 0))
            throw new TensorException($"exponential_ expects lambda > 0.0, but found lambda={Text(rate)}");
    }

    /// <summary>A number as C++ streams print it.</summary>
    private static string Text(double x) => x switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => x.ToString("g6", CultureInfo.InvariantCulture),
    };
}
