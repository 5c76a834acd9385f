using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>
/// What a loop computes is what the formula says: at every lane width, in float32 and float64, and by the public path, against
/// <c>One&lt;double&gt;</c>.
/// </summary>
/// <remarks>
/// The allowed error is the formula's own: <see cref="Rounded"/> adds up what each of its steps may lose (half a unit in the last place for
/// + - * / and sqrt, two units for the elementary functions). The reference in float64 has as much error again.
/// <para>
/// An element's bits depend neither on the length of the loop, nor on its place in it, nor on who shares its lane. Exempt are the formulas of
/// <see cref="Pointwise.SharesPaths"/>, which keep the error bound all the same.
/// </para>
/// </remarks>
public class ValueLaw
{
    private const int Count = 67;

    /// <summary>For terms of second order in the analysis of rounding errors.</summary>
    private const double Slack = 1.1;

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void EveryWidthComputesTheFormula(string name)
    {
        var op = Operators.Pointwise[name];
        foreach (var columns in Columns(op))
        {
            CheckFormula(op, Lanes.Of<float>(op), columns.Select(Single).ToArray());
            CheckFormula(op, Lanes.Of<double>(op), columns);
        }
    }

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void EveryWidthPullsByTheDerivative(string name)
    {
        var op = Operators.Pointwise[name];
        foreach (var columns in Columns(op))
        {
            for (var input = 0; input < op.Arity; input++)
            {
                CheckPull(op, input, Lanes.OfPull<float>(op, input), columns.Select(Single).ToArray());
                CheckPull(op, input, Lanes.OfPull<double>(op, input), columns);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void ThePublicPathComputesTheFormula(string name)
    {
        var op = Operators.Pointwise[name];
        foreach (var columns in Columns(op))
        {
            CheckRun(op, columns.Select(Single).ToArray());
            CheckRun(op, columns);
        }
    }

    /// <summary>A method that is called like an operator runs that operator.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void TheMethodOfThatNameIsTheOperator(string name)
    {
        var op = Operators.Pointwise[name];
        var draw = new Draw(20240229);
        var inputs = op.Domains.Select((domain, i) => draw.Tensor([2, 9], domain, i, op.Arity)).ToArray();
        foreach (var method in PublicMethods.All.Where(method => method.Name == name))
        {
            var parameters = method.Parameters;
            if (parameters.Take(op.Arity).Any(parameter => parameter.Type != typeof(Tensor)) || name == nameof(Where))
            {
                continue;
            }

            var result = method.Invoke(inputs.Concat(parameters.Skip(op.Arity).Select(parameter => parameter.Default)));
            Assert.Equal(op.Run(inputs).ToArray<double>(), result.ToArray<double>());
        }
    }

    private static void CheckFormula<T>(Pointwise op, (string Width, Kernel Run)[] widths, T[][] columns)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Check(
            op.Name,
            widths,
            columns,
            x => op.F<Rounded>(Array.ConvertAll(x, value => new Rounded(value))),
            isLonely: !Pointwise.SharesPaths(op.Text()));

    private static void CheckPull<T>(Pointwise op, int input, (string Width, Kernel Run)[] widths, T[][] columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The pull reads the result as the forward loop left it.
        var result = new T[Count];
        var gradient = new T[Count];
        for (var i = 0; i < Count; i++)
        {
            result[i] = op.F<One<T>>(Array.ConvertAll(columns, column => new One<T>(column[i]))).Value;
            gradient[i] = T.CreateTruncating(1.5 - (i % 4));
        }

        T[][] all = op.Arity < 3 ? [gradient, .. columns, result] : [gradient, .. columns];
        Check(
            $"{op.Name}, pull {input}",
            widths,
            all,
            x =>
            {
                var values = Array.ConvertAll(x, value => new Rounded(value));
                return op.Pull(input, values[0], values.AsSpan(1));
            },
            isLonely: !Pointwise.SharesPaths(op.Text(input)));
    }

    private static void CheckRun<T>(Pointwise op, T[][] columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = op.Run(Array.ConvertAll(columns, column => Tensor.FromArray(column)));
        Assert.Equal(typeof(T) == typeof(float) ? DType.Float32 : DType.Float64, result.DType);
        var values = result.ToArray<T>();
        for (var i = 0; i < Count; i++)
        {
            var x = Array.ConvertAll(columns, column => double.CreateTruncating(column[i]));
            Near(op.Name, x, op.F<Rounded>(Array.ConvertAll(x, value => new Rounded(value))), values[i]);
        }
    }

    private static void Check<T>(
        string name, (string Width, Kernel Run)[] widths, T[][] columns, Func<double[], Rounded> reference, bool isLonely)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var (width, run) in widths)
        {
            var whole = Lanes.Run(run, columns, Count);
            for (var i = 0; i < Count; i++)
            {
                var x = Array.ConvertAll(columns, column => double.CreateTruncating(column[i]));
                Near($"{name}, width {width}", x, reference(x), whole[i]);
            }

            if (!isLonely && width != "one")
            {
                continue;
            }

            for (var n = 0; n <= Count; n++)
            {
                Same($"{name}, width {width}, {n} elements", whole.AsSpan(0, n), Lanes.Run(run, columns, n));
                Same($"{name}, width {width}, last {n} elements", whole.AsSpan(Count - n), Lanes.Run(run, columns, n, Count - n));
            }

            for (var repeated = 0; repeated < columns.Length; repeated++)
            {
                T[][] splat = [.. columns];
                T[][] filled = [.. columns];
                splat[repeated] = [columns[repeated][0]];
                filled[repeated] = [.. Enumerable.Repeat(columns[repeated][0], Count)];
                Same($"{name}, width {width}, operand {repeated} repeated", Lanes.Run(run, filled, Count), Lanes.Run(run, splat, Count));
            }
        }
    }

    private static void Same<T>(string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged => Assert.True(Lanes.Bits(expected).SequenceEqual(Lanes.Bits(actual)), $"{what}: other bits");

    private static void Near<T>(string what, double[] x, Rounded expected, T computed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var actual = double.CreateTruncating(computed);
        var (unit, largest, least) = typeof(T) == typeof(float)
            ? (Math.ScaleB(1, -24), (double)float.MaxValue, Math.ScaleB(1, -124))
            : (Math.ScaleB(1, -52), double.MaxValue, Math.ScaleB(1, -1020));
        var error = double.IsFinite(expected.Error) ? Slack * unit * expected.Error : 0;
        var holds = double.IsNaN(expected.Value)
            ? double.IsNaN(actual)
            : Math.Abs(expected.Value) + error > largest
                ? Math.Sign(actual) == Math.Sign(expected.Value) && Math.Abs(actual) + error >= largest
                : Math.Abs(actual - expected.Value) <= error + least;
        Assert.True(
            holds,
            $"{what}, {typeof(T).Name} at ({string.Join(", ", x)}): {actual:R} instead of {expected.Value:R}, " +
            $"{Math.Abs(actual - expected.Value) / unit / Math.Abs(expected.Value):0.0} u off, " +
            $"{expected.Error / Math.Abs(expected.Value):0.0} allowed");
    }

    private static float[] Single(double[] column) => Array.ConvertAll(column, value => (float)value);

    /// <summary>Inputs: from the domain, from the domain with its edges and kinks, and of all magnitudes from 2^-20 to 2^20.</summary>
    private static IEnumerable<double[][]> Columns(Pointwise op)
    {
        var draw = new Draw(20240229);
        yield return [.. op.Domains.Select(domain => Column(() => draw.Uniform(domain.Low, domain.High)))];
        yield return
        [
            .. op.Domains.Select(domain =>
            {
                double[] special = [domain.Low, domain.High, 0, 1, -1, 0.5, 2, .. domain.Kinks ?? []];
                return Column(() => draw.Coin() ? special[draw.Number(0, special.Length - 1)] : draw.Uniform(domain.Low, domain.High));
            }),
        ];
        yield return
        [
            .. op.Domains.Select(domain => Column(() => Math.Pow(2, draw.Uniform(-20, 20)) * (draw.Coin() || domain.Low >= 0 ? 1 : -1))),
        ];
    }

    private static double[] Column(Func<double> next) => [.. Enumerable.Range(0, Count).Select(_ => next())];
}
