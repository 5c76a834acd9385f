using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.Laws;

/// <content>
/// Laws of formulas, which know more than a function of tensors shows: the derivative an author wrote is that of the formula (<see cref="Dual{V}"/>
/// differentiates it by the rules of the algebra), and tensors hold what it gives for one number.
/// </content>
public static partial class OperatorLaws
{
    private const int Points = 24;

    /// <summary>All laws of a pointwise operator of one input, at points of its domain.</summary>
    /// <param name="op">The operator.</param>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static void CheckMap<O>(O op)
        where O : struct, IMap
    {
        var x = Draw(O.Domain, 0, 1);
        foreach (var value in x)
        {
            var y = op.F(new Dual<One<double>>(new(value), new(1)));
            Close($"D of {typeof(O).Name}", y.Tangent.Value, op.D(new One<double>(value), y.Value).Value, value);
        }

        Tensor point = Tensor.FromArray(x).Reshape(4, -1);
        Value(inputs => Op.Map(op, inputs[0]), inputs => Reference(inputs, a => op.F(a[0])), point);
        Check((Tensor[] inputs) => Op.Map(op, inputs[0]), point);
        Empty(inputs => Op.Map(op, inputs[0]), 1);
    }

    /// <summary>All laws of a pointwise operator of two inputs, at points of its domains.</summary>
    /// <param name="op">The operator.</param>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static void CheckMap2<O>(O op)
        where O : struct, IMap2
    {
        var (x, y) = (Draw(O.DomainX, 0, 2), Draw(O.DomainY, 1, 2));
        for (var i = 0; i < Points; i++)
        {
            var (a, b) = (new One<double>(x[i]), new One<double>(y[i]));
            var byX = op.F(new Dual<One<double>>(a, new(1)), new Dual<One<double>>(b, new(0)));
            var byY = op.F(new Dual<One<double>>(a, new(0)), new Dual<One<double>>(b, new(1)));
            Close($"DX of {typeof(O).Name}", byX.Tangent.Value, op.DX(a, b, byX.Value).Value, x[i], y[i]);
            Close($"DY of {typeof(O).Name}", byY.Tangent.Value, op.DY(a, b, byY.Value).Value, x[i], y[i]);
        }

        Tensor Run(Tensor[] inputs) => Op.Map2(op, inputs[0], inputs[1]);
        Tensor[] point = [Tensor.FromArray(x).Reshape(4, -1), Tensor.FromArray(y).Reshape(4, -1)];
        Value(Run, inputs => Reference(inputs, a => op.F(a[0], a[1])), point);
        Check(Run, point);
        Check(Run, point[0], point[1][0]);
        Empty(Run, 2);
    }

    /// <summary>All laws of a pointwise operator of three inputs, at points of its domain.</summary>
    /// <param name="op">The operator.</param>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static void CheckMap3<O>(O op)
        where O : struct, IMap3
    {
        double[][] x = [Draw(O.Domain, 0, 3), Draw(O.Domain, 1, 3), Draw(O.Domain, 2, 3)];
        for (var i = 0; i < Points; i++)
        {
            var point = Array.ConvertAll(x, column => new One<double>(column[i]));
            double By(int input)
            {
                var seeded = point.Select((value, j) => new Dual<One<double>>(value, new(j == input ? 1 : 0))).ToArray();
                return op.F(seeded[0], seeded[1], seeded[2]).Tangent.Value;
            }

            Close($"DX of {typeof(O).Name}", By(0), op.DX(point[0], point[1], point[2]).Value, x[0][i], x[1][i], x[2][i]);
            Close($"DY of {typeof(O).Name}", By(1), op.DY(point[0], point[1], point[2]).Value, x[0][i], x[1][i], x[2][i]);
            Close($"DZ of {typeof(O).Name}", By(2), op.DZ(point[0], point[1], point[2]).Value, x[0][i], x[1][i], x[2][i]);
        }

        Tensor Run(Tensor[] inputs) => Op.Map3(op, inputs[0], inputs[1], inputs[2]);
        var tensors = Array.ConvertAll(x, column => Tensor.FromArray(column).Reshape(4, -1));
        Value(Run, inputs => Reference(inputs, a => op.F(a[0], a[1], a[2])), tensors);
        Check(Run, tensors);
        Empty(Run, 3);
    }

