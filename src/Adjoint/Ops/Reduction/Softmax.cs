using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>exp(x) / sum(exp(x)) along a dimension. The safe one is 0, and not NaN,
/// where all elements are negative infinity: nothing has a share.</summary>
internal readonly record struct Softmax(bool IsSafe) : IRows
{
    public string GradName => IsSafe ? "SafeSoftmaxBackward0" : "SoftmaxBackward0";

    public static bool Reduces => false;

    public static bool ReadsX => false;

    public static bool ReadsY => true;

    public static bool HasPullFused => true;

    public static bool IsSymmetric => true;

    public Tensor Apply(Tensor x, RowDims rows)
    {
        var reduced = rows.Reduced;
        if (SoftmaxPasses.ByRows(x, reduced, isLog: false, IsSafe) is { } fused)
        {
            return fused;
        }

        var top = Op.Fold(default(Amax), x, reduced, keepDim: true);
        if (IsSafe)
        {
            Op.Run(default(NotNothing), top, top, null, null, null);
        }

        var scaled = Op.RunReal(default(ExpOfDistance), x.Layout, x, Op.Spread(top, x.Layout, reduced), null, null);
        var sum = Op.Fold(default(SumFold), scaled, reduced, keepDim: true);
        if (IsSafe)
        {
            Op.Run(default(NotZero), sum, sum, null, null, null);
        }

        Op.Run(default(QuotientBody), scaled, scaled, sum, null, null);
        scaled.IsTemporary = false;
        return scaled;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => y! * (g - rows.Sum(g * y!));

    public Tensor PullFused(Tensor g, Tensor? x, Tensor? y, RowDims rows) =>
        SoftmaxPasses.PullByRows(g, y!, rows.Reduced, isLog: false) ?? SoftmaxPasses.Run(
            default(Pulled), g, y!, Op.FoldMap(default(Product), rows.Reduced, keepDim: true, g, y!));

    /// <summary>g * y as a loop body.</summary>
    private readonly struct Product : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a * b;
    }

    /// <summary>(g - s) * y as a loop body.</summary>
    private readonly struct Pulled : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a - c) * b;
    }

    /// <summary>m as a loop body, but 0 for negative infinity.</summary>
    private readonly struct NotNothing : IBody
    {
        public static int Arity => 1;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => V.Select(V.Equal(a, V.Of(double.NegativeInfinity)), V.Zero, a);
    }

    /// <summary>s as a loop body, but 1 for 0.</summary>
    private readonly struct NotZero : IBody
    {
        public static int Arity => 1;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => V.Select(V.Equal(a, V.Zero), V.One, a);
    }
}

/// <summary>exp(x - m) as a loop body: NaN for a row of infinities, as in PyTorch.</summary>
internal readonly struct ExpOfDistance : IBody
{
    public static int Arity => 2;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => V.Call<Exp>(a - b);
}

/// <summary>
/// x - log(sum(exp(x))) along a dimension: x - m - log(sum(exp(x - m))) with the largest element m,
/// in this order, so that large elements do not round the logarithm away.
/// </summary>
internal readonly record struct LogSoftmax : IRows
{
    public static bool Reduces => false;

    public static bool ReadsX => false;

    public static bool ReadsY => true;

    public static bool HasPullFused => true;

    public Tensor Apply(Tensor x, RowDims rows)
    {
        var reduced = rows.Reduced;
        if (SoftmaxPasses.ByRows(x, reduced, isLog: true, isSafe: false) is { } fused)
        {
            return fused;
        }

        var top = Op.Fold(default(Amax), x, reduced, keepDim: true);
        var log = Op.FoldMap(default(ExpOfDistance), reduced, keepDim: true, x, Op.Spread(top, x.Layout, reduced));
        Op.Run(new MapBody<Map<Log>>(default), log, log, null, null, null);
        var result = Op.Fresh(x.Layout, x.DType);
        Op.Run(default(Difference), result, x, top, log, null);
        return result;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => g - (y!.Exp() * rows.Sum(g));

    public Tensor PullFused(Tensor g, Tensor? x, Tensor? y, RowDims rows) =>
        SoftmaxPasses.PullByRows(g, y!, rows.Reduced, isLog: true) ?? SoftmaxPasses.Run(
            default(Pulled), g, y!, Op.Fold(default(SumFold), g, rows.Reduced, keepDim: true));

    public Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) => t - rows.Sum(y.Exp() * t);

    /// <summary>g - exp(y) * s as a loop body.</summary>
    private readonly struct Pulled : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a - (V.Call<Exp>(b) * c);
    }

    /// <summary>x - m - l as a loop body; l is NaN for a whole row with an infinite m, as in PyTorch.</summary>
    private readonly struct Difference : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a - b) - c;
    }
}

