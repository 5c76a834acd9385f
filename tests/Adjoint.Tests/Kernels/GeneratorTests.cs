using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Kernels;
using Adjoint.Tests.Memory;

namespace Adjoint.Tests.Kernels;

/// <summary>The random numbers: MT19937 against its published outputs, draws against PyTorch's.</summary>
/// <remarks>
/// Programs of conformance/random.jsonl.gz were run with PyTorch 1.13.1 on a CPU; its numbers are repeated here. Floats
/// may differ by one unit in the last place, which float64 needs where the C library is not GNU's.
/// </remarks>
[Collection(Alone.Name)]
public class GeneratorTests
{
    private delegate void Drawing<T>(Span<T> into);

    /// <summary>Program 4 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void BernoulliThenPermutation()
    {
        var g = new Generator(1);
        Check<float>(x => Draws.Bernoulli<float>(g, x, 0.1), [1, 0]);
        Check<long>(x => Draws.Permutation(g, x), [1, 0]);
    }

    /// <summary>Program 67 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void BernoulliOfFloat64ThenIntegers()
    {
        var g = new Generator(1);
        Check<double>(x => Draws.Bernoulli<double>(g, x, 0.9), [1]);
        Check<long>(x => Draws.Integers(g, x, -5, 5), [-1, 3]);
    }

    /// <summary>Program 69 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void UniformThenPermutations()
    {
        var g = new Generator(689714120);
        Check<float>(
            x => Draws.Uniform(g, x, 0, 1),
            [
                0.79691166f, 0.770101f, 0.5209447f, 0.17937332f, 0.8573957f, 0.48091698f, 0.83938545f, 0.8340045f,
                0.16543883f, 0.88336456f, 0.9988555f, 0.8015116f
            ]);
        Check<double>(x => Draws.Uniform(g, x, -2, 3), [0.9883264596070563, -0.16730366772713212]);
        Check<long>(x => Draws.Permutation(g, x), [0]);
        Check<long>(x => Draws.Permutation(g, x), [2, 1, 0, 4, 3]);
    }

    /// <summary>Program 103 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void ExponentialThenUniform()
    {
        var g = new Generator(1234);
        Check<double>(
            x => Draws.Exponential(g, x, 1.5),
            [
                0.1758330982549336, 0.0546853512749088, 0.4187468862932087, 0.3567221927267281, 0.33002227263386136
            ]);
        Check<float>(x => Draws.Uniform(g, x, 0, 1), [0.78370804f]);
    }

    /// <summary>Program 85 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void AnOddNumberOfNormalsThenIntegers()
    {
        var g = new Generator(983844561);
        Check<float>(x => Draws.Uniform(g, x, 0, 1), [0.32805628f]);
        Check<float>(x => Draws.Normal(g, x, 0, 1), [-1.8195612f, 1.2641023f]);
        Check<long>(
            x => Draws.Integers(g, x, 0, 1048576),
            [
                105643, 1037404, 461145, 894770, 887128, 870717, 890115, 664373, 180842, 529342, 23115, 489503, 7950,
                682355, 209472, 641916
            ]);
        Check<double>(x => Draws.Exponential(g, x, 1.5), [0.18180353660333554]);
    }

    /// <summary>Program 36 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void TheSpareNormalGoesFromFloat32ToFloat64()
    {
        var g = new Generator(0);
        Check<float>(
            x => Draws.Normal(g, x, 0, 1),
            [
                1.5409961f, -0.2934289f, -2.1787894f, 0.56843126f, -1.0845224f, -1.3985955f, 0.40334684f,
                0.83802634f, -0.7192576f, -0.40334353f, -0.59663534f, 0.18203649f, -0.8566746f, 1.1006042f,
                -1.0711874f
            ]);
        Check<double>(x => Draws.Normal(g, x, 2, 3), [2.3681037174899364]);
    }

