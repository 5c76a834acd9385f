using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>Matrices one after the other on the diagonal of a matrix of zeros. Vectors are rows. Its transpose cuts the blocks out.</summary>
/// <param name="Leading">How many dimensions come before those of the matrices.</param>
internal readonly record struct BlockDiag(int Leading) : IJoin
{
    public TensorType Infer(TensorType[] inputs)
    {
        var ends = Corners([.. inputs.Select(input => input.Shape)])[^1];
        return inputs[0].With([.. inputs[0].Layout.Sizes[..Leading], ends.Row, ends.Column]);
    }

    public Tensor Apply(Tensor[] inputs)
    {
        var corners = Corners([.. inputs.Select(input => input.Shape)]);
        var sizes = Infer(Array.ConvertAll(inputs, TensorType.Of)).Layout;
        var result = Op.Zeroed(sizes, inputs[0].DType);
        for (var i = 0; i < inputs.Length; i++)
        {
            var (row, column) = corners[i];
            var rows = new Slice(Leading, row, corners[i + 1].Row - row, 1).Apply(result);
            var block = new Slice(Leading + 1, column, corners[i + 1].Column - column, 1).Apply(rows);
            var strides = inputs[i].Layout.Strides;
            nint[] ones = [.. strides[..Leading], .. new nint[2 + Leading - strides.Length], .. strides[Leading..]];
            Op.CopyInto(inputs[i].View(inputs[i].Layout.With(block.Layout.Sizes, ones)), block);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape[] inputs, int index)
    {
        var corners = Corners(inputs);
        var (row, column) = corners[index];
        return g.Slice(Leading, row, corners[index + 1].Row).Slice(Leading + 1, column, corners[index + 1].Column).Reshape(inputs[index].Sizes);
    }

    public Tensor? Batch(Tensor[] inputs) => Op.Join(new BlockDiag(Leading + 1), inputs);

    /// <summary>Where each block begins, and where the last one ends.</summary>
    private (int Row, int Column)[] Corners(Shape[] inputs)
    {
        var corners = new (int Row, int Column)[inputs.Length + 1];
        for (var i = 0; i < inputs.Length; i++)
        {
            var own = inputs[i].Sizes.AsSpan(Leading);
            var (rows, columns) = (own.Length < 2 ? 1 : own[0], own.Length == 0 ? 1 : own[^1]);
            corners[i + 1] = (
                Shape.Dimension((long)corners[i].Row + rows, "BlockDiag"), Shape.Dimension((long)corners[i].Column + columns, "BlockDiag"));
        }

        return corners;
    }
}

/// <content>Matrices of blocks.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Matrices one after the other on the diagonal of a matrix of zeros (<c>torch.block_diag</c>); vectors are rows, scalars single elements, and
    /// dtypes promote.
    /// </summary>
    /// <exception cref="ShapeException">A tensor has more than two dimensions.</exception>
    public static Tensor BlockDiag(params IReadOnlyList<Tensor> tensors)
    {
        Operands.ThrowIfAnyNull(tensors, nameof(BlockDiag));
        if (tensors.Count == 0)
        {
            throw new TensorException("torch.block_diag: expected a non-empty list of tensors.");
        }

        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Rank > 2)
            {
                throw new ShapeException(
                    $"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {tensors[i].Rank} dimensions");
            }
        }

        return Op.Join(new BlockDiag(0), [.. tensors]);
    }

    /// <summary>
    /// The Kronecker product (<c>torch.kron</c>): a copy of <paramref name="other"/> for each element of this tensor, times that element.
    /// </summary>
    /// <param name="other">Fewer dimensions count as dimensions of size 1 in front, on either side; dtypes promote.</param>
    public Tensor Kron(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var rank = Math.Max(Rank, other.Rank);
        var (left, right, sizes) = (new int[2 * rank], new int[2 * rank], new int[rank]);
        Array.Fill(left, 1);
        Array.Fill(right, 1);
        for (var d = 0; d < rank; d++)
        {
            left[2 * d] = Own(this, d);
            right[(2 * d) + 1] = Own(other, d);
            sizes[d] = Shape.Dimension((long)left[2 * d] * right[(2 * d) + 1], "the Kronecker product");
        }

        return (Reshape(left) * other.Reshape(right)).Reshape(sizes);

        int Own(Tensor x, int d) => d - (rank - x.Rank) is >= 0 and var own ? x.Layout.Sizes[own] : 1;
    }
}
