using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint.Tests.Algebra;

/// <summary>Formulas read without numbers: their text, and what they read.</summary>
public class ExprTests
{
    private static readonly Expr X = Expr.Input("x");
    private static readonly Expr Y = Expr.Input("y");

    public static TheoryData<string, Func<Expr>> Texts => new()
    {
        { "1 - y * y", () => One<Expr>() - (Y * Y) },
        { "(1 - y) * y", () => (One<Expr>() - Y) * Y },
        { "x + y + x", () => X + Y + X },
        { "x + (y + x)", () => X + (Y + X) },
        { "x - (y - x)", () => X - (Y - X) },
        { "x - y - x", () => X - Y - X },
        { "x / (y * x)", () => X / (Y * X) },
        { "x / y / x", () => X / Y / X },
        { "-x", () => -X },
        { "-(x + y)", () => -(X + Y) },
        { "-x * y", () => -X * Y },
        { "-sin(x)", () => -Sin(X) },
        { "max(x, 0)", () => Max(X, Zero<Expr>()) },
        { "select(x < y, 1, 0.5)", () => Select(Less(X, Y), One<Expr>(), Of<Expr>(0.5)) },
        { "and(x = y, not(x < y))", () => And(Equal(X, Y), Not(Less(X, Y))) },
        { "pow(x, y - 1)", () => Pow(X, Y - One<Expr>()) },
        { "1E-05", () => Of<Expr>(1e-5) },
        { "0", () => default },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void TheTextHasTheParenthesesItNeeds(string text, Func<Expr> formula) => Assert.Equal(text, formula().ToString());

    [Fact]
    public void TheTextOfADerivativeIsTheFormulaInTheFile()
    {
        Assert.Equal("1 - y * y", default(Map<Tanh>).D(X, Y).ToString());
        Assert.Equal("select(0 < y, 1, 0)", default(Relu).D(X, Y).ToString());
        Assert.Equal("-(x / y / y)", default(Div).DY(X, Y, Expr.Input("z")).ToString());
    }

    [Fact]
    public void AFormulaReadsWhatOccursAnywhereInIt()
    {
        var formula = One<Expr>() / (Sin(X) + One<Expr>());
        Assert.True(formula.Reads(X));
        Assert.False(formula.Reads(Y));
        Assert.True(X.Reads(X));
        Assert.False(default(Expr).Reads(X));
    }

    /// <summary>Equal formulas are equal values, whoever wrote them; names do not make a function.</summary>
    [Fact]
    public void EqualFormulasAreEqual()
    {
        Assert.Equal(Sin(X) + Of<Expr>(0.1), Sin(Expr.Input("x")) + Of<Expr>(0.1));
        Assert.Equal((Sin(X) * Y).GetHashCode(), (Sin(X) * Y).GetHashCode());
        Assert.NotEqual(X + Y, Y + X);
        Assert.NotEqual(Of<Expr>(0.0), Of<Expr>(-0.0));
        Assert.NotEqual(Of<Expr>(1), Expr.Input("1"));
        Assert.NotEqual(-X, X - Y);
        Assert.NotEqual(Sin(X), Call<OtherSine, Expr>(X));
        Assert.Equal("sin(x)", Call<OtherSine, Expr>(X).ToString());
        Assert.True((X - X).Is(0) is false && Of<Expr>(1).Is(1) && Zero<Expr>().Is(0));
    }

    /// <summary>Formulas that cancel still read their inputs: nothing is simplified.</summary>
    [Fact]
    public void NothingIsSimplified()
    {
        Assert.True((X - X).Reads(X));
        Assert.Equal("x * 0", (X * Zero<Expr>()).ToString());
    }

    private static V Zero<V>()
        where V : struct, IReal<V> => V.Zero;

    private static V One<V>()
        where V : struct, IReal<V> => V.One;

    private static V Of<V>(double value)
        where V : struct, IReal<V> => V.Of(value);

    private static V Sin<V>(V x)
        where V : struct, IReal<V> => V.Call<Sin>(x);

    private static V Pow<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Pow>(x, y);

    private static V Max<V>(V x, V y)
        where V : struct, IReal<V> => V.Max(x, y);

    private static V Less<V>(V x, V y)
        where V : struct, IReal<V> => V.Less(x, y);

    private static V Equal<V>(V x, V y)
        where V : struct, IReal<V> => V.Equal(x, y);

    private static V And<V>(V x, V y)
        where V : struct, IReal<V> => V.And(x, y);

    private static V Not<V>(V x)
        where V : struct, IReal<V> => V.Not(x);

    private static V Select<V>(V mask, V then, V otherwise)
        where V : struct, IReal<V> => V.Select(mask, then, otherwise);

    private static V Call<F, V>(V x)
        where F : struct, IFunction<F>
        where V : struct, IReal<V> => V.Call<F>(x);

    private readonly struct OtherSine : IFunction<OtherSine>
    {
        public static string Name => "sin";

        public static double Value(double x) => Math.Sin(x);

        public static V D<V>(V x, V y)
            where V : struct, IReal<V> => V.One;
    }
}
