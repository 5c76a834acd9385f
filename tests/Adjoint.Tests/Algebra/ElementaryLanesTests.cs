using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint.Tests.Algebra;

/// <summary>
/// The error of lanes of elementary functions over all floats and doubles, in units in the last place, against <see cref="Math"/> (which for float32
/// is
/// exact but for the last bits of a double, and for float64 is off by less than a unit itself) and at places known otherwise.
/// </summary>
public sealed unsafe class ElementaryLanesTests
{
    private delegate void Lane<T>(T* from, T* to)
        where T : unmanaged;

    [Theory]
    [InlineData("tan", 3)]
    [InlineData("asin", 3)]
    [InlineData("acos", 3)]
    [InlineData("sinh", 3)]
    [InlineData("cosh", 2)]
    [InlineData("atanh", 3)]
    [InlineData("acosh", 3)]
    [InlineData("exp2", 2)]
    [InlineData("exp10", 2)]
    [InlineData("log2", 2)]
    [InlineData("log10", 2)]
    [InlineData("erfc", 6)]
    [InlineData("cbrt", 1)]
    [InlineData("sinc", 4)]
    [InlineData("ceil", 0)]
    [InlineData("trunc", 0)]
    [InlineData("round", 0)]
    public void SingleErrorsAreWithinTheStatedBound(string function, double bound)
    {
        Singles(function, bound, Vector<Lane<float, Vector128<float>, Register128<float>>, float>(function), 4);
        Singles(function, bound, Vector<Lane<float, Vector256<float>, Register256<float>>, float>(function), 8);
        Singles(function, bound, Vector<Lane<float, Vector512<float>, Register512<float>>, float>(function), 16);
    }

    [Theory]
    [InlineData("tan", 3)]
    [InlineData("asin", 3)]
    [InlineData("acos", 3)]
    [InlineData("sinh", 3)]
    [InlineData("cosh", 2)]
    [InlineData("atanh", 3)]
    [InlineData("acosh", 3)]
    [InlineData("exp2", 2)]
    [InlineData("exp10", 2)]
    [InlineData("log2", 2)]
    [InlineData("log10", 2)]
    [InlineData("erfc", 6)]
    [InlineData("sinc", 4)]
    [InlineData("ceil", 0)]
    [InlineData("trunc", 0)]
    [InlineData("round", 0)]
    public void DoubleErrorsAreWithinTheStatedBound(string function, double bound)
    {
        Doubles(function, bound, Vector<Lane<double, Vector128<double>, Register128<double>>, double>(function), 2);
        Doubles(function, bound, Vector<Lane<double, Vector256<double>, Register256<double>>, double>(function), 4);
        Doubles(function, bound, Vector<Lane<double, Vector512<double>, Register512<double>>, double>(function), 8);
    }

    /// <summary>Powers of 2 and 10, whose logarithms are whole.</summary>
    [Fact]
    public void WholePowersAndLogarithmsAreExact()
    {
        var log2 = Vector<Lane<double, Vector256<double>, Register256<double>>, double>("log2");
        var log10 = Vector<Lane<double, Vector256<double>, Register256<double>>, double>("log10");
        var exp2 = Vector<Lane<double, Vector256<double>, Register256<double>>, double>("exp2");
        var exp10 = Vector<Lane<double, Vector256<double>, Register256<double>>, double>("exp10");
        for (var n = -300; n <= 300; n++)
        {
            Assert.Equal(n, At(log2, Math.ScaleB(1, n)));
            Assert.Equal(Math.ScaleB(1, n), At(exp2, n));
            if (n is >= 0 and <= 22)
            {
                // Up to here powers of 10 are doubles.
                Assert.Equal(n, At(log10, Math.Pow(10, n)));
                Assert.Equal(Math.Pow(10, n), At(exp10, n), Math.Pow(10, n) * 4.5e-16);
            }
        }
    }

    /// <summary>Values with 20 digits (Abramowitz and Stegun, Handbook of Mathematical Functions, tables 7.1 and 7.2, and mpmath's erfc).</summary>
    [Theory]
    [InlineData(0.5, 0.47950012218695346232)]
    [InlineData(1, 0.15729920705028513066)]
    [InlineData(2, 0.0046777349810472658379)]
    [InlineData(3, 2.2090496998585441373e-5)]
    [InlineData(5, 1.5374597944280348502e-12)]
    [InlineData(10, 2.0884875837625447570e-45)]
    [InlineData(-1, 1.8427007929497148693)]
    public void ErfcHasItsKnownValues(double x, double expected)
    {
        Assert.Equal(expected, Erfc.Value(x), Math.Abs(expected) * 1e-15);
        Assert.Equal(expected, At(Vector<Lane<double, Vector256<double>, Register256<double>>, double>("erfc"), x), Math.Abs(expected) * 1e-15);
    }

    private static double At(Lane<double> lane, double x)
    {
        var input = stackalloc double[8];
        var output = stackalloc double[8];
        new Span<double>(input, 8).Fill(x);
        lane(input, output);
        return output[0];
    }

