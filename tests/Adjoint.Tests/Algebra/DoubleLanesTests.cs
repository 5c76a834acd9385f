using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Xunit;

namespace Adjoint.Tests.Algebra;

/// <summary>
/// The error of float64 lanes over the whole range, in units in the last place, against <see cref="Math"/>, whose C library is off by less than 0.6
/// of them itself, and erf against its series in decimal arithmetic.
/// </summary>
public sealed unsafe class DoubleLanesTests
{
    private delegate void Lane(double* from, double* to);

    private delegate void Lane2<T>(T* x, T* y, T* to)
        where T : unmanaged;

    [Theory]
    [InlineData("exp", 1)]
    [InlineData("log", 1)]
    [InlineData("sin", 1)]
    [InlineData("cos", 1)]
    [InlineData("tanh", 2)]
    [InlineData("sigmoid", 2)]
    [InlineData("erf", 2)]
    [InlineData("log1p", 2)]
    [InlineData("expm1", 2)]
    [InlineData("atan", 1)]
    [InlineData("asinh", 2)]
    public void ErrorIsWithinTheStatedBound(string function, int bound)
    {
        Check(
            function,
            bound,
            Vector<Lane<double, Vector128<double>, Register128<double>>>(function),
            Lane<double, Vector128<double>, Register128<double>>.Count);
        Check(
            function,
            bound,
            Vector<Lane<double, Vector256<double>, Register256<double>>>(function),
            Lane<double, Vector256<double>, Register256<double>>.Count);
        Check(
            function,
            bound,
            Vector<Lane<double, Vector512<double>, Register512<double>>>(function),
            Lane<double, Vector512<double>, Register512<double>>.Count);
    }

    /// <summary>Powers of random numbers of any exponent and sign, and of special values.</summary>
    [Fact]
    public void PowersAreWithinOneUlp()
    {
        CheckPowers<Lane<double, Vector128<double>, Register128<double>>>();
        CheckPowers<Lane<double, Vector256<double>, Register256<double>>>();
        CheckPowers<Lane<double, Vector512<double>, Register512<double>>>();
        CheckSinglePowers<Lane<float, Vector128<float>, Register128<float>>>();
        CheckSinglePowers<Lane<float, Vector256<float>, Register256<float>>>();
        CheckSinglePowers<Lane<float, Vector512<float>, Register512<float>>>();
    }

    /// <summary>What a lane gives depends on its own element only: not on a neighbour that is huge, tiny or not a number.</summary>
    [Theory]
    [InlineData("exp")]
    [InlineData("log")]
    [InlineData("sin")]
    [InlineData("cos")]
    [InlineData("tanh")]
    [InlineData("erf")]
    [InlineData("log1p")]
    [InlineData("expm1")]
    [InlineData("atan")]
    [InlineData("asinh")]
    public void NeighboursDoNotMatter(string function)
    {
        Neighbours<Lane<double, Vector128<double>, Register128<double>>>(function);
        Neighbours<Lane<double, Vector256<double>, Register256<double>>>(function);
        Neighbours<Lane<double, Vector512<double>, Register512<double>>>(function);
    }

    private static void Neighbours<L>(string function)
        where L : struct, ILane<L, double>
    {
        var lane = Vector<L>(function);
        var random = new Random(3);
        var input = stackalloc double[8];
        var output = stackalloc double[8];
        foreach (var other in new[] { 1e300, -1e300, 1e12, 1e5, 800, -800, 1e-310, 0, double.NaN, double.PositiveInfinity })
        {
            for (var repetition = 0; repetition < 200; repetition++)
            {
                var x = (random.NextDouble() * 20) - 10;
                new Span<double>(input, 8).Fill(x);
                lane(input, output);
                var alone = output[0];
                new Span<double>(input, 8).Fill(other);
                var place = random.Next(L.Count);
                input[place] = x;
                lane(input, output);
                Assert.Equal(alone, output[place]);
            }
        }
    }

    private static void Check(string function, int bound, Lane lane, int width)
    {
        var input = stackalloc double[width];
        var output = stackalloc double[width];
        foreach (var chunk in Inputs().Chunk(width))
        {
            new Span<double>(input, width).Clear();
            chunk.CopyTo(new Span<double>(input, width));
            lane(input, output);
            for (var i = 0; i < width; i++)
            {
                var expected = Reference(function, input[i]);
                Assert.True(
                    Distance(output[i], expected) <= bound,
                    $"{function}({input[i]:R}) = {output[i]:R}, not {expected:R}: {Distance(output[i], expected)} ULP");
            }
        }
    }

    /// <summary>Every exponent and sign, special values, and what is common.</summary>
    private static IEnumerable<double> Inputs()
    {
        double[] special =
        [
            0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue,
        ];
        foreach (var x in special)
        {
            yield return x;
        }

        var random = new Random(1);
        for (var i = 0; i < 40_000; i++)
        {
            yield return BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            yield return (random.NextDouble() * 20) - 10;
            yield return (random.NextDouble() * 1500) - 750;
            yield return random.Next(-1_000_000, 1_000_000) * (Math.PI / 4) * (1 + (random.NextDouble() * 1e-15));
        }
    }

    private static void CheckPowers<L>()
        where L : struct, ILane<L, double> => Powers<double>(
            L.Count,
            (x, y, to) => L.Store(L.Call<Pow>(L.Load(x), L.Load(y)), to),
            (value, x, y) => Distance(value, Math.Pow(x, y)));

