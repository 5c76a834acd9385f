namespace Adjoint;

/// <content>Outer and inner products.</content>
public sealed partial class Tensor
{
    /// <summary>All products of an element of this vector with one of another, as a matrix (<c>torch.outer</c>).</summary>
    /// <param name="vec2">A number for each column.</param>
    /// <exception cref="ShapeException">One of them is no vector.</exception>
    public Tensor Outer(Tensor vec2)
    {
        ArgumentNullException.ThrowIfNull(vec2);
        return Rank == 1 && vec2.Rank == 1
            ? Unsqueeze(1) * vec2
            : throw new ShapeException(
                $"outer: Expected 1-D argument {(Rank != 1 ? "self" : "vec2")}, but got {(Rank != 1 ? Rank : vec2.Rank)}-D. Flatten it with " +
                $"Reshape(-1).");
    }

    /// <summary>
    /// The inner products of all vectors along the last dimension of this tensor with those of another: [..., n] and [---, n] to [..., ---]; the
    /// product where one of them has no dimension (<c>torch.inner</c>).
    /// </summary>
    /// <param name="other">The other tensor.</param>
    /// <exception cref="ShapeException">The last sizes differ.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public Tensor Inner(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank == 0 || other.Rank == 0)
        {
            return this * other;
        }

        return Layout.Sizes[^1] == other.Layout.Sizes[^1]
            ? Tensordot(this, other, [Rank - 1], [other.Rank - 1])
            : throw new ShapeException(
                $"inner() the last dimension must match on both input tensors but got shapes {Shape.Text(Layout.Sizes)} and " +
                $"{Shape.Text(other.Layout.Sizes)}.");
    }
}
