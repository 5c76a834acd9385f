using System.Globalization;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The p-norms of all differences between rows of two batches of matrices, which have the same batch dimensions. The differences are never written to
/// memory where loops run: a distance is a fold over columns, a gradient one over the rows of the other matrix. At kinks slopes are PyTorch's: 0 for
/// equal rows, and 1 for each of the largest differences of the maximum norm.
/// </summary>
internal readonly record struct Cdist(double P) : IFused
{
    public int Differentiable => 2;

    public Reads Reads(Places wanted) => wanted.Count > 0 ? new Reads(Places.Of(0, 1), Result: true) : default;

    public TensorType Infer(TensorType?[] inputs)
    {
        var (x, y) = (inputs[0]!.Value.Layout.Sizes, inputs[1]!.Value.Layout.Sizes);
        return inputs[0]!.Value.With([.. x[..^1], y[^2]]);
    }

    public Tensor Compose(Tensor?[] inputs)
    {
        var differences = inputs[0]!.Unsqueeze(-2) - inputs[1]!.Unsqueeze(-3);
        return differences.Layout.Sizes[^1] == 0 ? differences.Sum(-1) : differences.Norm(P, [-1]);
    }

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var (x, y) = (inputs[0]!.Detach(), inputs[1]!.Detach());
        if (double.IsInfinity(P))
        {
            return Compose([x, y]);
        }

        var (left, right) = Spread(x, y);
        var distances = Op.FoldMap(new Powers(P), Last(left.Rank, 1), keepDim: false, left, right);
        if (P is not (0 or 1))
        {
            Op.Run(new Root(P), distances, distances, null, null, null);
        }

        return distances;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        var (x, y) = (saved.Inputs[0]!, saved.Inputs[1]!);
        if (saved.Wanted.Count == 0)
        {
            return [null, null];
        }

        var differences = x.Unsqueeze(-2) - y.Unsqueeze(-3);
        var slope = Slope(new Sym(differences), new Sym(saved.Result!.Unsqueeze(-1)), P);
        var pulled = Formulas.Chain(g.Unsqueeze(-1), slope, selects: false);
        pulled = pulled.Layout.SameSizes(differences.Layout) ? pulled : pulled.Expand(differences.Layout.Sizes);
        return [saved.Wanted[0] ? pulled.Sum(-2) : null, saved.Wanted[1] ? -pulled.Sum(-3) : null];
    }

    public Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        var (left, right) = Spread(Op.SavedIn(saved.Inputs[0], g), Op.SavedIn(saved.Inputs[1], g));
        var gradient = g.Detach().Unsqueeze(-1).Expand(left.Layout.Sizes);
        var result = Op.SavedIn(saved.Result, g).Detach().Unsqueeze(-1);
        return
        [
            saved.Wanted[0] ? Op.FoldMap(new Slopes(P), Last(left.Rank, 2), keepDim: false, gradient, left, right, result) : null,
            saved.Wanted[1] ? Op.FoldMap(new Slopes(P), Last(left.Rank, 3), keepDim: false, gradient, right, left, result) : null,
        ];
    }

    /// <summary>The derivative of a distance y against one of its differences d.</summary>
    private static V Slope<V>(V d, V y, double p)
        where V : struct, IReal<V>
    {
        switch (p)
        {
            case 0:
                return V.Zero;
            case 1:
                return V.Sign(d);
            case double.PositiveInfinity:
                return V.Select(V.Equal(V.Abs(d), y), V.Sign(d), V.Zero);
        }

        // What is not chosen is computed from 1: 0 times the derivative of a power of 0 would be NaN.
        var isFlat = p == 2 ? V.Equal(y, V.Zero) : V.Or(V.Equal(d, V.Zero), V.Equal(y, V.Zero));
        var length = V.Select(isFlat, V.One, y);
        if (p == 2)
        {
            return V.Select(isFlat, V.Zero, d / length);
        }

        var share = V.Select(isFlat, V.One, V.Abs(d) / length);
        return V.Select(isFlat, V.Zero, V.Sign(d) * V.Call<Pow>(share, V.Of(p - 1)));
    }

    /// <summary>Both tensors as views of the shape of all differences.</summary>
    private static (Tensor Left, Tensor Right) Spread(Tensor x, Tensor y)
    {
        var sizes = x.Layout.Sizes;
        int[] all = [.. sizes[..^1], y.Layout.Sizes[^2], sizes[^1]];
        return (x.Detach().Unsqueeze(-2).Expand(all), y.Detach().Unsqueeze(-3).Expand(all));
    }

    private static bool[] Last(int rank, int place)
    {
        var reduced = new bool[rank];
        reduced[rank - place] = true;
        return reduced;
    }

    /// <summary>|x - y|^p as a loop body.</summary>
    private readonly struct Powers(double p) : IBody
    {
        public static int Arity => 2;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V>
        {
            var distance = V.Abs(a - b);
            return p switch
            {
                2 => distance * distance,
                1 => distance,
                0 => V.Select(V.Equal(distance, V.Zero), V.Zero, V.One),
                _ => V.Call<Pow>(distance, V.Of(p)),
            };
        }
    }

    /// <summary>x^(1 / p) as a loop body.</summary>
    private readonly struct Root(double p) : IBody
    {
        public static int Arity => 1;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => p == 2 ? V.Sqrt(a) : V.Call<Pow>(a, V.Of(1 / p));
    }

    /// <summary>A gradient times the slope of a distance against the first of two elements, as a loop body.</summary>
    private readonly struct Slopes(double p) : IBody
    {
        public static int Arity => 4;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a * Slope(b - c, d, p);
    }
}

