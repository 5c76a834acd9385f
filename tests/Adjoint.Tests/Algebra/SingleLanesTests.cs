using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Xunit;

namespace Adjoint.Tests.Algebra;

/// <summary>The error of float32 lanes over the whole range of floats, in units in the last place,
/// against double precision from the base library.</summary>
public sealed unsafe class SingleLanesTests
{
    /// <summary>Every 16,411th bit pattern: a quarter of a million floats of every exponent and sign,
    /// subnormals, infinities and NaN included.</summary>
    private const uint Step = 16411;

    private delegate void Lane(float* from, float* to);

    [Theory]
    [InlineData("exp", 1.1)]
    [InlineData("log", 0.9)]
    [InlineData("sin", 2.4)]
    [InlineData("cos", 2.4)]
    [InlineData("tanh", 1.4)]
    [InlineData("erf", 1.8)]
    [InlineData("log1p", 2)]
    [InlineData("expm1", 2)]
    [InlineData("atan", 2.1)]
    [InlineData("asinh", 2)]
    public void ErrorIsWithinTheStatedBound(string function, double bound)
    {
        Check(
            function,
            bound,
            Vector<Lane<float, Vector128<float>, Register128<float>>>(function),
            Lane<float, Vector128<float>, Register128<float>>.Count);
        Check(
            function,
            bound,
            Vector<Lane<float, Vector256<float>, Register256<float>>>(function),
            Lane<float, Vector256<float>, Register256<float>>.Count);
        Check(
            function,
            bound,
            Vector<Lane<float, Vector512<float>, Register512<float>>>(function),
            Lane<float, Vector512<float>, Register512<float>>.Count);
    }

    /// <summary>tanh and erf change only their sign with x, never fall, and end at 1:
    /// where their formulas begin and end, from one float to the next.</summary>
    [Theory]
    [InlineData("tanh", new[] { 0f, 0.17f, 0.52f, 0.55f, 0.87f, 4f, 8.9f, 9.1f, 20f })]
    [InlineData("erf", new[] { 0f, 0.29f, 0.82f, 1f, 2f, 3.8f, 3.92f, 4f, 20f })]
    public void OddFunctionsAreOddAndNeverFall(string function, float[] places)
    {
        Odd(Vector<Lane<float, Vector128<float>, Register128<float>>>(function), Lane<float, Vector128<float>, Register128<float>>.Count, places);
        Odd(Vector<Lane<float, Vector256<float>, Register256<float>>>(function), Lane<float, Vector256<float>, Register256<float>>.Count, places);
        Odd(Vector<Lane<float, Vector512<float>, Register512<float>>>(function), Lane<float, Vector512<float>, Register512<float>>.Count, places);
    }

    /// <summary>Against 1 - erf from the series and, below -3 sqrt(2), from the continued fraction.</summary>
    [Theory]
    [InlineData(0, 100, 1.7)]
    [InlineData(-1, 0, 2.7)]
    [InlineData(-4, -1, 26)]
    [InlineData(-5.6, -4, 64)]
    public void NormalDistributionIsWithinTheStatedBound(double low, double high, double bound)
    {
        Normal(
            Vector<Lane<float, Vector128<float>, Register128<float>>>("normal"),
            Lane<float, Vector128<float>, Register128<float>>.Count,
            low, high, bound);
        Normal(
            Vector<Lane<float, Vector256<float>, Register256<float>>>("normal"),
            Lane<float, Vector256<float>, Register256<float>>.Count,
            low, high, bound);
        Normal(
            Vector<Lane<float, Vector512<float>, Register512<float>>>("normal"),
            Lane<float, Vector512<float>, Register512<float>>.Count,
            low, high, bound);
    }

    /// <summary>Below -5.6 the normal distribution still rises, from 0, and is not 0 where its value is a normal float.</summary>
    [Fact]
    public void NormalDistributionVanishesSlowly()
    {
        var lane = Vector<Lane<float, Vector128<float>, Register128<float>>>("normal");
        var input = stackalloc float[4];
        var output = stackalloc float[4];
        var last = 0f;
        for (var x = -20f; x < -5; x += 0.25f)
        {
            new Span<float>(input, 4).Fill(x);
            lane(input, output);
            Assert.True(output[0] >= last, $"{x} gives {output[0]:R} after {last:R}");
            Assert.True(x < -13 ? x > -14.5f || output[0] == 0 : output[0] > 0);
            last = output[0];
        }

        new Span<float>(input, 4).Fill(float.NegativeInfinity);
        input[1] = float.PositiveInfinity;
        input[2] = float.NaN;
        lane(input, output);
        Assert.Equal([0, 1, float.NaN, 0], new Span<float>(output, 4).ToArray());
    }