/// <content>Normalising scores to probabilities.</content>
public sealed partial class Tensor
{
    /// <summary>exp(x) / sum(exp(x)) along a dimension, without overflow.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first; a real one.</param>
    /// <exception cref="DTypeException">The elements are whole numbers or truth values, and no real type is named.</exception>
    public Tensor Softmax(int dim, DType? dtype = null)
    {
        var input = SoftmaxPasses.Real(this, dim, dtype, "softmax_lastdim_kernel_impl");
        return Op.Rows(new Softmax(IsSafe: false), input, new RowDims(Dims.Mask([dim], input.Rank), keepDim: false));
    }

    /// <summary>The logarithm of <see cref="Softmax"/>, computed without leaving the logarithm.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first; a real one.</param>
    /// <exception cref="DTypeException">The elements are whole numbers or truth values, and no real type is named.</exception>
    public Tensor LogSoftmax(int dim, DType? dtype = null)
    {
        var input = SoftmaxPasses.Real(this, dim, dtype, "log_softmax_lastdim_kernel_impl");
        return Op.Rows(default(LogSoftmax), input, new RowDims(Dims.Mask([dim], input.Rank), keepDim: false));
    }

    /// <summary><see cref="Softmax"/> with zeros, and no gradient, where all elements are negative infinity (<c>torch._safe_softmax</c>).</summary>
    internal Tensor SafeSoftmax(int dim) => Op.Rows(new Softmax(IsSafe: true), this, new RowDims(Dims.Mask([dim], Rank), keepDim: false));
}

/// <summary>The passes that softmax and its logarithm share.</summary>
internal static class SoftmaxPasses
{
    /// <summary>The form by a kernel for rows; null where it does not fit.</summary>
    public static unsafe Tensor? ByRows(Tensor x, bool[] reduced, bool isLog, bool isSafe)
    {
        if (!SoftmaxRows.Fit(x.Layout, reduced))
        {
            return null;
        }

        var length = x.Layout.Sizes[^1];
        var result = Op.Fresh(x.Layout, x.DType);
        fixed (byte* origin = &x.Storage.Origin, to = &result.Storage.Origin)
        {
            var from = origin + (x.Layout.Offset * x.DType.ItemSize);
            var rows = x.Layout.Count / length;
            x.DType.VisitReal(
                new Loops { From = from, To = to, Rows = rows, Length = length, IsLog = isLog, IsSafe = isSafe }, "softmax_lastdim_kernel_impl");
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>A formula of a gradient, a result of its shape, and what broadcasts to both.</summary>
    public static Tensor Run<B>(B body, Tensor g, Tensor y, Tensor sum)
        where B : struct, IBody
    {
        var result = Op.Fresh(y.Layout, y.DType);
        Op.Run(body, result, g, y, sum, null);
        return result;
    }

    /// <summary>The pull of rows that lie side by side, each in one pass while it is in the cache; null for others.</summary>
    public static unsafe Tensor? PullByRows(Tensor g, Tensor y, bool[] reduced, bool isLog)
    {
        if (!SoftmaxRows.Fit(y.Layout, reduced) || !g.Layout.IsContiguous)
        {
            return null;
        }

        var length = y.Layout.Sizes[^1];
        Guard.Dense(g, y.DType, y.Layout.Count, "grad_output");
        var result = Op.Fresh(y.Layout, y.DType);
        using var pins = new Pins(g, y, result);
        y.DType.VisitReal(
            new PullLoops { Pins = pins, Rows = y.Layout.Count / length, Length = length, IsLog = isLog }, "softmax_lastdim_kernel_impl");
        return result;
    }

    /// <summary>The input in the type to compute with; PyTorch names the kernel of the last dimension where it has none for the type.</summary>
    public static Tensor Real(Tensor x, int dim, DType? dtype, string lastDim)
    {
        ArgumentNullException.ThrowIfNull(x);
        var chosen = dtype ?? x.DType;
        return chosen.IsFloatingPoint
            ? x.To(chosen)
            : throw new DTypeException(
                $"\"{(x.Rank == 0 || x.Layout.Dim(dim) == x.Rank - 1 ? lastDim : "softmax_kernel_impl")}\" not implemented for " +
                $"'{chosen.ScalarName}'. Name a real type, as in x.Softmax(dim, DType.Float32).");
    }

    private unsafe struct Loops : IRealJob
    {
        public byte* From;
        public byte* To;
        public nint Rows;
        public nint Length;
        public bool IsLog;
        public bool IsSafe;

        readonly void IRealJob.Run<T>()
        {
            if (IsLog)
            {
                SoftmaxRows.Logarithms((T*)From, (T*)To, Rows, Length);
            }
            else
            {
                SoftmaxRows.Run((T*)From, (T*)To, Rows, Length, IsSafe);
            }
        }
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public nint Rows;
        public nint Length;
        public bool IsLog;

        readonly void IRealJob.Run<T>() => SoftmaxRows.Pull((T*)Pins[0], (T*)Pins[1], (T*)Pins[2], Rows, Length, IsLog);
    }
}
