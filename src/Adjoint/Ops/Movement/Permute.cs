using Adjoint.Families;

namespace Adjoint;

/// <summary>Dimensions in another order: a view.</summary>
internal readonly record struct Permute(ValueArray<int> Order, PermuteCall Call = PermuteCall.Permute) : ILinear
{
    static bool ILinear.IsView => true;

    public string GradName => Call switch
    {
        PermuteCall.Permute => "PermuteBackward0",
        PermuteCall.Transpose => "TransposeBackward0",
        _ => "TBackward0",
    };

    public string? Called => Call switch
    {
        PermuteCall.Permute => null,
        PermuteCall.Transpose => "Transpose",
        _ => "T",
    };

    internal PermuteCall Call { get; init; } = Call;

    /// <summary>The last dimension first.</summary>
    public static int[] Reversed(int rank)
    {
        var order = new int[rank];
        for (var d = 0; d < rank; d++)
        {
            order[d] = rank - 1 - d;
        }

        return order;
    }

    public TensorType Infer(TensorType x)
    {
        var sizes = x.Layout.Sizes;
        return x.With(Array.ConvertAll(Order.Items, d => sizes[d]));
    }

    public Tensor Apply(Tensor x)
    {
        var sizes = new int[Order.Length];
        var strides = new nint[Order.Length];
        for (var d = 0; d < Order.Length; d++)
        {
            sizes[d] = x.Layout.Sizes[Order[d]];
            strides[d] = x.Layout.Strides[Order[d]];
        }

        return x.View(x.Layout.With(sizes, strides));
    }

    public Tensor Transpose(Tensor g, Shape input)
    {
        var inverse = new int[Order.Length];
        for (var d = 0; d < Order.Length; d++)
        {
            inverse[Order[d]] = d;
        }

        return Op.Linear(new Permute(inverse, Call), g);
    }

    public Tensor? Batch(Tensor x) => Op.Linear(new Permute([0, .. Array.ConvertAll(Order.Items, d => d + 1)], Call), x);
}

/// <summary>What a <see cref="Permute"/> was called for, which decides its name.</summary>
internal enum PermuteCall
{
    /// <summary>Any order.</summary>
    Permute,

    /// <summary>Two dimensions change places.</summary>
    Transpose,

    /// <summary>Those of a matrix do.</summary>
    T,
}

/// <content>Reordering dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>The transpose of a matrix; all dimensions reversed in general (PyTorch's <c>.T</c>).</summary>
    public Tensor T => Permute(Adjoint.Permute.Reversed(Rank));

    /// <summary>The dimensions in another order; shares memory.</summary>
    /// <param name="dims">All dimensions, each once.</param>
    /// <exception cref="TensorException">They are not all dimensions, each once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> dims)
    {
        if (dims.Length != Rank)
        {
            throw new ShapeException(
                $"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of " +
                $"dimensions i.e. input.dim() = {Rank} is not equal to len(dims) = {dims.Length}. Name all {Rank}, each once; x.Transpose(a, b) " +
                "exchanges two, and x.T reverses them.");
        }

        var order = new int[dims.Length];
        var seen = new bool[dims.Length];
        for (var d = 0; d < order.Length; d++)
        {
            order[d] = Layout.Dim(dims[d]);
            if (seen[order[d]])
            {
                throw new TensorException($"permute(): duplicate dims are not allowed. Name all {Rank}, each once: {order[d]} is there twice.");
            }

            seen[order[d]] = true;
        }

        return Op.Linear(new Permute(order), this);
    }

    /// <summary>Two dimensions swapped; shares memory.</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Transpose(int dim0, int dim1) => Swapped(this, Layout.Dim(dim0), Layout.Dim(dim1), PermuteCall.Transpose);

    /// <summary>The transpose of a matrix (PyTorch's <c>t()</c>); vectors and scalars are their own.</summary>
    /// <exception cref="ShapeException">There are more than two dimensions.</exception>
    public Tensor Transpose()
    {
        return Rank <= 2
            ? Rank == 2 ? Swapped(this, 0, 1, PermuteCall.T) : this
            : throw new ShapeException($"t() expects a tensor with <= 2 dimensions, but self is {Rank}D. Use Transpose(dim0, dim1).");
    }

    /// <summary>One dimension moved to another place; the others keep their order.</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Movedim(int source, int destination)
    {
        if (Rank == 0)
        {
            return this;
        }

        var order = new List<int>(Enumerable.Range(0, Rank));
        var from = Layout.Dim(source);
        var to = Layout.Dim(destination);
        order.RemoveAt(from);
        order.Insert(to, from);
        return from == to ? this : Permute(order.ToArray());
    }

    /// <summary>Several dimensions moved, each to the place of the same rank in the list; the others keep their order.</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="TensorException">A dimension is named twice, or the lists have different lengths.</exception>
    public Tensor Movedim(ReadOnlySpan<int> source, ReadOnlySpan<int> destination)
    {
        if (source.Length != destination.Length)
        {
            throw new TensorException(
                "movedim: Invalid source or destination dims: source should have the same number of elements as destination, but got " +
                $"{source.Length} and {destination.Length}.");
        }

        var from = NamedDims(this, source, "source");
        var to = NamedDims(this, destination, "destination");
        var order = new int[Rank];
        Array.Fill(order, -1);
        for (var i = 0; i < Math.Min(from.Length, Rank); i++)
        {
            order[to[i]] = from[i];
        }

        var others = new Queue<int>(Enumerable.Range(0, Rank).Except(from));
        for (var d = 0; d < order.Length; d++)
        {
            order[d] = order[d] < 0 ? others.Dequeue() : order[d];
        }

        return Permute(order);
    }

    private static int[] NamedDims(Tensor x, ReadOnlySpan<int> dims, string role)
    {
        var named = Array.ConvertAll(dims.ToArray(), x.Layout.Dim);
        return named.Distinct().Count() == named.Length
            ? named
            : throw new TensorException($"movedim: repeated dim in `{role}` ({Shape.Text(dims)})");
    }

    private static Tensor Swapped(Tensor x, int first, int second, PermuteCall call)
    {
        var order = new int[x.Rank];
        for (var d = 0; d < order.Length; d++)
        {
            order[d] = d == first ? second : d == second ? first : d;
        }

        return Op.Linear(new Permute(order, call), x);
    }
}