    /// <summary>Program 14 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void TheLastSixteenAreDrawnAgain()
    {
        var g = new Generator(1);
        Check<float>(
            x => Draws.Normal(g, x, 0, 1),
            [
                -1.5255959f, -1.1607615f, 0.6995424f, 0.19908163f, 0.8656924f, 0.2444039f, -0.66291136f, 0.80730826f,
                0.43914157f, -0.17593604f, -2.2455578f, -1.446458f, 0.061155282f, -0.61774445f, -0.79806983f,
                -0.13162321f, -0.7984398f
            ]);
        Check<float>(
            x => Draws.Normal(g, x, 2, 3),
            [
                1.7836046f, 2.1988409f, 0.6888796f, 4.2878017f, 3.3245327f, 5.4954157f, 8.046175f, 2.6455474f,
                0.42741907f, 1.4419967f, 0.06608206f, 6.617738f, -0.6087628f, -7.9934607f, -0.2436167f, 5.352049f,
                2.8944058f
            ]);
    }

    /// <summary>Program 45 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void SixteenAtOnceThenOneByOne()
    {
        var g = new Generator(1234);
        Check<double>(
            x => Draws.Normal(g, x, 0, 1),
            [
                -0.0883100793877292, 0.34204875400356316, 0.41116805645419313, 1.005114995835244,
                -0.11174330920430504, -0.5987938786445167, -0.09817979302170232, -0.35112135115822063,
                0.7209026457458274, -0.21693018164685232, -1.0426799548429555, 0.2447660583645158,
                -0.9887265803798617, -0.5195652303746121, 0.658528704399398, 0.6406369273293672
            ]);
        Check<float>(x => Draws.Uniform(g, x, -2, 3), [1.9464521f]);
        Check<double>(x => Draws.Uniform(g, x, -2, 3), [0.8655886978350931, -0.2463699035009863]);
        Check<float>(x => Draws.Normal(g, x, 0, 1), [-1.1774081f, 0.7259314f, 0.537467f, 0.038214367f, -0.6445542f]);
    }

    /// <summary>Program 88 of conformance/random.jsonl.gz.</summary>
    [Fact]
    public void NormalInFloat64WithATail()
    {
        var g = new Generator(504867841);
        Check<float>(x => Draws.Uniform(g, x, 0, 1), [0.6625368f, 0.99317735f]);
        Check<double>(
            x => Draws.Normal(g, x, 2, 3),
            [
                6.341145879481227, 0.3249381753019849, 1.2164534535025078, 5.261000976506052, -0.28441061590937977,
                9.015061991890683, 3.058553236372667, 3.9916193034397853, 5.2221071872252, -3.7480188787819717,
                1.5570305733002001, 4.397109164909812, -1.039310806321452, 3.6755691322143855, 4.179645382583111,
                4.0349868914603215, -2.123762473650852
            ]);
        Check<double>(x => Draws.Exponential(g, x, 1.5), [2.334218162731721]);
    }

    /// <summary>
    /// Matsumoto and Nishimura's reference program with seed 5489, which is also std::mt19937's default; the 10000th is
    /// the number that the C++ standard requires in [rand.predef].
    /// </summary>
    [Fact]
    public void TheTwisterGivesThePublishedNumbers()
    {
        var engine = new MersenneTwister(5489);
        var words = Enumerable.Range(0, 10000).Select(_ => engine.Next()).ToArray();
        Assert.Equal([3499211612, 581869302, 3890346734, 3586334585, 545404204], words[..5]);
        Assert.Equal(4123659995u, words[^1]);
    }

    [Fact]
    public void WordsAreTheSameHoweverTheyAreTaken()
    {
        var (one, many) = (new MersenneTwister(7), new MersenneTwister(7));
        foreach (var most in (int[])[1, 622, 5, 624, 3000, 1, 7])
        {
            foreach (var word in many.Take(most))
                Assert.Equal(one.Next(), word);
            Assert.Equal(((ulong)one.Next() << 32) | one.Next(), many.Next64());
        }
    }