    private static void Normal(Lane lane, int width, double low, double high, double bound)
    {
        var input = stackalloc float[width];
        var output = stackalloc float[width];
        for (var step = 0; step < 40_000; step += width)
        {
            for (var i = 0; i < width; i++)
            {
                input[i] = (float)(low + ((high - low) * ((step + i) / 40_000.0)));
            }

            lane(input, output);
            for (var i = 0; i < width; i++)
            {
                var size = Math.Abs((double)input[i]) / Math.Sqrt(2);
                var tail = 0.5 * (size < 3 ? 1 - ErrorFunction.Erf(size) : ErrorFunction.Complement(size));
                var error = Ulps(output[i], input[i] < 0 ? tail : 1 - tail);
                Assert.True(error <= bound, $"The normal distribution of {input[i]:R} is {output[i]:R}, {error} ULP off");
            }
        }
    }

    private static void Odd(Lane lane, int width, float[] places)
    {
        var input = stackalloc float[width];
        var output = stackalloc float[width];
        var mirrored = stackalloc float[width];
        foreach (var place in places)
        {
            var last = 0f;
            var first = Math.Max(0, BitConverter.SingleToInt32Bits(place) - 2000);
            for (var start = first; start < first + 4000; start += width)
            {
                for (var i = 0; i < width; i++)
                {
                    input[i] = BitConverter.Int32BitsToSingle(start + i);
                }

                lane(input, output);
                for (var i = 0; i < width; i++)
                {
                    input[i] = -input[i];
                }

                lane(input, mirrored);
                for (var i = 0; i < width; i++)
                {
                    Assert.True(output[i] >= last && output[i] <= 1, $"f({-input[i]:R}) = {output[i]:R} after {last:R}");
                    Assert.Equal(-output[i], mirrored[i]);
                    Assert.Equal(float.IsNegative(input[i]), float.IsNegative(mirrored[i]));
                    last = output[i];
                }
            }

            Assert.True(place < 20 || last == 1);
        }
    }

    private static void Check(string function, double bound, Lane lane, int width)
    {
        var input = stackalloc float[width];
        var output = stackalloc float[width];
        for (ulong start = 0; start <= uint.MaxValue; start += (ulong)width * Step)
        {
            for (var i = 0; i < width; i++)
            {
                input[i] = BitConverter.UInt32BitsToSingle((uint)(start + ((ulong)i * Step)));
            }

            lane(input, output);
            for (var i = 0; i < width; i++)
            {
                var error = Ulps(output[i], Reference(function, input[i]));
                Assert.True(error <= bound, $"{function}({input[i]:R}) = {output[i]:R} is {error} ULP off");
            }
        }
    }

    private static double Reference(string function, double x) => function switch
    {
        "exp" => Math.Exp(x),
        "log" => Math.Log(x),
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        "erf" => ErrorFunction.Erf(x),
        "log1p" => Log1p.Value(x),
        "expm1" => Expm1.Value(x),
        "atan" => Math.Atan(x),
        "asinh" => Math.Asinh(x),
        _ => Math.Tanh(x),
    };

    /// <summary>The distance from the exact value, in spacings of floats there; special values must agree.</summary>
    private static double Ulps(float value, double exact)
    {
        var rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded) || rounded == 0)
        {
            return value.Equals(rounded) ? 0 : double.PositiveInfinity;
        }

        var spacing = Math.Max(Math.ScaleB(1, Math.ILogB(rounded) - 23), float.Epsilon);
        var error = Math.Abs(value - exact) / spacing;
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static Lane Vector<L>(string function)
        where L : struct, ILane<L, float> => function switch
        {
            "exp" => (from, to) => L.Store(L.Call<Exp>(L.Load(from)), to),
            "log" => (from, to) => L.Store(L.Call<Log>(L.Load(from)), to),
            "sin" => (from, to) => L.Store(L.Call<Sin>(L.Load(from)), to),
            "cos" => (from, to) => L.Store(L.Call<Cos>(L.Load(from)), to),
            "erf" => (from, to) => L.Store(L.Call<Erf>(L.Load(from)), to),
            "log1p" => (from, to) => L.Store(L.Call<Log1p>(L.Load(from)), to),
            "expm1" => (from, to) => L.Store(L.Call<Expm1>(L.Load(from)), to),
            "atan" => (from, to) => L.Store(L.Call<Atan>(L.Load(from)), to),
            "asinh" => (from, to) => L.Store(L.Call<Asinh>(L.Load(from)), to),
            "normal" => (from, to) => L.Store(L.Call<NormalCdf>(L.Load(from)), to),
            _ => (from, to) => L.Store(L.Call<Tanh>(L.Load(from)), to),
        };
}
