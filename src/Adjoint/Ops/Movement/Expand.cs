using Adjoint.Families;

namespace Adjoint;

/// <summary>Dimensions of size 1 repeated without copying. Its transpose sums.</summary>
internal readonly record struct Expand(ValueArray<int> Sizes) : ILinear
{
    static bool ILinear.IsView => true;

    public TensorType Infer(TensorType x) => x.With(Sizes);

    public Tensor Apply(Tensor x) => x.View(x.Layout.Expand(Sizes));

    public Tensor Transpose(Tensor g, Shape input) => g.SumToSize(input.Sizes);

    public Tensor? Batch(Tensor x)
    {
        // New dimensions come behind that of the batch.
        var own = x.Layout.Sizes;
        var ones = new int[Sizes.Length - (own.Length - 1)];
        Array.Fill(ones, 1);
        return x.Reshape([own[0], .. ones, .. own[1..]]).Expand([own[0], .. Sizes]);
    }
}

/// <content>Repeating without copying.</content>
public sealed partial class Tensor
{
    /// <summary>Seen with larger sizes: dimensions of size 1 repeat, new ones come in front; shares memory.</summary>
    /// <param name="shape">The sizes; -1 keeps a dimension's own.</param>
    /// <exception cref="ShapeException">A dimension is neither 1 nor as asked.</exception>
    public Tensor Expand(params ReadOnlySpan<int> shape)
    {
        var sizes = shape.ToArray();
        var extra = sizes.Length - Rank;
        if (extra < 0)
        {
            throw new ShapeException(
                $"expand(torch.{DType.ScalarName}Tensor{{{Shape.Text(Layout.Sizes)}}}, size={Shape.Text(sizes)}): the number of " +
                $"sizes provided ({sizes.Length}) must be greater or equal to the number of dimensions in the tensor ({Rank})");
        }

        for (var d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] < -1)
            {
                throw new ShapeException($"Trying to create tensor with negative dimension {sizes[d]}: {Shape.Text(sizes)}");
            }

            if (sizes[d] == -1)
            {
                sizes[d] = d >= extra ? Layout.Sizes[d - extra] : throw new ShapeException(
                    $"The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension {d}");
            }
        }

        return Op.Linear(new Expand(sizes), this);
    }

    /// <summary>Seen with the sizes of another tensor; shares memory.</summary>
    /// <exception cref="ShapeException">A dimension is neither 1 nor as asked.</exception>
    public Tensor ExpandAs(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Expand(other.Layout.Sizes);
    }
}