    /// <summary>
    /// One stream of ten draws that crosses the state's end at odd places, as PyTorch 2.10 gave it on a CPU. These
    /// are FNV-1a hashes of its bytes. Each is computed without the C library here, hence the same everywhere.
    /// </summary>
    [Fact]
    public void ALongStreamIsPyTorchs()
    {
        var g = new Generator(2024);
        const int n = 10007;
        Assert.Equal(0xbf49b8252c905a44ul, Hash<float>(n, x => Draws.Uniform(g, x, 0, 1)));
        Assert.Equal(0x6fd38a68ec1c3c8bul, Hash<double>(n, x => Draws.Uniform(g, x, 0, 1)));
        Assert.Equal(0x0fbe6fbbd2b5ebaeul, Hash<float>(n, x => Draws.Normal(g, x, 0, 1)));
        Assert.Equal(0x2000ce4e416d5ebcul, Hash<long>(n, x => Draws.Integers(g, x, -1000, 1 << 20)));
        Assert.Equal(0x6d55049a9e84f239ul, Hash<long>(n, x => Draws.Integers(g, x, -5, 1L << 40)));
        Assert.Equal(0x89bbd2417c449ecbul, Hash<long>(n, x => Draws.Permutation(g, x)));
        Assert.Equal(0x407fb183db362b72ul, Hash<float>(n, x => Draws.Uniform(g, x, -2.3, 3.7)));
        Assert.Equal(0xe28bd02bcfac2385ul, Hash<float>(n, x => Draws.Bernoulli(g, x, [.. Enumerable.Repeat(0.3f, n)])));
        Assert.Equal(0xc2bc541452d1beb5ul, Hash<float>(n, x => Draws.Bernoulli<float>(g, x, 0.3)));
        Assert.Equal(0xeef8e0705132c551ul, Hash<float>(n, x => Draws.Normal(g, x, 2, 3)));
    }

    /// <summary>From a range of 2^32 on, int64 and float64 take two words, the upper first; int32 one.</summary>
    [Fact]
    public void WideRangesTakeTwoWords()
    {
        Check<long>(x => Draws.Integers(new(3), x, 0, 0xffffffff), [.. Words(3).Select(w => (long)(w % 0xffffffff))]);
        Check<int>(
            x => Draws.Integers(new(3), x, int.MinValue, 1L << 31), [.. Words(3).Select(w => (int)(w - (1L << 31)))]);
        Check<long>(
            x => Draws.Integers(new(3), x, 1, (1L << 32) + 1), [.. Pairs(3).Select(w => (long)(w % (1ul << 32)) + 1)]);
        Check<double>(
            x => Draws.Integers(new(3), x, 0, 1L << 33), [.. Pairs(3).Select(w => (double)(w % (1ul << 33)))]);
        Check<long>(x => Draws.IntegersFrom(new(3), x, long.MinValue), [.. Pairs(3).Select(w => (long)w)]);
    }

    /// <summary>PyTorch's documentation of random_(): up to the dtype's largest, for floats up to 2^mantissa.</summary>
    [Fact]
    public void WithoutAnUpperBoundTheDTypeGivesIt()
    {
        Check<long>(x => Draws.IntegersFrom(new(3), x, 0), [.. Pairs(3).Select(w => (long)(w & long.MaxValue))]);
        Check<int>(x => Draws.IntegersFrom(new(3), x, 0), [.. Words(3).Select(w => (int)(w & int.MaxValue))]);
        Check<byte>(x => Draws.IntegersFrom(new(3), x, 0), [.. Words(3).Select(w => (byte)w)]);
        Check<bool>(x => Draws.IntegersFrom(new(3), x, 0), [.. Words(3).Select(w => (w & 1) == 1)]);
        Check<float>(x => Draws.IntegersFrom(new(3), x, 0), [.. Words(3).Select(w => (float)(w % ((1 << 24) + 1)))]);
        Check<double>(
            x => Draws.IntegersFrom(new(3), x, 0), [.. Pairs(3).Select(w => (double)(w % ((1ul << 53) + 1)))]);
    }

    /// <summary>Between 2^25 and 2^26 float32 has every fourth number: rounding would reach the bound.</summary>
    [Fact]
    public void FloatsNeverRoundUpToTheBound()
    {
        const int bound = 1 << 26;
        var x = new float[1000];
        Draws.Integers(new(0), x, bound - 8, bound);
        Assert.All(x, v => Assert.InRange(v, bound - 8, bound - 4));
        Assert.Contains(bound - 4, x);
    }

    [Fact]
    public void ANewGeneratorHasPyTorchsFirstSeed() => Assert.Equal(67280421310721ul, new Generator().InitialSeed);

    [Fact]
    public void OnlyTheLowHalfOfASeedCounts()
    {
        var (a, b) = (new Generator(5), new Generator(0xdeadbeef00000005));
        Assert.Equal(0xdeadbeef00000005, b.InitialSeed);
        Assert.Equal(Ten(a), Ten(b));
    }

