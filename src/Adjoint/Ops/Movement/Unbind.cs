using Adjoint.Families;

namespace Adjoint;

/// <summary>The views of a tensor at each position of a dimension, which disappears.</summary>
internal readonly record struct Unbind(int Dim) : IMultiOutput
{
    public TensorType[] Infer(TensorType[] inputs) => Types(inputs[0]);

    public Tensor[] Apply(Tensor[] inputs)
    {
        var pieces = new Tensor[inputs[0].Layout.Sizes[Dim]];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = Pieces.OneOfMany(new Select(Dim, i).Apply(inputs[0]));
        }

        return pieces;
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Pieces.All(gradients, shapes[0], Types) is { } all ? Tensor.Stack(all, Dim) : null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => Op.MultiOutput(this, tangents[0]!);

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(new Unbind(Dim + 1), inputs);

    private TensorType[] Types(TensorType x)
    {
        var types = new TensorType[x.Layout.Sizes[Dim]];
        Array.Fill(types, new Select(Dim, 0).Infer(x));
        return types;
    }
}

/// <content>All positions of a dimension at once.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The tensor at each position of a dimension, which disappears (<c>torch.unbind</c>).
    /// They share memory, and cannot be changed in place while that is recorded.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">It does not exist.</exception>
    public Tensor[] Unbind(int dim = 0)
    {
        if (Rank == 0)
        {
            throw new TensorIndexException($"Dimension specified as {dim} but tensor has no dimensions");
        }

        var axis = Layout.Dim(dim);
        return Layout.Sizes[axis] == 0 ? [] : Op.MultiOutput(new Unbind(axis), this);
    }
}
