using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>Tensors one after the other along a dimension. Its transpose cuts. Empty vectors add nothing, whatever the others' sizes are.</summary>
/// <param name="Dim">The dimension.</param>
/// <param name="Starts">Where each tensor begins in the result, and where the last one ends.</param>
internal readonly record struct Cat(int Dim, ValueArray<int> Starts) : IJoin
{
    /// <summary>The operator for tensors.</summary>
    public static Cat Of(int dim, ReadOnlySpan<Tensor> inputs)
    {
        var starts = new int[inputs.Length + 1];
        for (var i = 0; i < inputs.Length; i++)
        {
            starts[i + 1] = Shape.Dimension((long)starts[i] + (IsNothing(inputs[i].Shape) ? 0 : inputs[i].Layout.Sizes[dim]), "cat");
        }

        return new(dim, starts);
    }

    /// <summary>Whether a tensor is an empty vector.</summary>
    public static bool IsNothing(Shape input) => input.Rank == 1 && input.Count == 0;

    public TensorType Infer(TensorType[] inputs) =>
        (Array.FindIndex(inputs, input => !IsNothing(input.Shape)) is >= 0 and var first ? inputs[first] : inputs[0]).WithSize(Dim, Starts.Items[^1]);

    public Tensor Apply(Tensor[] inputs)
    {
        var like = Array.Find(inputs, input => !IsNothing(input.Shape)) ?? inputs[0];
        var sizes = (int[])like.Layout.Sizes.Clone();
        sizes[Dim] = Starts.Items[^1];
        var result = Op.Fresh(Layout.Dense(sizes), like.DType);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!IsNothing(inputs[i].Shape))
            {
                Op.CopyInto(inputs[i], new Slice(Dim, Starts[i], Starts[i + 1] - Starts[i], 1).Apply(result));
            }
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => IsNothing(inputs[index])
        ? Tensor.Zeros(inputs[index].Sizes, g.DType)
        : g.Slice(Dim, Starts[index], Starts[index + 1]);

    public Tensor? Batch(Tensor[] inputs)
    {
        // An empty vector that fits anything becomes an empty matrix, which does not.
        var filled = Array.FindAll(inputs, input => input.Rank != 2 || input.Layout.Sizes[1] != 0);
        var joined = filled.Length == 0 ? inputs : filled;
        return Op.Join(Of(Dim + 1, joined), joined);
    }
}

/// <summary>Tensors beside each other along a new dimension. Its transpose takes them apart.</summary>
internal readonly record struct Stack(int Dim) : IJoin
{
    public TensorType Infer(TensorType[] inputs) =>
        inputs[0].With([.. inputs[0].Layout.Sizes[..Dim], inputs.Length, .. inputs[0].Layout.Sizes[Dim..]]);

    public Tensor Apply(Tensor[] inputs)
    {
        var sizes = inputs[0].Layout.Sizes;
        var result = Op.Fresh(Layout.Dense([.. sizes[..Dim], inputs.Length, .. sizes[Dim..]]), inputs[0].DType);
        for (var i = 0; i < inputs.Length; i++)
        {
            Op.CopyInto(inputs[i], new Select(Dim, i).Apply(result));
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => g.Select(Dim, index);

    public Tensor? Batch(Tensor[] inputs) => Op.Join(new Stack(Dim + 1), inputs);
}

/// <content>Joining tensors.</content>
public sealed partial class Tensor
{
    /// <summary>Tensors one after the other along a dimension; dtypes promote. Empty vectors fit anything, as in PyTorch.</summary>
    /// <param name="tensors">At least one; sizes agree but for the dimension.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">Sizes do not agree.</exception>
    public static Tensor Cat(IReadOnlyList<Tensor> tensors, int dim = 0)
    {
        Operands.ThrowIfAnyNull(tensors, "Cat");
        if (tensors.Count == 0)
        {
            throw new TensorException(
                "torch.cat(): expected a non-empty list of Tensors. Tensor.Cat([a, b]) takes at least one; Tensor.Zeros(0) is an empty vector.");
        }

        Layout? first = null;
        for (var i = 0; i < tensors.Count; i++)
        {
            var layout = tensors[i].Layout;
            if (layout.Rank == 0)
            {
                throw new ShapeException($"zero-dimensional tensor (at position {i}) cannot be concatenated. Use Tensor.Stack.");
            }

            if (!Adjoint.Cat.IsNothing(layout.Shape))
            {
                first ??= layout;
                CheckCat(first, layout, first.Dim(dim), i);
            }
        }

        Tensor[] inputs = [.. tensors];
        return Op.Join(Adjoint.Cat.Of((first ?? inputs[0].Layout).Dim(dim), inputs), inputs);
    }

    /// <summary>Tensors of one shape beside each other along a new dimension; dtypes promote.</summary>
    /// <param name="tensors">At least one.</param>
    /// <param name="dim">Where the new dimension goes; negative counts from behind the last.</param>
    /// <exception cref="ShapeException">Shapes differ.</exception>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int dim = 0)
    {
        Operands.ThrowIfAnyNull(tensors, "Stack");
        if (tensors.Count == 0)
        {
            throw new TensorException("stack expects a non-empty TensorList. Tensor.Stack([a, b]) takes at least one tensor.");
        }

        for (var i = 1; i < tensors.Count; i++)
        {
            if (!tensors[i].Layout.SameSizes(tensors[0].Layout))
            {
                throw new ShapeException(
                    $"stack expects each tensor to be equal size, but got {Shape.Text(tensors[0].Layout.Sizes)} at entry 0 and " +
                    $"{Shape.Text(tensors[i].Layout.Sizes)} at entry {i}. " +
                    "Tensor.Cat joins along a dimension that is there, where sizes may differ.");
            }
        }

        return Op.Join(new Stack(Layout.Dim(dim, tensors[0].Rank + 1)), [.. tensors]);
    }

    private static void CheckCat(Layout first, Layout other, int dim, int index)
    {
        if (first.Rank != other.Rank)
        {
            throw new ShapeException(
                $"Tensors must have same number of dimensions: got {first.Rank} and {other.Rank}. Tensor number {index} has shape " +
                $"{Shape.Text(other.Sizes)} where others have {Shape.Text(first.Sizes)}: use Unsqueeze, or Tensor.Stack for a new dimension.");
        }

        for (var d = 0; d < first.Rank; d++)
        {
            if (d != dim && first.Sizes[d] != other.Sizes[d])
            {
                throw new ShapeException(
                    $"Sizes of tensors must match except in dimension {dim}. Expected size {first.Sizes[d]} but got size {other.Sizes[d]} " +
                    $"for tensor number {index} in the list. Shapes: {Shape.Text(first.Sizes)} and {Shape.Text(other.Sizes)}; " +
                    "Tensor.Cat(list, dim) joins along another dimension.");
            }
        }
    }
}
