using Adjoint.Families;

namespace Adjoint;

/// <summary>The views of a tensor that lie one after another along a dimension.</summary>
/// <param name="Lengths">The length of each.</param>
/// <param name="Dim">The dimension.</param>
/// <param name="IsEven">One length was given for all; PyTorch has an operator for that, and one for lengths.</param>
internal readonly record struct Split(ValueArray<int> Lengths, int Dim, bool IsEven) : IMultiOutput
{
    public string GradName => IsEven ? "SplitBackward0" : "SplitWithSizesBackward0";

    public TensorType[] Infer(TensorType[] inputs) => Types(inputs[0]);

    public Tensor[] Apply(Tensor[] inputs)
    {
        var start = 0;
        var pieces = new Tensor[Lengths.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = Pieces.OneOfMany(new Slice(Dim, start, Lengths[i], 1).Apply(inputs[0]));
            start += Lengths[i];
        }

        return pieces;
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Pieces.All(gradients, shapes[0], Types) is { } all ? Tensor.Cat(all, Dim) : null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => Op.MultiOutput(this, tangents[0]!);

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);

    private TensorType[] Types(TensorType x)
    {
        var dim = Dim;
        return Array.ConvertAll(Lengths.Items, length => x.With([.. x.Layout.Sizes[..dim], length, .. x.Layout.Sizes[(dim + 1)..]]));
    }
}

/// <content>A dimension cut into parts of given lengths.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Parts of one length along a dimension, the last one shorter if it must be (<c>torch.split</c>). They share memory, and cannot be changed in
    /// place while that is recorded.
    /// </summary>
    /// <param name="size">The length.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">The length is negative, or 0 where the dimension is not empty.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor[] Split(int size, int dim = 0)
    {
        var axis = SplitAxis(this, dim, "split");
        var whole = Layout.Sizes[axis];
        if (size < 0)
        {
            throw new ShapeException($"split expects split_size be non-negative, but got split_size={size}");
        }

        if (size == 0 && whole > 0)
        {
            throw new ShapeException($"split_size can only be 0 if dimension size is 0, but got dimension size of {whole}. " +
                "The argument is the size of a part; x.Chunk(n) makes n parts.");
        }

        // An empty dimension is one empty part.
        var lengths = new int[whole == 0 ? 1 : ((whole - 1) / size) + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = Math.Min(size, whole - (i * size));
        }

        return Op.MultiOutput(new Split(lengths, axis, IsEven: true), this);
    }

    /// <summary>Parts of given lengths along a dimension (<c>torch.split_with_sizes</c>); otherwise as for one length.</summary>
    /// <param name="sizes">The lengths; together the dimension's size.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">They do not make up the dimension.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor[] Split(IReadOnlyList<int> sizes, int dim = 0)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var axis = SplitAxis(this, dim, "split");
        var whole = Layout.Sizes[axis];
        int[] lengths = [.. sizes];
        if (Array.Exists(lengths, length => length < 0))
        {
            throw new ShapeException(
                $"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={Shape.Text(lengths)}");
        }

        return lengths.Sum(length => (long)length) == whole
            ? Cut(axis, lengths)
            : throw new ShapeException(
                $"split_with_sizes expects split_sizes to sum exactly to {whole} (input tensor's size at dimension {axis}), but got " +
                $"split_sizes={Shape.Text(lengths)}");
    }

    /// <summary>
    /// About as many parts of one length as asked for (<c>torch.chunk</c>); fewer where the dimension cannot be cut so. Otherwise as <c>Split</c>.
    /// </summary>
    /// <param name="chunks">How many; at least 1.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">There is to be no part at all.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor[] Chunk(int chunks, int dim = 0)
    {
        var axis = SplitAxis(this, dim, "chunk");
        if (chunks <= 0)
        {
            throw new ShapeException(
                $"chunk expects `chunks` to be greater than 0, got: {chunks}. It is the number of parts; x.Split(n) makes parts of size n.");
        }

        // Only an empty dimension gives as many parts as asked for whatever their number.
        var whole = Layout.Sizes[axis];
        return whole == 0 ? Split(new int[chunks], axis) : Split(((whole - 1) / chunks) + 1, axis);
    }

    private Tensor[] Cut(int axis, int[] lengths) => lengths.Length == 0 ? [] : Op.MultiOutput(new Split(lengths, axis, IsEven: false), this);

    private static int SplitAxis(Tensor x, int dim, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank > 0 ? x.Layout.Dim(dim) : throw new TensorIndexException($"{name} expects at least a 1-dimensional tensor");
    }
}
