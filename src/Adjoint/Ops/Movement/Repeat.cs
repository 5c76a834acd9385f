using Adjoint.Families;

namespace Adjoint;

/// <summary>A tensor beside itself along each dimension, as a copy.</summary>
/// <param name="Repeats">How often along each dimension of the result; new dimensions come in front.</param>
internal readonly record struct Repeat(ValueArray<int> Repeats) : ILinear
{
    public TensorType Infer(TensorType x) => x.With(SizesOf(x.Layout));

    public Tensor Apply(Tensor x)
    {
        var result = Op.Fresh(Layout.Dense(SizesOf(x.Layout)), x.DType);
        var pieces = Pieces(x.Layout.Sizes, out _);
        var strides = new nint[pieces.Length];
        var at = 0;
        for (var d = 0; d < Repeats.Length; d++)
        {
            at += Repeats[d] == 1 ? 0 : 1;
            strides[at++] = Own(d, x.Layout.Rank) is >= 0 and var own ? x.Layout.Strides[own] : 0;
        }

        Op.CopyInto(x.View(x.Layout.With(pieces, strides)), result.View(Layout.Dense(pieces)));
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input)
    {
        var pieces = g.Reshape(Pieces(input.Sizes, out var copies));
        return (copies.Length > 0 ? pieces.Sum(copies) : pieces).Reshape(input.Sizes);
    }

    public Tensor? Batch(Tensor x)
    {
        var own = x.Layout.Sizes;
        var ones = new int[Repeats.Length - (own.Length - 1)];
        Array.Fill(ones, 1);
        return Op.Linear(new Repeat([1, .. Repeats.Items]), x.Reshape([own[0], .. ones, .. own[1..]]));
    }

    private int[] SizesOf(Layout layout)
    {
        var sizes = new int[Repeats.Length];
        for (var d = 0; d < sizes.Length; d++)
        {
            var own = Own(d, layout.Rank) is >= 0 and var at ? layout.Sizes[at] : 1;
            sizes[d] = Shape.Dimension((long)own * Repeats[d], "the result of Repeat");
        }

        return sizes;
    }

    private int Own(int dim, int rank) => dim - (Repeats.Length - rank);

    /// <summary>The sizes of the result with each dimension that repeats split into copies and elements.</summary>
    private int[] Pieces(ReadOnlySpan<int> sizes, out int[] copies)
    {
        List<int> pieces = [];
        List<int> repeated = [];
        for (var d = 0; d < Repeats.Length; d++)
        {
            if (Repeats[d] != 1)
            {
                repeated.Add(pieces.Count);
                pieces.Add(Repeats[d]);
            }

            pieces.Add(Own(d, sizes.Length) is >= 0 and var at ? sizes[at] : 1);
        }

        copies = [.. repeated];
        return [.. pieces];
    }
}

/// <content>Copies beside each other.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor beside itself along each dimension, as a copy (<c>Tensor.repeat</c>).</summary>
    /// <param name="repeats">How often along each dimension; more numbers than dimensions make new ones in front.</param>
    /// <exception cref="ShapeException">There are fewer numbers than dimensions, or one is negative.</exception>
    public Tensor Repeat(params ReadOnlySpan<int> repeats)
    {
        if (repeats.Length < Rank)
        {
            throw new ShapeException(
                $"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: {repeats.Length} and {Rank}. " +
                "Tile takes fewer.");
        }

        return repeats.ContainsAnyInRange(int.MinValue, -1)
            ? throw new ShapeException($"Trying to create tensor with negative dimension: repeats are {Shape.Text(repeats)}")
            : Op.Linear(new Repeat(repeats.ToArray()), this);
    }

    /// <summary>A tensor beside itself along its last dimensions, as a copy (<c>torch.tile</c>).</summary>
    /// <param name="dims">How often along each of the last dimensions; more numbers than dimensions make new ones in front.</param>
    /// <exception cref="ShapeException">A number is negative.</exception>
    public Tensor Tile(params ReadOnlySpan<int> dims)
    {
        var ones = new int[Math.Max(Rank - dims.Length, 0)];
        Array.Fill(ones, 1);
        return Repeat([.. ones, .. dims]);
    }

    /// <summary>Each element, or each position of a dimension, several times in a row (<c>torch.repeat_interleave</c>).</summary>
    /// <param name="repeats">How often.</param>
    /// <param name="dim">The dimension, negative counts from the end; null for all elements in row-major order.</param>
    /// <exception cref="TensorException">The number is negative.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor RepeatInterleave(int repeats, int? dim = null)
    {
        if (repeats < 0)
        {
            throw new TensorException("Repeats must be non-negative");
        }

        var x = dim is null || Rank == 0 ? Reshape(-1) : this;
        var axis = Layout.Dim(dim ?? 0);
        var sizes = x.Layout.Sizes;
        var size = Shape.Dimension((long)sizes[axis] * repeats, "the result of RepeatInterleave");
        return x.Unsqueeze(axis + 1).Expand([.. sizes[..(axis + 1)], repeats, .. sizes[(axis + 1)..]])
            .Reshape([.. sizes[..axis], size, .. sizes[(axis + 1)..]]);
    }

    /// <summary>Each position of a dimension, or each element, as often as a tensor says (<c>torch.repeat_interleave</c>).</summary>
    /// <param name="repeats">int32 or int64: one number, or one for each position.</param>
    /// <param name="dim">The dimension, negative counts from the end; null for all elements in row-major order.</param>
    /// <exception cref="DTypeException">The numbers are not whole.</exception>
    /// <exception cref="ShapeException">There are not as many numbers as positions.</exception>
    /// <exception cref="TensorException">A number is negative.</exception>
    public Tensor RepeatInterleave(Tensor repeats, int? dim = null)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        if (repeats.Rank > 1)
        {
            throw new ShapeException($"repeats must be 0-dim or 1-dim tensor, but got {repeats.Rank} dimensions");
        }

        if (repeats.DType != DType.Int64 && repeats.DType != DType.Int32)
        {
            throw new DTypeException($"repeats has to be Long or Int tensor, but got {repeats.DType.ScalarName}. Convert it with To(DType.Int64).");
        }

        var x = dim is null || Rank == 0 ? Reshape(-1) : this;
        var axis = Layout.Dim(dim ?? 0);
        var size = x.Layout.Sizes[axis];
        var counts = repeats.ToArray<long>();
        if (counts.Length == 1 && (repeats.Rank == 0 || size != 1))
        {
            return x.RepeatInterleave(checked((int)counts[0]), axis);
        }

        if (counts.Length != size)
        {
            throw new ShapeException(
                $"repeats must have the same size as input along dim, but got repeats.size(0) = {counts.Length} and input.size({axis}) = {size}");
        }

        if (Array.Exists(counts, count => count < 0))
        {
            throw new TensorException("repeats can not be negative");
        }

        var positions = new long[Shape.Dimension(counts.Sum(), "the result of RepeatInterleave")];
        var next = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            positions.AsSpan(next, (int)counts[i]).Fill(i);
            next += (int)counts[i];
        }

        var index = new TensorIndex[axis + 1];
        index[axis] = FromArray(positions);
        return x[index];
    }
}