    [Fact]
    public void SeedingStartsAgainAndForgetsTheSpareNormal()
    {
        var g = new Generator(11);
        var first = One(g);
        Assert.NotEqual(first, One(g));
        One(g);
        Assert.Same(g, g.ManualSeed(11));
        Assert.Equal(first, One(g));
        Assert.Equal(11ul, g.InitialSeed);
    }

    [Fact]
    public void ASeedFromEntropyIsReportedAndRepeats()
    {
        var g = new Generator();
        var seed = g.Seed();
        Assert.Equal(seed, g.InitialSeed);
        Assert.NotEqual(seed, g.Seed());
        Assert.Equal(Ten(new Generator(seed)), Ten(g.ManualSeed(seed)));
        Assert.NotEqual(67280421310721ul, Generator.Default.InitialSeed);
    }

    /// <summary>States at the start, in the middle and at the end of the 624 words, and with a spare normal.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(300, false)]
    [InlineData(622, true)]
    [InlineData(623, false)]
    [InlineData(624, false)]
    [InlineData(625, true)]
    public void AStateRepeatsWhatFollowed(int words, bool spare)
    {
        var g = new Generator(17);
        Draws.Uniform(g, new float[words], 0, 1);
        if (spare)
            One(g);
        var state = g.GetState();
        var expected = (One(g), One(g), Ten(g));
        Assert.Equal(expected, (One(g.SetState(state)), One(g), Ten(g)));

        var other = new Generator(99).SetState(state);
        Assert.Equal(17ul, other.InitialSeed);
        Assert.Equal(expected, (One(other), One(other), Ten(other)));
        Assert.Equal(state, other.SetState(state).GetState());
    }

    [Fact]
    public void BytesThatAreNoStateAreRefused()
    {
        var g = new Generator(1);
        var state = g.GetState();
        Assert.Equal(2524, state.Length);
        Assert.Throws<ArgumentException>(() => g.SetState([]));
        Assert.Throws<ArgumentException>(() => g.SetState(state.AsSpan(1)));
        foreach (var place in (int[])[0, 13, 15, 16])
        {
            var damaged = (byte[])state.Clone();
            damaged[place] ^= 0x80;
            Assert.Throws<ArgumentException>(() => g.SetState(damaged));
        }

        Assert.Equal(state, g.GetState());
    }

    /// <summary>Every draw is whole: what four threads got is what one would have got, block by block.</summary>
    [Fact]
    public void ThreadsShareAGeneratorDrawByDraw()
    {
        const int count = 4, draws = 20_000;
        var shared = new Generator(23);
        using var start = new Barrier(count);
        var got = new ulong[count][];
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            got[i] = Blocks(shared, draws);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        var alone = new Generator(23);
        Assert.Equal(Blocks(alone, count * draws).Order(), got.SelectMany(x => x).Order());
        Assert.Equal(alone.GetState(), shared.GetState());
    }

