using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>exp(x - m) as a loop body, 1 where both are the same infinity.</summary>
internal readonly struct ShiftedExp : IBody
{
    public static int Arity => 2;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => V.Select(V.Equal(a, b), V.One, V.Call<Exp>(a - b));
}

/// <summary>log(s) + m as a loop body; an infinite m is the result.</summary>
internal readonly struct LogPlus : IBody
{
    public static int Arity => 2;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => V.Select(V.Equal(V.Abs(b), V.Of(double.PositiveInfinity)), b, V.Call<Log>(a) + b);
}

/// <summary>g * (exp(x - y) / s) as a loop body: the pull.</summary>
internal readonly struct Weighted : IBody
{
    public static int Arity => 4;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => a * (V.Call<Exp>(b - c) / d);
}

/// <summary>log(sum(exp(x))) over dimensions, shifted by the largest element so that nothing overflows.</summary>
internal readonly record struct LogSumExp : IRows
{
    public static bool Reduces => true;

    public static bool ReadsX => true;

    public static bool ReadsY => true;

    public string GradName => "LogsumexpBackward0";

    public static bool HasPullFused => true;

    public Tensor Apply(Tensor x, RowDims rows)
    {
        if (ByRows(x, rows) is { } fused)
        {
            return fused;
        }

        var reduced = rows.Reduced;
        var top = Op.Fold(default(Amax), x, reduced, rows.KeepDim);
        var sum = Op.FoldMap(default(ShiftedExp), reduced, rows.KeepDim, x, Op.Spread(top, x.Layout, reduced));
        Op.Run(default(LogPlus), sum, sum, top, null, null);
        return sum;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => rows.Keep(g, x!.Shape) * Shares(x, y!, rows);

    public Tensor PullFused(Tensor g, Tensor? x, Tensor? y, RowDims rows)
    {
        if (SlopesByRows(g, x!, y!, rows.Reduced) is { } fused)
        {
            return fused;
        }

        var reduced = rows.Reduced;
        var shift = Op.Spread(y!, x!.Layout, reduced);
        var sum = Op.Spread(Op.FoldMap(default(ShiftedExp), reduced, keepDim: true, x, shift), x.Layout, reduced);
        var result = Op.Fresh(x.Layout, x.DType);
        Op.Run(default(Weighted), result, Op.Spread(g, x.Layout, reduced), x, shift, sum);
        return result;
    }

    public Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) => Formulas.SumOver(t * Shares(x, y, rows), rows.Reduced, rows.KeepDim);

    /// <summary>
    /// exp(x - y) / sum(exp(x - y)) in recorded operators. Without the quotient, where elements are large, y has lost the logarithm of their number.
    /// It is a constant here, as it cancels, and finite: a row with infinities is NaN at them and 0 elsewhere, as in PyTorch.
    /// </summary>
    private static Tensor Shares(Tensor x, Tensor y, RowDims rows)
    {
        var largest = x.DType.IsFloatingPoint ? x.DType.Most : throw new NotSupportedException($"No exponential of {x.DType}.");
        var shift = rows.Keep(y.Detach(), x.Shape).Clamp(-largest, largest);
        var shares = (x - shift).Exp();
        return shares / rows.Sum(shares);
    }

    /// <summary>The form by a kernel for rows; null where it does not fit.</summary>
    private static unsafe Tensor? ByRows(Tensor x, RowDims rows)
    {
        if (!SoftmaxRows.Fit(x.Layout, rows.Reduced))
        {
            return null;
        }

        var length = x.Layout.Sizes[^1];
        var result = Op.Fresh(Layout.Dense(rows.Sizes(x.Layout)), x.DType);
        fixed (byte* origin = &x.Storage.Origin, to = &result.Storage.Origin)
        {
            var from = origin + (x.Layout.Offset * x.DType.ItemSize);
            x.DType.VisitReal(new Loops { From = from, To = to, Rows = x.Layout.Count / length, Length = length }, "logsumexp");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>The pull of rows that lie side by side; null for others.</summary>
    private static unsafe Tensor? SlopesByRows(Tensor g, Tensor x, Tensor y, bool[] reduced)
    {
        if (!SoftmaxRows.Fit(x.Layout, reduced) || !g.Layout.IsContiguous || !y.Layout.IsContiguous)
        {
            return null;
        }

        var length = x.Layout.Sizes[^1];
        var rows = x.Layout.Count / length;
        var result = Op.Fresh(x.Layout, x.DType);
        using var pins = new Pins(x, y, g, result);
        x.DType.VisitReal(new PullLoops { Pins = pins, Rows = rows, Length = length }, "softmax_lastdim_kernel_impl");
        return result;
    }

    private unsafe struct Loops : IRealJob
    {
        public byte* From;
        public byte* To;
        public nint Rows;
        public nint Length;

        readonly void IRealJob.Run<T>() => SoftmaxRows.Totals((T*)From, (T*)To, Rows, Length);
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public nint Rows;
        public nint Length;

        readonly void IRealJob.Run<T>() => SoftmaxRows.Slopes((T*)Pins[0], (T*)Pins[1], (T*)Pins[2], (T*)Pins[3], Rows, Length);
    }
}

/// <content>The logarithm of a sum of exponentials.</content>
public sealed partial class Tensor
{
    /// <summary>log(sum(exp(x))) over a dimension, without overflow.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    public Tensor LogSumExp(int dim, bool keepDim = false) => LogSumExp([dim], keepDim);

    /// <summary>log(sum(exp(x))) over dimensions, without overflow.</summary>
    public Tensor LogSumExp(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        var input = DType.IsFloatingPoint ? this : To(DType.DefaultReal);
        return Op.Rows(default(LogSumExp), input, new RowDims(Dims.Mask(dims, Rank), keepDim));
    }
}