    private static void Singles(string function, double bound, Lane<float> lane, int width)
    {
        const uint step = 10_007;
        var input = stackalloc float[width];
        var output = stackalloc float[width];
        var worst = (Error: 0.0, At: 0f);
        for (ulong start = 0; start <= uint.MaxValue; start += (ulong)width * step)
        {
            for (var i = 0; i < width; i++)
            {
                input[i] = BitConverter.UInt32BitsToSingle((uint)(start + ((ulong)i * step)));
            }

            lane(input, output);
            for (var i = 0; i < width; i++)
            {
                var exact = Reference(function, input[i]);
                var rounded = (float)exact;
                var error = !float.IsFinite(rounded) || rounded == 0
                    ? output[i].Equals(rounded) ? 0 : double.PositiveInfinity
                    : Math.Abs(output[i] - exact) / Math.Max(Math.ScaleB(1, Math.ILogB(rounded) - 23), float.Epsilon);
                worst = error > worst.Error || double.IsNaN(error) ? (error, input[i]) : worst;
            }
        }

        Assert.True(worst.Error <= Math.Max(bound, 0.5), $"{function} in float32, width {width}: {worst.Error} ULP at {worst.At:R}");
    }

    private static void Doubles(string function, double bound, Lane<double> lane, int width)
    {
        var input = stackalloc double[width];
        var output = stackalloc double[width];
        var worst = (Error: 0.0, At: 0.0);
        foreach (var chunk in Inputs().Chunk(width))
        {
            new Span<double>(input, width).Clear();
            chunk.CopyTo(new Span<double>(input, width));
            lane(input, output);
            for (var i = 0; i < width; i++)
            {
                var expected = Reference(function, input[i]);
                var spacing = Math.Max(Math.ScaleB(1, Math.ILogB(expected) - 52), double.Epsilon);
                var error = output[i].Equals(expected) ? 0 : Math.Abs(output[i] - expected) / spacing;
                worst = error > worst.Error || double.IsNaN(error) ? (error, input[i]) : worst;
            }
        }

        Assert.True(worst.Error <= bound, $"{function} in float64, width {width}: {worst.Error} ULP at {worst.At:R}");
    }

    /// <summary>Every exponent and sign, special values, and what is common.</summary>
    private static IEnumerable<double> Inputs()
    {
        double[] special =
        [
            0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon,
            double.MaxValue, double.MinValue,
        ];
        foreach (var x in special)
        {
            yield return x;
        }

        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            yield return BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            yield return (random.NextDouble() * 2) - 1;
            yield return 1 - (random.NextDouble() * Math.ScaleB(1, -random.Next(50)));
            yield return (random.NextDouble() * 20) - 10;
            yield return (random.NextDouble() * 1500) - 750;
        }
    }

    private static double Reference(string function, double x) => function switch
    {
        "tan" => Math.Tan(x),
        "asin" => Math.Asin(x),
        "acos" => Math.Acos(x),
        "sinh" => Math.Sinh(x),
        "cosh" => Math.Cosh(x),
        "atanh" => Math.Atanh(x),
        "acosh" => Math.Acosh(x),
        "exp2" => Math.Pow(2, x),
        "exp10" => Math.Pow(10, x),
        "log2" => Math.Log2(x),
        "log10" => Math.Log10(x),
        "erfc" => Erfc.Value(x),
        "cbrt" => Math.Cbrt(x),
        "sinc" => Sinc.Value(x),
        "ceil" => Math.Ceiling(x),
        "trunc" => Math.Truncate(x),
        _ => Math.Round(x, MidpointRounding.ToEven),
    };

    private static Lane<T> Vector<L, T>(string function)
        where L : struct, ILane<L, T>
        where T : unmanaged => function switch
        {
            "tan" => Of<Tan, L, T>(),
            "asin" => Of<Asin, L, T>(),
            "acos" => Of<Acos, L, T>(),
            "sinh" => Of<Sinh, L, T>(),
            "cosh" => Of<Cosh, L, T>(),
            "atanh" => Of<Atanh, L, T>(),
            "acosh" => Of<Acosh, L, T>(),
            "exp2" => Of<Exp2, L, T>(),
            "exp10" => Of<Exp10, L, T>(),
            "log2" => Of<Log2, L, T>(),
            "log10" => Of<Log10, L, T>(),
            "erfc" => Of<Erfc, L, T>(),
            "cbrt" => Of<Cbrt, L, T>(),
            "sinc" => Of<Sinc, L, T>(),
            "ceil" => Of<Ceil, L, T>(),
            "trunc" => Of<Trunc, L, T>(),
            _ => Of<Round, L, T>(),
        };

    private static Lane<T> Of<F, L, T>()
        where F : struct, IFunction<F>
        where L : struct, ILane<L, T>
        where T : unmanaged => (from, to) => L.Store(L.Call<F>(L.Load(from)), to);
}
