using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

// The derivative of a product against one factor is the product of all others, E. Dividing by the factor finds it where no factor is zero and the
// product is neither zero nor infinite. Everywhere else it is the product of those before times the product of those behind, two linear recurrences
// without a quotient (Recurrence); their derivatives are recurrences again, so that every order is exact, however many factors are zero.

/// <summary>The product of elements.</summary>
internal readonly struct ProductFold : IFold
{
    public V Unit<V>()
        where V : struct, IRing<V> => V.One;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a * b;
}

/// <summary>g * (y / x) as a loop body.</summary>
internal readonly struct ShareOfProduct : IBody
{
    public static int Arity => 3;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => a * (c / b);
}

/// <summary>The product over dimensions.</summary>
internal readonly record struct Prod(bool IsOfAll) : IRows
{
    public string GradName => IsOfAll ? "ProdBackward0" : "ProdBackward1";

    internal bool IsOfAll { get; init; } = IsOfAll;

    public static bool Reduces => true;

    public static bool ReadsX => true;

    public static bool ReadsY => false;

    public static bool HasPullFused => true;

    public Tensor Apply(Tensor x, RowDims rows) => Op.Fold(default(ProductFold), x, rows.Reduced, rows.KeepDim);

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => rows.Keep(g, x!.Shape) * Others(x, rows.Reduced);

    public Tensor PullFused(Tensor g, Tensor? x, Tensor? y, RowDims rows)
    {
        // Only this reads products, so it is not worth keeping them.
        var products = Apply(x!, rows);
        if (!IsRegular(products))
        {
            return Pull(g, x, null, rows);
        }

        var result = Op.Fresh(x!.Layout, x.DType);
        Op.Run(default(ShareOfProduct), result, Op.Spread(g, x.Layout, rows.Reduced), x, Op.Spread(products, x.Layout, rows.Reduced), null);
        return result;
    }

    public Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) =>
        Formulas.SumOver(t * Others(x, rows.Reduced), rows.Reduced, rows.KeepDim);

    /// <summary>The product of all other elements of its row, for each; recorded.</summary>
    public static Tensor Others(Tensor x, bool[] reduced)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(d => !reduced[d]), .. Enumerable.Range(0, x.Rank).Where(d => reduced[d])];
        var kept = reduced.AsSpan().Count(false);
        var last = x.Permute(order);
        var sizes = last.Layout.Sizes;
        var rows = last.Reshape([.. sizes[..kept], (int)Shape.Product(sizes.AsSpan(kept))]);
        var others = (Before(rows, kept, isBehind: false) * Before(rows, kept, isBehind: true)).Reshape(sizes);
        var back = new int[order.Length];
        for (var d = 0; d < order.Length; d++)
        {
            back[order[d]] = d;
        }

        return others.Permute(back);
    }

    /// <summary>The product of the elements before each, or behind it: p[i] = p[i - 1] x[i - 1], and 1 at the end.</summary>
    private static Tensor Before(Tensor rows, int dim, bool isBehind)
    {
        var ends = Recurrence.Shift(Tensor.Zeros(rows.Layout.Sizes, rows.DType), dim, ahead: isBehind, first: 1);
        return Recurrence.Run(ends, Recurrence.Shift(rows, dim, ahead: isBehind, first: 0), dim, reverse: isBehind);
    }

    /// <summary>Whether every product is a normal number, so that no factor is zero, and quotients lose nothing.</summary>
    private static bool IsRegular(Tensor y)
    {
        var all = Dims.Mask([], y.Rank);
        var least = Numbers.RealOf(Op.Fold(default(SmallestMagnitude), y, all, keepDim: false));
        var most = Numbers.RealOf(Op.Fold(default(LargestMagnitude), y, all, keepDim: false));
        return least >= (y.DType == DType.Float32 ? 1.1754943508222875e-38 : 2.2250738585072014e-308) && most <= y.DType.Most; // 2^-126, 2^-1022
    }

    /// <summary>The smallest magnitude.</summary>
    private readonly struct SmallestMagnitude : IFold
    {
        public V Unit<V>()
            where V : struct, IRing<V> => V.Of(double.PositiveInfinity);

        public V Lift<V>(V x)
            where V : struct, IReal<V> => V.Abs(x);

        public V Combine<V>(V a, V b)
            where V : struct, IRing<V> => V.Min(a, b);
    }

    /// <summary>The largest magnitude.</summary>
    private readonly struct LargestMagnitude : IFold
    {
        public V Unit<V>()
            where V : struct, IRing<V> => V.Zero;

        public V Lift<V>(V x)
            where V : struct, IReal<V> => V.Abs(x);

        public V Combine<V>(V a, V b)
            where V : struct, IRing<V> => V.Max(a, b);
    }
}

/// <content>Products over all or some dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The product of all elements (<c>torch.prod</c>); whole numbers and truth values give int64. Gradients are exact where elements are zero,
    /// to any order.
    /// </summary>
    /// <param name="dtype">Convert to this type first.</param>
    public Tensor Prod(DType? dtype = null) => ProdOver(this, [], keepDim: false, whole: true, dtype);

    /// <summary>The product over one dimension; see <see cref="Prod(DType?)"/>.</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Prod(int dim, bool keepDim = false, DType? dtype = null) => ProdOver(this, [dim], keepDim, whole: false, dtype);

    /// <summary>The product over several dimensions; none means all.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Prod(ReadOnlySpan<int> dims, bool keepDim = false, DType? dtype = null) => ProdOver(this, dims, keepDim, whole: false, dtype);

    private static Tensor ProdOver(Tensor x, ReadOnlySpan<int> dims, bool keepDim, bool whole, DType? dtype)
    {
        var wanted = dtype ?? (x.DType.IsFloatingPoint ? x.DType : DType.Int64);
        return Op.Rows(new Prod(whole), x.To(wanted), new RowDims(Dims.Mask(dims, x.Rank), keepDim, whole));
    }
}
