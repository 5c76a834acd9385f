using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Inner products along a dimension, counted from the end, of two tensors that broadcast.
/// The products are never written to memory.</summary>
internal readonly record struct VecDot(int Dim, bool IsVector) : IBilinear
{
    /// <summary>PyTorch composes it of others.</summary>
    public string GradName => IsVector ? "VdotBackward0" : "SumBackward1";

    public TensorType Infer(TensorType x, TensorType y)
    {
        var sizes = Layout.Broadcast(x.Layout, y.Layout).Sizes;
        var at = sizes.Length + Dim;
        return x.With([.. sizes[..at], .. sizes[(at + 1)..]]);
    }

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var layout = Layout.Broadcast(x.Layout, y.Layout);
        var reduced = new bool[layout.Rank];
        reduced[layout.Rank + Dim] = true;
        var products = Op.FoldMap(default(Product), reduced, keepDim: false, x.View(x.Layout.Expand(layout.Sizes)), y);
        if (addend is not null)
        {
            Op.Run(new Map2Body<Add>(default), products, products, addend, null, null);
        }

        return products;
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => (Wide(g, y, x) * y).SumToSize(x.Sizes);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => (Wide(g, x, y) * x).SumToSize(y.Sizes);

    public Tensor PullX(Tensor g, Tensor y, Shape x) => Op.Pull(default(Product), isLast: false, Layout.Dense(x.Sizes), Wide(g, y, x), y, y, null);

    public Tensor PullY(Tensor g, Tensor x, Shape y) => Op.Pull(default(Product), isLast: false, Layout.Dense(y.Sizes), Wide(g, x, y), x, x, null);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY)
    {
        var rank = Math.Max(x.Rank - (batchedX ? 1 : 0), y.Rank - (batchedY ? 1 : 0));
        return Op.Bilinear(new VecDot(Dim, IsVector: false), batchedX ? Aligned(x, rank) : x, batchedY ? Aligned(y, rank) : y);
    }

    /// <summary>The gradient repeated along the dimension, and in all sizes of both inputs.</summary>
    private Tensor Wide(Tensor g, Tensor other, Shape input) =>
        g.Unsqueeze(Dim).Expand(Layout.Broadcast(Layout.Dense(input.Sizes), other.Layout).Sizes);

    /// <summary>A batch with dimensions of size 1 before those of its samples, so that they broadcast with samples of a higher rank.</summary>
    private static Tensor Aligned(Tensor x, int rank) => x.Rank > rank
        ? x
        : x.Reshape([x.Layout.Sizes[0], .. Enumerable.Repeat(1, rank + 1 - x.Rank), .. x.Layout.Sizes.AsSpan(1)]);

    /// <summary>x * y as a loop body.</summary>
    private readonly struct Product : IBody
    {
        public static int Arity => 2;

        public static Elements Elements => Elements.All;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, IReal<V> => a * b;

        public V I<V>(V a, V b, V c, V d)
            where V : struct, IRing<V> => a * b;
    }
}

/// <content>Inner products along a dimension.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The inner products of two tensors along a dimension (<c>torch.linalg.vecdot</c>): <c>(x * y).Sum(dim)</c> in one pass, without memory for the
    /// products. The tensors broadcast, have one dtype, and are real.
    /// </summary>
    /// <param name="x">The first tensor.</param>
    /// <param name="y">The second tensor.</param>
    /// <param name="dim">The dimension of the broadcast shape; negative counts from the end.</param>
    /// <exception cref="DTypeException">The dtypes differ, or are not real.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public static Tensor VecDot(Tensor x, Tensor y, int dim = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"linalg.vecdot: Expected a floating point or complex tensor as input. Got {x.DType.ScalarName}. " +
                "Convert it with To(DType.Float32).");
        }

        if (x.DType != y.DType)
        {
            throw new DTypeException(
                $"linalg.vecdot: Expected x and y to have the same dtype, but found x of type {x.DType.ScalarName} and y of type " +
                $"{y.DType.ScalarName} instead. Convert one of them with To(DType).");
        }

        if (x.Rank == 1 && y.Rank == 1 && x.Layout.Count != y.Layout.Count && x.Layout.Count != 1 && y.Layout.Count != 1)
        {
            throw ContractionArguments.Unequal(x, y);
        }

        var rank = Layout.Broadcast(x.Layout, y.Layout).Rank;
        var axis = Layout.Dim(dim, rank);
        return rank == 0 ? x * y : Op.Bilinear(new VecDot(axis - rank, x.Rank == 1 && y.Rank == 1), x, y);
    }
}