    [Fact]
    public void AnEmptySpanDrawsNothing()
    {
        var g = new Generator(1);
        var state = g.GetState();
        Draws.Uniform(g, Span<float>.Empty, 0, 1);
        Draws.Normal(g, Span<double>.Empty, 0, 1);
        Draws.Integers(g, Span<long>.Empty, 0, 1);
        Draws.Permutation(g, []);
        Draws.Exponential(g, Span<float>.Empty, 1);
        Draws.Bernoulli<float>(g, [], 0.5);
        Assert.Equal(state, g.GetState());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void ACertainEventIsCertain(double p, float value)
    {
        var x = new float[1000];
        Draws.Bernoulli<float>(new(1), x, p);
        Assert.All(x, v => Assert.Equal(value, v));
    }

    /// <summary>PyTorch's messages.</summary>
    [Fact]
    public void ImpossibleDistributionsAreRefused()
    {
        var g = new Generator(1);
        Refused(
            "uniform_ expects to return a [from, to) range, but found from=1 > to=0",
            () => Draws.Uniform(g, new float[1], 1, 0));
        Refused(
            "uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found to=3e+38 and from=-3e+38 "
            + "which result in to-from to exceed the limit",
            () => Draws.Uniform(g, new float[1], -3e38, 3e38));
        Refused("normal expects std >= 0.0, but found std -1", () => Draws.Normal(g, new float[16], 0, -1));
        Refused("normal expects std >= 0.0, but found std -0.5", () => Draws.Normal(g, new double[1], 0, -0.5));
        Refused(
            "exponential_ expects lambda > 0.0, but found lambda=-2",
            () => Draws.Exponential(g, new float[1], -2));
        Refused("bernoulli_ expects p to be in [0, 1], but got p=1.5", () => Draws.Bernoulli(g, new bool[1], 1.5));
        Refused(
            "Expected p_in >= 0 && p_in <= 1 to be true, but got false. One probability is nan; they are from 0 to 1.",
            () => Draws.Bernoulli(g, new bool[1], [float.NaN]));
        Refused(
            "random_ expects 'from' to be less than 'to', but got from=2 >= to=2",
            () => Draws.Integers(g, new long[1], 2, 2));
        Refused("from is out of bounds for unsigned char", () => Draws.Integers(g, new byte[1], -1, 2));
        Refused("to - 1 is out of bounds for int", () => Draws.Integers(g, new int[1], 0, (1L << 31) + 1));
        Refused("to - 1 is out of bounds for bool", () => Draws.Integers(g, new bool[1], 0, 3));
        Assert.Equal(new Generator(1).GetState(), g.GetState());
    }

    /// <summary>The bounds are 2^-23, one unit in the last place of 1: relative for log, else absolute.</summary>
    [Fact]
    public void TheFloat32FunctionsAreAccurate()
    {
        for (var i = 1; i <= 1 << 24; i += 1009)
        {
            var u = i / (float)(1 << 24);
            var log = Math.Log(u);
            Assert.InRange(Cephes.Log(Vector256.Create(u))[i % 8], log - (1.2e-7 * -log), log + (1.2e-7 * -log));
            var (sin, cos) = Cephes.SinCos(Vector256.Create(u * MathF.Tau));
            Assert.Equal(Math.Sin(u * MathF.Tau), sin[i % 8], 1.2e-7);
            Assert.Equal(Math.Cos(u * MathF.Tau), cos[i % 8], 1.2e-7);
        }
    }

    private static void Check<T>(Drawing<T> draw, T[] expected)
        where T : struct
    {
        var actual = new T[expected.Length];
        draw(actual);
        for (var i = 0; i < actual.Length; i++)
        {
            var apart = (actual[i], expected[i]) switch
            {
                (float a, float b) => (long)BitConverter.SingleToInt32Bits(a) - BitConverter.SingleToInt32Bits(b),
                (double a, double b) => BitConverter.DoubleToInt64Bits(a) - BitConverter.DoubleToInt64Bits(b),
                var (a, b) => a.Equals(b) ? 0 : long.MaxValue,
            };
            Assert.True(apart is >= -1 and <= 1, $"element {i}: {actual[i]:R} instead of {expected[i]:R}");
        }
    }

    private static ulong Hash<T>(int n, Drawing<T> draw)
        where T : unmanaged
    {
        var x = new T[n];
        draw(x);
        var hash = 14695981039346656037ul;
        foreach (var b in MemoryMarshal.AsBytes(x.AsSpan()))
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    private static void Refused(string message, Action draw) =>
        Assert.Equal(message, Assert.Throws<TensorException>(draw).Message);

    private static IEnumerable<uint> Words(ulong seed)
    {
        var engine = new MersenneTwister(seed);
        return Enumerable.Range(0, 1000).Select(_ => engine.Next()).ToArray();
    }

    private static IEnumerable<ulong> Pairs(ulong seed) =>
        Words(seed).Chunk(2).Select(pair => ((ulong)pair[0] << 32) | pair[1]);

    private static double One(Generator g)
    {
        var x = new double[1];
        Draws.Normal(g, x, 0, 1);
        return x[0];
    }

    private static string Ten(Generator g)
    {
        var x = new float[10];
        Draws.Uniform(g, x, 0, 1);
        return string.Join(' ', x);
    }

    /// <summary>Draws of 200 numbers, each folded into one that depends on all of them and on their order.</summary>
    private static ulong[] Blocks(Generator g, int draws)
    {
        var folded = new ulong[draws];
        var x = new long[200];
        foreach (ref var fold in folded.AsSpan())
        {
            Draws.IntegersFrom(g, x, long.MinValue);
            foreach (var v in x)
                fold = (fold * 6364136223846793005) + (ulong)v;
        }

        return folded;
    }
}
