using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint.Tests.Algebra;

/// <summary>The rules of differentiation, one by one, against textbook derivatives: what all derivative laws rest on.</summary>
public class DualTests
{
    private const double X = 0.7;
    private const double Y = 1.3;

    /// <summary>A function, and its derivative at x = 0.7 by the table of any calculus textbook.</summary>
    public static TheoryData<string, Func<Dual<One<double>>, Dual<One<double>>>, double> Rules => new()
    {
        { "sum", x => x + C(Y), 1 },
        { "difference", x => C(Y) - x, -1 },
        { "negative", x => -x, -1 },
        { "product", x => x * x * x, 3 * X * X },
        { "quotient", x => C(Y) / x, -Y / (X * X) },
        { "quotient by itself", x => x / (x + C(1)), 1 / ((X + 1) * (X + 1)) },
        { "exp", Exp, Math.Exp(X) },
        { "log", Log, 1 / X },
        { "sqrt", Sqrt, 0.5 / Math.Sqrt(X) },
        { "sin", Sin, Math.Cos(X) },
        { "cos", Cos, -Math.Sin(X) },
        { "tanh", Tanh, 1 - (Math.Tanh(X) * Math.Tanh(X)) },
        { "pow by base", x => Pow(x, C(Y)), Y * Math.Pow(X, Y - 1) },
        { "pow by exponent", x => Pow(C(Y), x), Math.Pow(Y, X) * Math.Log(Y) },
        { "pow by both", x => Pow(x, x), Math.Pow(X, X) * (Math.Log(X) + 1) },
        { "abs of a negative", x => Abs(x - C(1)), -1 },
        { "abs of a positive", Abs, 1 },
        { "floor", Floor, 0 },
        { "sign", Sign, 0 },
        { "max, chosen", x => Max(x, C(0)), 1 },
        { "max, not chosen", x => Max(x, C(1)), 0 },
        { "max, tie", x => Max(x, C(X)), 0.5 },
        { "min, chosen", x => Min(C(1), x), 1 },
        { "min, tie", x => Min(C(X), x), 0.5 },
        { "select", x => Select(Less(x, C(1)), x * x, C(0)), 2 * X },
        { "a mask has no slope", x => Less(x, C(1)) + Equal(x, C(X)), 0 },
        { "chain", x => Sin(Exp(x)), Math.Cos(Math.Exp(X)) * Math.Exp(X) },
    };

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public void ARuleIsTheTextbooks(string rule, Func<Dual<One<double>>, Dual<One<double>>> function, double derivative)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(derivative, function(new(new(X), new(1))).Tangent.Value, 1e-14);
    }

    /// <summary>0² has no logarithm to multiply with zero.</summary>
    [Fact]
    public void APowerOfZeroHasADerivativeByItsBase() => Assert.Equal(0, Pow(new(new(0), new(1)), C(2)).Tangent.Value);

    [Fact]
    public void WhatIsNotSelectedHasNoInfluence()
    {
        var nothing = new Dual<One<double>>(new(double.NaN), new(double.NaN));
        var chosen = Select(Less(C(0), C(1)), new(new(2), new(3)), nothing);
        Assert.Equal(2, chosen.Value.Value);
        Assert.Equal(3, chosen.Tangent.Value);
    }

    /// <summary>(x sin x)'' = 2 cos x - x sin x.</summary>
    [Fact]
    public void NestedDualsGiveSecondDerivatives()
    {
        var x = new Dual<Dual<One<double>>>(new(new(X), new(1)), new(new(1), new(0)));
        Assert.Equal((2 * Math.Cos(X)) - (X * Math.Sin(X)), (x * Sin(x)).Tangent.Tangent.Value, 1e-14);
    }

    private static Dual<One<double>> C(double value) => new(new(value), new(0));

    private static V Exp<V>(V x)
        where V : struct, IReal<V> => V.Call<Exp>(x);

    private static V Log<V>(V x)
        where V : struct, IReal<V> => V.Call<Log>(x);

    private static V Sqrt<V>(V x)
        where V : struct, IReal<V> => V.Sqrt(x);

    private static V Sin<V>(V x)
        where V : struct, IReal<V> => V.Call<Sin>(x);

    private static V Cos<V>(V x)
        where V : struct, IReal<V> => V.Call<Cos>(x);

    private static V Tanh<V>(V x)
        where V : struct, IReal<V> => V.Call<Tanh>(x);

    private static V Pow<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Pow>(x, y);

    private static V Floor<V>(V x)
        where V : struct, IReal<V> => V.Call<Floor>(x);

    private static V Abs<V>(V x)
        where V : struct, IReal<V> => V.Abs(x);

    private static V Sign<V>(V x)
        where V : struct, IReal<V> => V.Sign(x);

    private static V Max<V>(V x, V y)
        where V : struct, IReal<V> => V.Max(x, y);

    private static V Min<V>(V x, V y)
        where V : struct, IReal<V> => V.Min(x, y);

    private static V Less<V>(V x, V y)
        where V : struct, IReal<V> => V.Less(x, y);

    private static V Equal<V>(V x, V y)
        where V : struct, IReal<V> => V.Equal(x, y);

    private static V Select<V>(V mask, V then, V otherwise)
        where V : struct, IReal<V> => V.Select(mask, then, otherwise);
}
