using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Tensors one after the other along a dimension. Its transpose cuts.</summary>
internal readonly struct Cat(int dim) : IJoin
{
    public Tensor Apply(Tensor[] inputs)
    {
        var axis = dim;
        var sizes = (int[])inputs[0].Layout.Sizes.Clone();
        sizes[dim] = inputs.Sum(input => input.Layout.Sizes[axis]);
        var result = Op.Fresh(Layout.Dense(sizes), inputs[0].DType);
        var start = 0;
        foreach (var input in inputs)
        {
            var count = input.Layout.Sizes[dim];
            Op.CopyInto(input, new Slice(dim, start, count, 1).Apply(result));
            start += count;
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Layout[] inputs, int index)
    {
        var axis = dim;
        var start = inputs[..index].Sum(input => input.Sizes[axis]);
        return g.Slice(dim, start, start + inputs[index].Sizes[dim]);
    }
}

/// <summary>Tensors beside each other along a new dimension. Its transpose takes them apart.</summary>
internal readonly struct Stack(int dim) : IJoin
{
    public Tensor Apply(Tensor[] inputs)
    {
        var sizes = inputs[0].Layout.Sizes;
        var result = Op.Fresh(Layout.Dense([.. sizes[..dim], inputs.Length, .. sizes[dim..]]), inputs[0].DType);
        for (var i = 0; i < inputs.Length; i++)
        {
            Op.CopyInto(inputs[i], new Select(dim, i).Apply(result));
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Layout[] inputs, int index) => g.Select(dim, index);
}

/// <summary>Joining tensors.</summary>
public static class CatMethod
{
    extension(Tensor)
    {
        /// <summary>Tensors one after the other along a dimension; dtypes promote. Empty vectors fit anything, as in PyTorch.</summary>
        /// <param name="tensors">At least one; sizes agree but for the dimension.</param>
        /// <param name="dim">The dimension; negative counts from the end.</param>
        /// <exception cref="ShapeException">Sizes do not agree.</exception>
        public static Tensor Cat(IReadOnlyList<Tensor> tensors, int dim = 0)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            if (tensors.Count == 0)
            {
                throw new TensorException("torch.cat(): expected a non-empty list of Tensors");
            }

            var inputs = tensors.Where(tensor => tensor.Rank != 1 || tensor.Layout.Count != 0).ToArray();
            if (inputs.Length == 0)
            {
                return tensors[0].Clone();
            }

            var first = inputs[0];
            if (first.Rank == 0)
            {
                throw new ShapeException("zero-dimensional tensor (at position 0) cannot be concatenated. Use Tensor.Stack.");
            }

            var axis = first.Layout.Dim(dim);
            for (var i = 1; i < inputs.Length; i++)
            {
                Check(first.Layout, inputs[i].Layout, axis, i);
            }

            return Op.Join(new Cat(axis), inputs);
        }

        /// <summary>Tensors of one shape beside each other along a new dimension; dtypes promote.</summary>
        /// <param name="tensors">At least one.</param>
        /// <param name="dim">Where the new dimension goes; negative counts from behind the last.</param>
        /// <exception cref="ShapeException">Shapes differ.</exception>
        public static Tensor Stack(IReadOnlyList<Tensor> tensors, int dim = 0)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            if (tensors.Count == 0)
            {
                throw new TensorException("stack expects a non-empty TensorList");
            }

            for (var i = 1; i < tensors.Count; i++)
            {
                if (!tensors[i].Layout.SameSizes(tensors[0].Layout))
                {
                    throw new ShapeException(
                        $"stack expects each tensor to be equal size, but got {Shape.Text(tensors[0].Layout.Sizes)} at entry 0 and " +
                        $"{Shape.Text(tensors[i].Layout.Sizes)} at entry {i}");
                }
            }

            return Op.Join(new Stack(Layout.Dim(dim, tensors[0].Rank + 1)), [.. tensors]);
        }
    }

    private static void Check(Layout first, Layout other, int dim, int index)
    {
        if (first.Rank != other.Rank)
        {
            throw new ShapeException($"Tensors must have same number of dimensions: got {first.Rank} and {other.Rank}");
        }

        for (var d = 0; d < first.Rank; d++)
        {
            if (d != dim && first.Sizes[d] != other.Sizes[d])
            {
                throw new ShapeException(
                    $"Sizes of tensors must match except in dimension {dim}. Expected size {first.Sizes[d]} but got size {other.Sizes[d]} " +
                    $"for tensor number {index} in the list.");
            }
        }
    }
}