    /// <summary>All laws of a reduction, over one dimension, the others, and all, at points of its domain.</summary>
    /// <param name="op">The operator.</param>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static void CheckReduce<O>(O op)
        where O : struct, IReduce
    {
        V Fold<V>(ReadOnlySpan<V> values)
            where V : struct, IReal<V>
        {
            var combined = op.Unit<V>();
            foreach (var value in values)
            {
                combined = op.Combine(combined, op.Lift(value));
            }

            return O.Finishes ? op.Finish(combined) : combined;
        }

        var x = Draw(O.Domain, 0, 1);
        for (var i = 0; i < 6; i++)
        {
            var y = Fold<Dual<One<double>>>([.. x[..6].Select((value, j) => new Dual<One<double>>(new(value), new(i == j ? 1 : 0)))]);
            if (!O.SharesTies && !O.HasNoGradient)
            {
                Close($"D of {typeof(O).Name}", y.Tangent.Value, op.D(new One<double>(x[i]), y.Value).Value, x[i]);
            }
        }

        Tensor point = Tensor.FromArray(x).Reshape(4, 6);
        double[] rows =
        [
            .. Enumerable.Range(0, 4)
                .Select(row => Fold<One<double>>([.. x[(row * 6)..((row + 1) * 6)].Select(value => new One<double>(value))]).Value),
        ];
        Value(inputs => Op.Reduce(op, inputs[0], [-1]), _ => Tensor.FromArray(rows), point);
        Check((Tensor[] inputs) => Op.Reduce(op, inputs[0]), point);
        Check((Tensor[] inputs) => Op.Reduce(op, inputs[0], [1]), point);
        Check((Tensor[] inputs) => Op.Reduce(op, inputs[0], [0], keepDim: true), point);
    }

    /// <summary>All laws of a scan, along both dimensions of a matrix, at points of its domain.</summary>
    /// <param name="op">The operator.</param>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static void CheckScan<O>(O op)
        where O : struct, IScan
    {
        var x = Draw(O.Domain, 0, 1);
        var values = new double[Points];
        for (var i = 0; i < Points; i++)
        {
            var before = new One<double>(i % 6 == 0 ? op.Unit<One<double>>().Value : values[i - 1]);
            var element = new One<double>(x[i]);
            var byState = op.Combine(new Dual<One<double>>(before, new(1)), new Dual<One<double>>(element, new(0)));
            var byX = op.Combine(new Dual<One<double>>(before, new(0)), new Dual<One<double>>(element, new(1)));
            values[i] = byX.Value.Value;
            Close($"DState of {typeof(O).Name}", byState.Tangent.Value, op.DState(before, element, byX.Value).Value, before.Value, x[i]);
            Close($"DX of {typeof(O).Name}", byX.Tangent.Value, op.DX(before, element, byX.Value).Value, before.Value, x[i]);
        }

        Tensor point = Tensor.FromArray(x).Reshape(4, 6);
        Value(inputs => Op.Scan(op, inputs[0], -1), _ => Tensor.FromArray(values).Reshape(4, 6), point);
        Check((Tensor[] inputs) => Op.Scan(op, inputs[0], 0), point);
        Check((Tensor[] inputs) => Op.Scan(op, inputs[0], 1), point);
    }

    private static void Empty(Func<Tensor[], Tensor> function, int arity)
    {
        var inputs = Enumerable.Range(0, arity).Select(_ => Tensor.Zeros([2, 0], DType.Float64)).ToArray();
        Same(inputs[0], function(inputs), "the value of nothing", 0);
        var leaves = Leaves(inputs);
        Same(inputs[0], Gradients(function(leaves), leaves, inputs[0], createGraph: false)[0], "the gradient of nothing", 0);
    }

    private static Tensor Reference(Tensor[] inputs, Func<One<double>[], One<double>> formula)
    {
        var columns = Array.ConvertAll(inputs, x => x.ToArray<double>());
        var values = columns[0].Select((_, i) => formula(Array.ConvertAll(columns, column => new One<double>(column[i]))).Value).ToArray();
        return Tensor.FromArray(values).Reshape(inputs[0].Shape.ToArray());
    }

    /// <summary>Points of a domain away from its kinks and from those of the other inputs.</summary>
    private static double[] Draw(Domain domain, int input, int inputs)
    {
        const int cells = 256;
        var cell = (domain.High - domain.Low) / cells;
        var values = Enumerable.Range(0, cells)
            .Select(at => domain.Low + (cell * ((at * 97 % cells) + ((input + 0.75) / (inputs + 1)))))
            .Where(value => !(domain.Kinks ?? []).Any(kink => Math.Abs(value - kink) < 8 * cell));
        return [.. values.Skip(input * Points).Take(Points)];
    }

    private static void Close(string what, double expected, double actual, params double[] at)
    {
        if (!(Math.Abs(expected - actual) <= 1e-12 * Math.Max(Math.Max(Math.Abs(expected), Math.Abs(actual)), 0.01)))
        {
            throw new LawException(
                $"{what} at ({string.Join(", ", at.Select(x => $"{x:R}"))}) is {actual:R}, and the formula's derivative is {expected:R}.");
        }
    }
}