    private static void CheckSinglePowers<L>()
        where L : struct, ILane<L, float> => Powers<float>(
            L.Count,
            (x, y, to) => L.Store(L.Call<Pow>(L.Load(x), L.Load(y)), to),
            (value, x, y) => Distance(value, (float)Math.Pow(x, y)));

    private static void Powers<T>(int width, Lane2<T> lane, Func<T, T, T, double> distance)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var random = new Random(2);
        T[] special =
        [
            T.Zero, T.NegativeZero, T.One, -T.One, T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon, T.CreateChecked(2), T.CreateChecked(-3),
            T.CreateChecked(0.5),
        ];
        T[] x = new T[16], y = new T[16], to = new T[16];
        fixed (T* px = x, py = y, p = to)
        {
            for (var repetition = 0; repetition < 40_000; repetition++)
            {
                for (var i = 0; i < width; i++)
                {
                    var size = T.CreateSaturating(Math.Pow(2, (random.NextDouble() * 40) - 20));
                    px[i] = random.Next(20) == 0 ? special[random.Next(special.Length)] : random.Next(4) == 0 ? -size : size;
                    py[i] = random.Next(20) == 0 ? special[random.Next(special.Length)]
                        : random.Next(3) == 0 ? T.CreateChecked(random.Next(-20, 20)) : T.CreateSaturating((random.NextDouble() * 80) - 40);
                }

                lane(px, py, p);
                for (var i = 0; i < width; i++)
                {
                    Assert.True(distance(p[i], px[i], py[i]) <= 1, $"{typeof(T).Name}: {px[i]} to the power {py[i]} gave {p[i]}");
                }
            }
        }
    }

    private static double Reference(string function, double x) => function switch
    {
        "exp" => Math.Exp(x),
        "log" => Math.Log(x),
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        "erf" => Erf(x),
        "log1p" => OfSmall(x, 0.5, Log1pSeries, 1.0 / 3) ?? Log1p.Value(x),
        "expm1" => OfSmall(x, 1, Expm1Series, 1.0 / 6) ?? Math.Exp(x) - 1,
        "atan" => Math.Atan(x),
        "asinh" => Math.Asinh(x),
        "sigmoid" => 1 / (1 + Math.Exp(-x)),
        _ => Math.Tanh(x),
    };

    /// <summary>2 / sqrt(pi) times the sum of (-1)^k x^(2k + 1) / (k! (2k + 1)), whose terms below 4 are at most 10^6:
    /// 22 of decimal's 28 digits remain.</summary>
    private static double Erf(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) >= 4)
        {
            return ErrorFunction.Erf(x);
        }

        if (Math.Abs(x) < 1e-5)
        {
            return 1.1283791670955126 * (x - (x * x * x / 3));
        }

        var (z, power, sum) = ((decimal)0, (decimal)0, (decimal)0);
        var exact = Exact(x);
        (z, power) = (exact * exact, exact);
        for (var k = 0; k < 90; k++)
        {
            sum += power / ((2 * k) + 1);
            power = -power * z / (k + 1);
        }

        return (double)(1.128379167095512573896158903m * sum);
    }

    /// <summary>A function of small arguments from its series in decimal arithmetic;
    /// its first three terms where decimal's digits would not do.</summary>
    private static double? OfSmall(double x, double limit, Func<decimal, decimal> series, double third) =>
        !(Math.Abs(x) < limit) ? null
            : Math.Abs(x) < 1e-6 ? x + (x * x * (third < 0.3 ? 0.5 : -0.5)) + (x * x * x * third)
            : (double)series(Exact(x));

    /// <summary>log(1 + x) = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = x / (2 + x).</summary>
    private static decimal Log1pSeries(decimal x)
    {
        var s = x / (2 + x);
        var (sum, power) = (0m, s);
        for (var k = 1; k < 120; k += 2)
        {
            sum += power / k;
            power *= s * s;
        }

        return 2 * sum;
    }

    private static decimal Expm1Series(decimal x)
    {
        var (sum, term) = (0m, x);
        for (var k = 2; k < 40; k++)
        {
            sum += term;
            term *= x / k;
        }

        return sum;
    }

    /// <summary>All bits of a double that decimal can hold; its own conversion rounds to 15 digits.</summary>
    private static decimal Exact(double x)
    {
        var high = Math.Round(x * (1L << 26));
        return ((decimal)high / (1L << 26)) + ((decimal)(((x * (1L << 26)) - high) * (1L << 27)) / (1L << 26) / (1L << 27));
    }

    /// <summary>How many doubles lie between; special values must agree.</summary>
    private static double Distance(double a, double b) =>
        a.Equals(b) ? 0 : double.IsFinite(a) && double.IsFinite(b) && a * b >= 0
            ? Math.Abs((double)(BitConverter.DoubleToInt64Bits(a) - BitConverter.DoubleToInt64Bits(b))) : double.PositiveInfinity;

    private static double Distance(float a, float b) =>
        a.Equals(b) ? 0 : float.IsFinite(a) && float.IsFinite(b) && a * b >= 0
            ? Math.Abs((double)BitConverter.SingleToInt32Bits(a) - BitConverter.SingleToInt32Bits(b)) : double.PositiveInfinity;

    private static Lane Vector<L>(string function)
        where L : struct, ILane<L, double> => function switch
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
            "sigmoid" => (from, to) => L.Store(default(Sigmoid).F(L.Load(from)), to),
            _ => (from, to) => L.Store(L.Call<Tanh>(L.Load(from)), to),
        };
}