/// <content>Distances of all rows to all rows.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The p-norms of the differences between each row of this tensor and each row of another, [..., P, M] and [..., R, M] to [..., P, R]; leading
    /// dimensions broadcast (<c>torch.cdist</c>). Distances are always computed from differences, as with PyTorch's
    /// <c>donot_use_mm_for_euclid_dist</c>.
    /// </summary>
    /// <param name="x2">The other rows.</param>
    /// <param name="p">The order of the norm; 0 counts the elements that differ.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The numbers are not real, or the dtypes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is negative.</exception>
    public Tensor Cdist(Tensor x2, double p = 2)
    {
        ArgumentNullException.ThrowIfNull(x2);
        CheckDistances(this, p, "cdist", "X1 got: ");
        CheckDistances(x2, p, "cdist", "X2 got: ");
        if (Rank < 2 || x2.Rank < 2)
        {
            throw new ShapeException(
                $"cdist only supports at least 2D tensors, {(Rank < 2 ? "X1" : "X2")} got: {(Rank < 2 ? Rank : x2.Rank)}D. Its vectors are rows " +
                $"of matrices.");
        }

        var (sizes, others) = (Layout.Sizes, x2.Layout.Sizes);
        if (sizes[^1] != others[^1])
        {
            throw new ShapeException(
                $"X1 and X2 must have the same number of columns. X1: {sizes[^1]} X2: {others[^1]}. The shapes are {Shape.Text(sizes)} and " +
                $"{Shape.Text(others)}.");
        }

        if (DType != x2.DType)
        {
            throw new DTypeException(
                $"expected scalar type {DType.ScalarName} but found {x2.DType.ScalarName}. Convert one of them with To(DType).");
        }

        var batch = Layout.Broadcast(Layout.Dense(sizes.AsSpan(..^2)), Layout.Dense(others.AsSpan(..^2))).Sizes;
        return Op.Fused(new Cdist(p), InBatch(this), InBatch(x2));

        Tensor InBatch(Tensor x) => x.Layout.Sizes.AsSpan(..^2).SequenceEqual(batch) ? x : x.Expand([.. batch, .. x.Layout.Sizes[^2..]]);
    }

    /// <summary>What all distances of rows ask of a tensor and an order.</summary>
    private static void CheckDistances(Tensor x, double p, string name, string got)
    {
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException($"{name} only supports floating-point dtypes, {got}{x.DType.ScalarName}. Convert it with To(DType.Float32).");
        }

        if (!(p >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(p), string.Create(CultureInfo.InvariantCulture, $"{name} only supports non-negative p values. Got: {p}"));
        }
    }
}
