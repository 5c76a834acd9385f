using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>
/// NaN, infinities, signed zeros, the smallest and the largest numbers: loops of every width treat them as <c>One&lt;T&gt;</c> does, which is C#'s
/// Math.
/// </summary>
public class SpecialValuesLaw
{
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void EveryWidthAgreesWithCSharp(string name)
    {
        var op = Operators.Pointwise[name];
        Check(op, Lanes.Of<float>(op), float.Epsilon, float.MaxValue, float.CreateTruncating(Math.ScaleB(1, -126)));
        Check(op, Lanes.Of<double>(op), double.Epsilon, double.MaxValue, Math.ScaleB(1, -1022));
    }

    /// <summary>A result that depends on an input is NaN where that input is NaN; but PyTorch's sign of NaN is 0, and some operators are there to
    /// leave
    /// NaN aside.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void NaNStaysNaN(string name)
    {
        var op = Operators.Pointwise[name];
        var draw = new Draw(8);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var x = op.Domains.Select(domain => draw.Uniform(domain.Low, domain.High)).ToArray();
            for (var input = 0; input < op.Arity; input++)
            {
                var results = new[] { 0.25, 1.75, -2.5, 1e9, -1e9 }.Select(value => At(op, With(x, input, value))).Distinct();
                if (results.Count() > 1)
                {
                    var expected = OfNaN(name, x, input);
                    Assert.Equal(expected, At(op, With(x, input, double.NaN)));
                    var inputs = Array.ConvertAll(With(x, input, double.NaN), value => Tensor.Scalar(value));
                    Assert.Equal(expected, op.Run(inputs).Item());
                }
            }
        }
    }

    /// <summary>Where a derivative is a choice, what was not chosen gets 0, whatever comes back; elsewhere 0 * NaN is NaN.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void GradientsThatAreNotFiniteGoWhereTheDerivativeSays(string name)
    {
        var op = Operators.Pointwise[name];
        var draw = new Draw(9);
        var points = op.Domains.Select((domain, i) => draw.Values(32, domain, i, op.Arity)).ToArray();
        foreach (var g in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (var recorded in new[] { false, true })
            {
                var inputs = Array.ConvertAll(points, values => Tensor.FromArray(values).RequiresGrad_());
                var y = op.Run(inputs);
                var gradients = Autograd.Grad(
                    [y], inputs, [Tensor.FullLike(y, g)], createGraph: recorded, allowUnused: true, materializeGrads: true);
                for (var input = 0; input < op.Arity; input++)
                {
                    var actual = gradients[input]!.Detach().ToArray<double>();
                    for (var i = 0; i < actual.Length; i++)
                    {
                        var at = points.Select(values => new One<double>(values[i])).ToArray();
                        var expected = op.Pull(input, new One<double>(g), [.. at, op.F<One<double>>(at)]).Value;

                        // A formula of three inputs that is 0 everywhere passes nothing on at all.
                        Assert.Equal(op.Arity == 3 && op.Trait(input).IsZero ? 0 : expected, actual[i]);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("Relu", 0)]
    [InlineData("Maximum", 0)]
    [InlineData("Maximum", 1)]
    [InlineData("Minimum", 0)]
    [InlineData("ClampNumber(-1, 1)", 0)]
    [InlineData("ClampTensor", 0)]
    [InlineData("Where", 1)]
    [InlineData("Where", 2)]
    [InlineData("Sign", 0)]
    [InlineData("Floor", 0)]
    public void ChoicesBlockNaN(string name, int input)
    {
        var op = Operators.Pointwise[name];
        Assert.True(op.Selects);
        Assert.Equal(0, op.Pull(input, new One<double>(double.NaN), NotChosen(op, input)).Value);
    }

    [Theory]
    [MemberData(nameof(Operators.ReductionNames), MemberType = typeof(Operators))]
    public void ReductionsAgreeWithCSharp(string name)
    {
        var op = Operators.Reductions[name];
        double[][] rows =
        [
            [1, double.NaN, 2], [1, 2, double.NaN], [double.NaN, 1, 2], [double.PositiveInfinity, 1, 2], [1, double.NegativeInfinity, 2],
            [double.PositiveInfinity, double.NegativeInfinity, 0], [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity],
            [0, 0, 0], [-0.0, -0.0, -0.0],
        ];
        foreach (var row in rows)
        {
            var expected = op.F<One<double>>(Array.ConvertAll(row, value => new One<double>(value))).Value;
            Assert.Equal(expected, op.Run(Tensor.FromArray(row), [true], keepDim: false).Item(), 1e-14);

            // Along lanes, and along the columns of a matrix, the same.
            var columns = Tensor.FromArray(row).Reshape(3, 1).Expand(3, 70).Contiguous();
            Assert.All(op.Run(columns, [true, false], keepDim: false).ToArray<double>(), value => Assert.Equal(expected, value, 1e-14));
            Assert.All(
                op.Run(columns.T.Contiguous(), [false, true], keepDim: false).ToArray<double>(), value => Assert.Equal(expected, value, 1e-14));
        }
    }

    private static void Check<T>(Pointwise op, (string Width, Kernel Run)[] widths, T least, T largest, T normal)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] few =
        [
            T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero, T.NegativeZero, T.One, -T.One, least, -least, largest, -largest,
        ];
        var many = few
            .Concat([normal, -normal, T.Pi, -T.Pi])
            .Concat(new[] { 0.5, 2, 3, 1e-10, 1e10, 20, 88, 89, 104, 400, 709, 710, 745, 746, 1e20 }.Select(T.CreateTruncating))
            .Concat(new[] { -0.5, -2, -3, -1e-10, -1e10, -20, -88, -89, -104, -400, -709, -710, -745, -746, -1e20 }.Select(T.CreateTruncating));
        var columns = Columns(op.Arity < 3 ? [.. many] : few, op.Arity);
        var n = columns[0].Length;
        foreach (var (width, run) in widths)
        {
            var actual = Lanes.Run(run, columns, n);
            for (var i = 0; i < n; i++)
            {
                var x = Array.ConvertAll(columns, column => column[i]);
                var expected = op.F<One<T>>(Array.ConvertAll(x, value => new One<T>(value))).Value;
                var error = op.F<Rounded>(Array.ConvertAll(x, value => new Rounded(double.CreateTruncating(value)))).Error;
                Assert.True(
                    Agrees(expected, actual[i], error, normal),
                    $"{op.Name}, {typeof(T).Name}, width {width}, at ({string.Join(", ", x)}): {actual[i]}, C# gives {expected}");
            }
        }
    }

    /// <summary>The same NaN, infinity or zero with its sign; otherwise both as near as the formula allows.</summary>
    private static bool Agrees<T>(T expected, T actual, double error, T normal)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (T.IsNaN(expected) || T.IsInfinity(expected) || !T.IsFinite(actual))
        {
            return expected.Equals(actual);
        }

        if (T.IsZero(expected) && T.IsZero(actual))
        {
            return T.IsNegative(expected) == T.IsNegative(actual);
        }

        var unit = typeof(T) == typeof(float) ? Math.ScaleB(1, -24) : Math.ScaleB(1, -53);
        var allowed = double.IsFinite(error) ? 2.2 * unit * error : 0;
        return Math.Abs(double.CreateTruncating(expected - actual)) <= allowed + (8 * unit * double.CreateTruncating(normal));
    }

    private static T[][] Columns<T>(T[] values, int arity)
    {
        var count = (int)Math.Pow(values.Length, arity);
        var columns = new T[arity][];
        for (var k = 0; k < arity; k++)
        {
            var step = (int)Math.Pow(values.Length, k);
            columns[k] = [.. Enumerable.Range(0, count).Select(i => values[i / step % values.Length])];
        }

        return columns;
    }

    /// <summary>A point, with its result, at which the input has no influence.</summary>
    private static One<double>[] NotChosen(Pointwise op, int input)
    {
        var draw = new Draw(10);
        while (true)
        {
            var x = op.Domains
                .Select((domain, i) => new One<double>(i == 0 && op.Method == "Where" ? input - 1 : draw.Values(1, domain, i, op.Arity)[0]))
                .ToArray();
            if (op.Slope(input, x).Value == 0)
            {
                return [.. x, op.F<One<double>>(x)];
            }
        }
    }

    private static double OfNaN(string name, double[] x, int input) => name switch
    {
        "Sign" or "Sgn" or "Heaviside" => 0,
        "Fmax" or "Fmin" => x[1 - input],
        "CopySign" when input == 1 => Math.CopySign(x[0], double.NaN),
        "NanToNum(0.5, 100, -100)" => 0.5,
        _ => double.NaN,
    };

    private static double[] With(double[] x, int input, double value)
    {
        double[] with = [.. x];
        with[input] = value;
        return with;
    }

    private static double At(Pointwise op, double[] x) => op.F<One<double>>(Array.ConvertAll(x, value => new One<double>(value))).Value;
}
