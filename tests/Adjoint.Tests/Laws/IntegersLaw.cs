using System.Numerics;
using Adjoint.Algebra;
using Adjoint.Gate;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Whole numbers and truth values: an operator that promises them computes exactly and wraps around as C# does; one that does not converts to
/// float32; truth values are taken or refused as it says.
/// </summary>
public class IntegersLaw
{
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void WholeNumbersAreExactAndWrapAround(string name)
    {
        var op = Operators.Pointwise[name];
        if (op.Elements == Elements.Real || !op.HasWholeParameters)
        {
            return;
        }

        Exact<byte>(op);
        Exact<int>(op);
        Exact<long>(op);
    }

    /// <summary>Two formulas of one operator, for reals and for whole numbers, are the same function.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void BothFormulasAgreeOnSmallNumbers(string name)
    {
        var op = Operators.Pointwise[name];
        if (op.Elements == Elements.Real || !op.HasWholeParameters)
        {
            return;
        }

        foreach (var x in Grid([-3, -2, -1, 0, 1, 2, 3], op.Arity))
        {
            var real = op.F<One<double>>(Array.ConvertAll(x, value => new One<double>(value))).Value;
            var whole = op.I<Wrapped<long>>(Array.ConvertAll(x, value => new Wrapped<long>(value))).Value;
            Assert.True(real == (double)whole, $"{name} of ({string.Join(", ", x)}): {real} as reals, {whole} as whole numbers");
        }
    }

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void OtherOperatorsConvertToFloat32(string name)
    {
        var op = Operators.Pointwise[name];
        if (op.Elements != Elements.Real)
        {
            return;
        }

        foreach (var dtype in new[] { DType.Bool, DType.UInt8, DType.Int32, DType.Int64 })
        {
            var inputs = Inputs<long>([0, 1, 2, 3, 7], op.Arity, dtype);
            var expected = op.Run(Array.ConvertAll(inputs, input => input.To(DType.Float32)));
            var actual = op.Run(inputs);
            Assert.Equal(DType.Float32, actual.DType);
            Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());
        }
    }

    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void TruthValuesAreTakenOrRefused(string name)
    {
        var op = Operators.Pointwise[name];
        var inputs = Inputs<bool>([false, true], op.Arity, DType.Bool);
        switch (op.Elements)
        {
            case Elements.Numbers:
                Assert.Contains("bool", Assert.Throws<DTypeException>(() => op.Run(inputs)).Message, StringComparison.OrdinalIgnoreCase);
                break;
            case Elements.All:
                var actual = op.Run(inputs);
                Assert.Equal(DType.Bool, actual.DType);
                var expected = Grid([0, 1], op.Arity)
                    .Select(x => op.F<One<double>>(Array.ConvertAll(x, value => new One<double>(value))).Value != 0);
                Assert.Equal(expected, actual.ToArray<bool>());
                break;
            default:
                Assert.Equal(DType.Float32, op.Run(inputs).DType);
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Operators.ComparisonNames), MemberType = typeof(Operators))]
    public void ComparisonsAreExact(string name)
    {
        var op = Operators.Comparisons[name];
        Compares<byte>(op);
        Compares<int>(op);
        Compares<long>(op);
        if (op.IsWhole)
        {
            Assert.Contains("not implemented for 'Float'", Assert.Throws<DTypeException>(() => op.Run(2f, 3f)).Message, StringComparison.Ordinal);
            return;
        }

        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            double[] values = [double.NaN, double.NegativeInfinity, -1.5, -0.0, 0, 1.5, double.PositiveInfinity];
            var inputs = Inputs(values, 2, dtype);
            var expected = Grid(values, 2).Select(x => op.F(new One<double>(x[0]), new One<double>(x[1])).Value != 0);
            Assert.Equal(expected, op.Run(inputs[0], inputs[1]).ToArray<bool>());
        }

        var bits = Inputs<bool>([false, true], 2, DType.Bool);
        var truth = Grid([0, 1], 2).Select(x => op.F(new One<double>(x[0]), new One<double>(x[1])).Value != 0);
        Assert.Equal(truth, op.Run(bits[0], bits[1]).ToArray<bool>());
    }

    /// <summary>The largest and the smallest of whole numbers; the other reductions take reals.</summary>
    [Theory]
    [MemberData(nameof(Operators.ReductionNames), MemberType = typeof(Operators))]
    public void ReductionsOfWholeNumbersAreExact(string name)
    {
        var op = Operators.Reductions[name];
        long[] values = [3, long.MinValue, (1L << 53) + 1, 1L << 53, long.MaxValue - 1, -7];
        var result = op.Run(Tensor.FromArray(values[..4]), [true], keepDim: false);
        if (op.Elements == Elements.Real)
        {
            Assert.Equal(DType.Float32, result.DType);
            return;
        }

        Assert.Equal(DType.Int64, result.DType);
        for (var n = 1; n <= values.Length; n++)
        {
            var least = op.Run(Tensor.FromArray(values[..n]), [true], keepDim: false).Item<long>();
            Assert.Contains(least, new[] { values[..n].Min(), values[..n].Max() });
        }
    }

    private static void Exact<T>(Pointwise op)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var values = Extremes<T>();
        var inputs = Inputs(values, op.Arity);
        var result = op.Run(inputs);
        Assert.Equal(inputs[0].DType, result.DType);
        var actual = result.ToArray<T>();
        var grid = Grid(values, op.Arity);
        for (var i = 0; i < actual.Length; i++)
        {
            var expected = op.I<Wrapped<T>>(Array.ConvertAll(grid[i], value => new Wrapped<T>(BigInteger.CreateChecked(value)))).Value;
            Assert.True(
                expected == BigInteger.CreateChecked(actual[i]),
                $"{op.Name} of {typeof(T).Name} ({string.Join(", ", grid[i])}): {actual[i]} instead of {expected}");
        }
    }

    private static void Compares<T>(Comparison op)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var values = Extremes<T>();
        if (op.Divides)
        {
            var refused = Assert.Throws<TensorException>(() => op.Run(Inputs(values, 1)[0], Tensor.Zeros([], DType.Of<T>())));
            Assert.StartsWith("ZeroDivisionError", refused.Message, StringComparison.Ordinal);
            values = [.. values.Where(value => !T.IsZero(value))];
        }

        var inputs = Inputs(values, 2);
        var expected = Grid(values, 2)
            .Select(x => op.F(new Wrapped<T>(BigInteger.CreateChecked(x[0])), new Wrapped<T>(BigInteger.CreateChecked(x[1]))).Value);
        var actual = op.Run(inputs[0], inputs[1]);
        if (op.IsWhole)
        {
            Assert.Equal(inputs[0].DType, actual.DType);
            Assert.Equal(expected.Select(value => T.CreateChecked(value)), actual.ToArray<T>());
        }
        else
        {
            Assert.Equal(expected.Select(value => !value.IsZero), actual.ToArray<bool>());
        }
    }

    /// <summary>Numbers at which a wrap-around, a sign or a detour through float64 shows.</summary>
    private static T[] Extremes<T>()
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        var half = T.MaxValue / T.CreateChecked(2);
        T[] values =
        [
            T.MinValue, T.MinValue + T.One, T.Zero, T.One, T.CreateChecked(2), T.CreateChecked(3), T.CreateChecked(100), half, half + T.One,
            T.MaxValue - T.One, T.MaxValue, T.CreateTruncating((1L << 53) + 1), T.CreateTruncating(-1), T.CreateTruncating(-5),
        ];
        return [.. values.Distinct()];
    }

    /// <summary>Every combination of values, the first input fastest.</summary>
    private static List<T[]> Grid<T>(T[] values, int arity)
    {
        var count = (int)Math.Pow(values.Length, arity);
        return [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, arity)
            .Select(k => values[i / (int)Math.Pow(values.Length, k) % values.Length]).ToArray())];
    }

    private static Tensor[] Inputs<T>(T[] values, int arity, DType? dtype = null)
        where T : unmanaged
    {
        var grid = Grid(values, arity);
        return [.. Enumerable.Range(0, arity).Select(k =>
        {
            var column = Tensor.FromArray(grid.Select(row => row[k]).ToArray());
            return column.To(dtype ?? column.DType);
        })];
    }
}
