using Adjoint.Algebra;
using Xunit;

namespace Adjoint.Tests.Algebra;

/// <summary>The error of float32 lanes over the whole range of floats, in units in the last place, against double precision from the base library.</summary>
public sealed unsafe class SingleLanesTests
{
    /// <summary>Every 16,411th bit pattern: a quarter of a million floats of every exponent and sign, subnormals, infinities and NaN included.</summary>
    private const uint Step = 16411;

    private delegate void Lane(float* from, float* to);

    [Theory]
    [InlineData("exp", 1.1)]
    [InlineData("log", 0.9)]
    [InlineData("sin", 2.4)]
    [InlineData("cos", 2.4)]
    [InlineData("tanh", 1.4)]
    [InlineData("erf", 1.8)]
    public void ErrorIsWithinTheStatedBound(string function, double bound)
    {
        Check(function, bound, Vector<Lane128<float>>(function), Lane128<float>.Count);
        Check(function, bound, Vector<Lane256<float>>(function), Lane256<float>.Count);
        Check(function, bound, Vector<Lane512<float>>(function), Lane512<float>.Count);
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
            "exp" => (from, to) => L.Store(L.Exp(L.Load(from)), to),
            "log" => (from, to) => L.Store(L.Log(L.Load(from)), to),
            "sin" => (from, to) => L.Store(L.Sin(L.Load(from)), to),
            "cos" => (from, to) => L.Store(L.Cos(L.Load(from)), to),
            "erf" => (from, to) => L.Store(L.Erf(L.Load(from)), to),
            _ => (from, to) => L.Store(L.Tanh(L.Load(from)), to),
        };
}
