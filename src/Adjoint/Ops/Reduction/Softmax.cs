using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>exp(x) / sum(exp(x)) along a dimension.</summary>
internal readonly struct Softmax(int dim, bool[] reduced) : IPrimitive
{
    public static bool ReadsX => false;

    public static bool ReadsY => true;

    public Tensor Apply(Tensor x)
    {
        if (SoftmaxMethod.ByRows(x, reduced, isLog: false) is { } fused)
        {
            return fused;
        }

        var top = Op.Fold(new Amax(string.Empty), x, reduced, keepDim: true);
        var scaled = Op.RunReal(default(Shifted), x.Layout, x, Op.Spread(top, x.Layout, reduced), null, null);
        var sum = Op.Fold(default(SumFold), scaled, reduced, keepDim: true);
        Op.Run(default(QuotientBody), scaled, scaled, sum, null, null);
        scaled.IsTemporary = false;
        return scaled;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y)
    {
        if (SoftmaxMethod.IsPlain(g, y!))
        {
            return SoftmaxMethod.PullByRows(g, y!, reduced, isLog: false) ?? SoftmaxMethod.Run(
                default(Pulled), g, y!, Op.FoldMap(default(Product), reduced, keepDim: true, g, y!));
        }

        var weighted = g * y!;
        return weighted - (y! * weighted.Sum(dim, keepDim: true));
    }

    // The Jacobian is symmetric.
    public Tensor? Push(Tensor t, Tensor x, Tensor y) => Pull(t, null, y);

    public Tensor? Batch(Tensor x)
    {
        var axis = dim < 0 ? dim : dim + 1;
        return reduced.Length == 0 ? null : Op.Primitive(new Softmax(axis, [false, .. reduced]), x);
    }

    /// <summary>g * y as a loop body.</summary>
    private readonly struct Product : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a * b;

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }

    /// <summary>(g - s) * y as a loop body.</summary>
    private readonly struct Pulled : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a - c) * b;

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }

    /// <summary>exp(x - m) as a loop body: NaN for a row of infinities, as in PyTorch.</summary>
    private readonly struct Shifted : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => V.Call<Exp>(a - b);

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }
}

/// <summary>x - log(sum(exp(x))) along a dimension.</summary>
internal readonly struct LogSoftmax(int dim, bool[] reduced) : IPrimitive
{
    public static bool ReadsX => false;

    public static bool ReadsY => true;

    public Tensor Apply(Tensor x)
    {
        if (SoftmaxMethod.ByRows(x, reduced, isLog: true) is { } fused)
        {
            return fused;
        }

        var total = new LogSumExp(reduced, keepDim: true).Apply(x);
        var result = Op.Fresh(x.Layout, x.DType);
        Op.Run(default(Difference), result, x, total, null, null);
        return result;
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y) => SoftmaxMethod.IsPlain(g, y!)
        ? SoftmaxMethod.PullByRows(g, y!, reduced, isLog: true) ?? SoftmaxMethod.Run(
            default(Pulled), g, y!, Op.Fold(default(SumFold), g, reduced, keepDim: true))
        : g - (y!.Exp() * g.Sum(dim, keepDim: true));

    public Tensor? Push(Tensor t, Tensor x, Tensor y) => t - (y.Exp() * t).Sum(dim, keepDim: true);

    public Tensor? Batch(Tensor x)
    {
        var axis = dim < 0 ? dim : dim + 1;
        return reduced.Length == 0 ? null : Op.Primitive(new LogSoftmax(axis, [false, .. reduced]), x);
    }

    /// <summary>g - exp(y) * s as a loop body.</summary>
    private readonly struct Pulled : IBody
    {
        public static int Arity => 3;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a - (V.Call<Exp>(b) * c);

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }

    /// <summary>x - t as a loop body; NaN for a whole row with an infinite total, as in PyTorch.</summary>
    private readonly struct Difference : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => (a - b) + (b - b);

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a;
    }
}

/// <summary>Normalising scores to probabilities.</summary>
public static class SoftmaxMethod
{
    extension(Tensor x)
    {
        /// <summary>exp(x) / sum(exp(x)) along a dimension, without overflow.</summary>
        /// <param name="dim">The dimension; negative counts from the end.</param>
        /// <param name="dtype">Convert to this type first.</param>
        public Tensor Softmax(int dim, DType? dtype = null)
        {
            var input = Real(x, dtype);
            return Op.Primitive(new Softmax(dim, Dims.Mask([dim], input.Rank)), input);
        }

        /// <summary>The logarithm of <see cref="Softmax"/>, computed without leaving the logarithm.</summary>
        /// <param name="dim">The dimension; negative counts from the end.</param>
        /// <param name="dtype">Convert to this type first.</param>
        public Tensor LogSoftmax(int dim, DType? dtype = null)
        {
            var input = Real(x, dtype);
            return Op.Primitive(new LogSoftmax(dim, Dims.Mask([dim], input.Rank)), input);
        }
    }

    /// <summary>The form by a kernel for rows; null where it does not fit.</summary>
    internal static unsafe Tensor? ByRows(Tensor x, bool[] reduced, bool isLog)
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
            if (x.DType == DType.Float32)
            {
                SoftmaxRows.Run((float*)from, (float*)to, x.Layout.Count / length, length, isLog);
            }
            else
            {
                SoftmaxRows.Run((double*)from, (double*)to, x.Layout.Count / length, length, isLog);
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Whether a pull of tensors is neither recorded nor followed, and of one dtype, so that loops of its own may do it.</summary>
    internal static bool IsPlain(Tensor g, Tensor y) =>
        !g.IsStandIn && !y.IsStandIn && g.DType == y.DType && g.Layout.SameSizes(y.Layout)
        && !(Recording.IsOn && (g.RequiresGrad || y.RequiresGrad));

    /// <summary>A formula of a gradient, a result of its shape, and what broadcasts to both.</summary>
    internal static Tensor Run<B>(B body, Tensor g, Tensor y, Tensor sum)
        where B : struct, IBody
    {
        var result = Op.Fresh(y.Layout, y.DType);
        Op.Run(body, result, g, y, sum, null);
        return result;
    }

    /// <summary>The pull of rows that lie side by side, each in one pass while it is in the cache; null for others.</summary>
    internal static unsafe Tensor? PullByRows(Tensor g, Tensor y, bool[] reduced, bool isLog)
    {
        if (!SoftmaxRows.Fit(y.Layout, reduced) || !g.Layout.IsContiguous)
        {
            return null;
        }

        var length = y.Layout.Sizes[^1];
        var result = Op.Fresh(y.Layout, y.DType);
        using var pins = new Pins(g, y, result);
        if (y.DType == DType.Float32)
        {
            SoftmaxRows.Pull((float*)pins[0], (float*)pins[1], (float*)pins[2], y.Layout.Count / length, length, isLog);
        }
        else
        {
            SoftmaxRows.Pull((double*)pins[0], (double*)pins[1], (double*)pins[2], y.Layout.Count / length, length, isLog);
        }

        return result;
    }

    private static Tensor Real(Tensor x, DType? dtype)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.To(dtype ?? (x.DType.IsFloatingPoint ? x.DType : DTypeProperties.DefaultReal));
    }
}
