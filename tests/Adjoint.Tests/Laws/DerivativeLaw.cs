using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>
/// The derivative an author wrote is the derivative of the formula the same author wrote: <c>D</c> against <see cref="Dual{V}"/>, which
/// differentiates the formula by the rules of the algebra alone. No finite differences, hence 12 digits.
/// </summary>
public class DerivativeLaw
{
    private const double First = 1e-12;

    /// <summary>Two derivations in a row lose digits twice.</summary>
    private const double Second = 1e-10;

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void TheDerivativeIsThatOfTheFormula(string name)
    {
        var op = Operators.Pointwise[name];
        Draw.Check(draw =>
        {
            foreach (var x in Points(op, draw))
            {
                for (var input = 0; input < op.Arity; input++)
                {
                    var expected = op.F<Dual<One<double>>>(Seeded(x, input)).Tangent.Value;
                    Close(First, $"derivative {input} of {name}", x, expected, op.Slope(input, Plain(x)).Value);
                }
            }
        });
    }

    /// <summary>What makes second derivatives right: the formula of the first one may be differentiated like any other.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void TheDerivativeOfTheDerivativeIsTheSecondDerivative(string name)
    {
        var op = Operators.Pointwise[name];
        Draw.Check(draw =>
        {
            foreach (var x in Points(op, draw))
            {
                for (var first = 0; first < op.Arity; first++)
                {
                    for (var second = 0; second < op.Arity; second++)
                    {
                        var inner = Seeded(x, second);
                        var nested = new Dual<Dual<One<double>>>[x.Length];
                        for (var i = 0; i < x.Length; i++)
                        {
                            nested[i] = new(inner[i], new(new(i == first ? 1 : 0), new(0)));
                        }

                        var expected = op.F<Dual<Dual<One<double>>>>(nested).Tangent.Tangent.Value;
                        var actual = op.Slope<Dual<One<double>>>(first, inner).Tangent.Value;
                        Close(Second, $"derivative {second} of derivative {first} of {name}", x, expected, actual);
                    }
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Operators.ReductionNames), MemberType = typeof(Operators))]
    public void TheDerivativeOfAReductionIsThatOfItsFold(string name)
    {
        var op = Operators.Reductions[name];
        Draw.Check(draw =>
        {
            var x = draw.Values(draw.Number(1, 9), op.Domain);
            var y = op.F<One<double>>(Plain(x));
            for (var i = 0; i < x.Length; i++)
            {
                var expected = op.F<Dual<One<double>>>(Seeded(x, i)).Tangent.Value;
                Close(First, $"derivative of {name}", [x[i], y.Value], expected, op.D(new One<double>(x[i]), y).Value);
            }
        });
    }

    private static IEnumerable<double[]> Points(Pointwise op, Draw draw)
    {
        const int count = 24;
        var columns = op.Domains.Select((domain, i) => draw.Values(count, domain, i, op.Arity)).ToArray();
        return Enumerable.Range(0, count).Select(row => Array.ConvertAll(columns, column => column[row]));
    }

    private static One<double>[] Plain(double[] x) => Array.ConvertAll(x, value => new One<double>(value));

    private static Dual<One<double>>[] Seeded(double[] x, int input)
    {
        var seeded = new Dual<One<double>>[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            seeded[i] = new(new(x[i]), new(i == input ? 1 : 0));
        }

        return seeded;
    }

    private static void Close(double relative, string what, double[] x, double expected, double actual)
    {
        // Terms of size 1 that cancel leave an absolute error.
        var allowed = relative * Math.Max(Math.Max(Math.Abs(expected), Math.Abs(actual)), 0.01);
        Assert.True(
            Math.Abs(expected - actual) <= allowed,
            $"{what} at ({string.Join(", ", x)}): {actual:R}, but the formula gives {expected:R}");
    }
}
