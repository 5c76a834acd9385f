using Adjoint.Families;

namespace Adjoint;

/// <summary>Elements moved along dimensions; those that leave at one end come back at the other.</summary>
/// <param name="Shifts">How far, from 0 to the dimension's size.</param>
/// <param name="Dims">Along which dimensions.</param>
internal readonly record struct Roll(ValueArray<int> Shifts, ValueArray<int> Dims) : ILinear
{
    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x)
    {
        var moved = x;
        for (var i = 0; i < Dims.Length; i++)
        {
            moved = Shifts[i] == 0 ? moved : Along(moved, Dims[i], Shifts[i]);
        }

        return ReferenceEquals(moved, x) ? Op.Copy(x) : moved;
    }

    public Tensor Transpose(Tensor g, Shape input)
    {
        var back = Shifts.Items.Zip(Dims.Items, (shift, dim) => Back(shift, g.Layout.Sizes[dim]));
        return Op.Linear(new Roll(back.ToArray(), Dims), g);
    }

    public Tensor? Batch(Tensor x) => Op.Linear(new Roll(Shifts, Array.ConvertAll(Dims.Items, dim => dim + 1)), x);

    private static int Back(int shift, int size) => shift == 0 ? 0 : size - shift;

    private static Tensor Along(Tensor x, int dim, int shift)
    {
        var result = Op.Fresh(x.Layout, x.DType);
        var rest = x.Layout.Sizes[dim] - shift;
        Op.CopyInto(new Slice(dim, 0, rest, 1).Apply(x), new Slice(dim, shift, rest, 1).Apply(result));
        Op.CopyInto(new Slice(dim, rest, shift, 1).Apply(x), new Slice(dim, 0, shift, 1).Apply(result));
        return result;
    }
}

/// <content>Moving elements in circles.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with elements moved along a dimension, or along all elements in row-major order; those that leave at one end come back at the other
    /// (<c>torch.roll</c>).
    /// </summary>
    /// <param name="shifts">How far; negative goes back.</param>
    /// <param name="dims">The dimension, negative counts from the end; null for all elements as one.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Roll(int shifts, int? dims = null) =>
        dims is { } dim ? Roll([shifts], [dim]) : Reshape(-1).Roll([shifts], [0]).Reshape(Layout.Sizes);

    /// <summary>A copy with elements moved along several dimensions (<c>torch.roll</c>).</summary>
    /// <param name="shifts">How far along each; negative goes back.</param>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <exception cref="TensorException">There are not as many shifts as dimensions.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Roll(ReadOnlySpan<int> shifts, ReadOnlySpan<int> dims)
    {
        if (shifts.IsEmpty)
        {
            throw new TensorException("`shifts` required");
        }

        if (shifts.Length != dims.Length)
        {
            throw new TensorException($"shifts and dimensions must align. shifts: {shifts.Length}, dims:{dims.Length}");
        }

        var (along, moved) = (Array.ConvertAll(dims.ToArray(), Layout.Dim), shifts.ToArray());
        for (var i = 0; i < moved.Length; i++)
        {
            var size = Rank == 0 ? 1 : Layout.Sizes[along[i]];
            moved[i] = size == 0 ? 0 : (int)((((long)moved[i] % size) + size) % size);
        }

        return Op.Linear(Rank == 0 ? default : new Roll(moved, along), this);
    }
}
