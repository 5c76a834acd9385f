using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Watching;

namespace Adjoint;

/// <summary>
/// What variance and standard deviation have in common. Elements are counted from the mean before they are squared, and what rounding left in
/// the mean is taken off afterwards (T. Chan, G. Golub, R. LeVeque, Algorithms for Computing the Sample Variance, The American Statistician 37, 1983,
/// the corrected two-pass algorithm); the mean itself is counted from the first element, so that equal elements have no variance at all.
/// </summary>
internal static class Moments
{
    /// <summary>The variance, not recorded.</summary>
    public static Tensor Variance(Tensor x, RowDims rows, double correction)
    {
        var (reduced, keepDim) = (rows.Reduced, rows.KeepDim);
        var count = Dims.Count(x.Shape, reduced);
        if (x.Layout.Count == 0)
        {
            var nothing = Op.Fresh(Layout.Dense(Op.ReducedSizes(x.Layout, reduced, keepDim)), x.DType);
            Numbers.Fill(nothing, double.NaN);
            return nothing;
        }

        var first = First(x, reduced, keepDim);
        var mean = Op.FoldMap(default(Distance), reduced, keepDim, x, Op.Spread(first, x.Layout, reduced));
        Op.Run(new PlusShare(count), mean, first, mean, null, null);
        var centre = Op.Spread(mean, x.Layout, reduced);
        var squares = Op.FoldMap(default(SquaredDistance), reduced, keepDim, x, centre);
        var rest = Op.FoldMap(default(Distance), reduced, keepDim, x, centre);
        Op.Run(new Corrected(count, Math.Max(count - correction, 0)), squares, squares, rest, null, null);
        return squares;
    }

    /// <summary>The derivative of the variance against each element times a gradient, or a tangent, of the result's kept sizes; recorded.</summary>
    /// <param name="g">The gradient, with the reduced dimensions as ones or without any.</param>
    /// <param name="x">The input.</param>
    /// <param name="rows">The reduced dimensions.</param>
    /// <param name="correction">What is taken off the count.</param>
    public static Tensor Pull(Tensor g, Tensor x, RowDims rows, double correction)
    {
        var freedom = Dims.Count(x.Shape, rows.Reduced) - correction;
        var mean = Op.Linear(new Mean(rows.Reduced, KeepDim: true, Whole: false), x);
        if ((rows.Whole || x.Rank == 0) && freedom <= 0)
        {
            // As PyTorch has it: the limits, where the formula would divide by zero.
            return g * Tensor.Where(
                x.Eq(mean), Tensor.Full([], double.NaN, x.DType), Tensor.Full([], double.PositiveInfinity, x.DType));
        }

        return g * (2 / freedom) * (x - mean);
    }

    /// <summary>The tangent of the variance, recorded.</summary>
    public static Tensor Push(Tensor t, Tensor x, RowDims rows, double correction) =>
        Formulas.SumOver(Pull(t, x, rows, correction), rows.Reduced, rows.KeepDim);

    /// <summary>Checks the input, and warns as PyTorch does where too few elements go into a result.</summary>
    /// <exception cref="DTypeException">The elements are not real.</exception>
    public static bool[] Check(Tensor x, ReadOnlySpan<int> dims, double correction, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!x.DType.IsFloatingPoint)
        {
            var subject = name is "var" or "std" ? "std and var" : name;
            throw new DTypeException(
                $"{subject} only support floating point and complex dtypes. Got {x.DType.ScalarName}. Convert it with To(DType.Float32).");
        }

        var reduced = Dims.Mask(dims, x.Rank);
        if (x.Layout.Count > 0 && Dims.Count(x.Shape, reduced) - correction <= 0)
        {
            Warnings.Raise(
                $"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input numel divided by " +
                "output numel).");
        }

        return reduced;
    }

    /// <summary>The first element of each group, as a view.</summary>
    private static Tensor First(Tensor x, bool[] reduced, bool keepDim)
    {
        var strides = new List<nint>();
        for (var d = 0; d < x.Rank; d++)
        {
            if (!reduced[d] || keepDim)
            {
                strides.Add(x.Layout.Strides[d]);
            }
        }

        return x.View(x.Layout.With(Op.ReducedSizes(x.Layout, reduced, keepDim), [.. strides]));
    }

    /// <summary>x - m as a loop body.</summary>
    private readonly struct Distance : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a - b;
    }

    /// <summary>(x - m)^2 as a loop body.</summary>
    private readonly struct SquaredDistance : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a - b) * (a - b);
    }

    /// <summary>x + s / count as a loop body.</summary>
    private readonly struct PlusShare(double count) : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a + (b / V.Of(count));
    }

    /// <summary>(q - r^2 / count) / divisor as a loop body, where rounding makes nothing negative.</summary>
    private readonly struct Corrected(double count, double divisor) : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => V.Max(a - (b * (b / V.Of(count))), V.Zero) / V.Of(divisor);
    }
}
