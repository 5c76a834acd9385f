using Adjoint.Families;

namespace Adjoint;

/// <content>Positions that broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The elements at positions along one dimension, where tensor and positions broadcast in the others (<c>torch.take_along_dim</c>); made for the
    /// positions that <see cref="Argmax(int, bool)"/> and <see cref="ArgSort"/> give.
    /// </summary>
    /// <param name="indices">int64 or int32, as many dimensions as this tensor.</param>
    /// <param name="dim">The dimension; null takes both as flat.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The two do not broadcast.</exception>
    /// <exception cref="DTypeException">The positions are not whole.</exception>
    public Tensor TakeAlongDim(Tensor indices, int? dim = null)
    {
        ArgumentNullException.ThrowIfNull(indices);
        indices = ScatterArguments.Whole("torch.take_along_dim()", indices);
        if (dim is not { } given)
        {
            return Reshape(-1).Gather(0, indices.Reshape(-1));
        }

        if (Rank != indices.Rank)
        {
            throw new ShapeException(
                $"torch.take_along_dim(): input and indices should have the same number of dimensions, but got {Rank} dimensions for input, and " +
                $"{indices.Rank} dimensions for indices");
        }

        if (Rank == 0)
        {
            return Gather(given, indices);
        }

        var axis = Layout.Dim(given);
        int[] Line(Tensor x) => [.. x.Layout.Sizes[..axis], 1, .. x.Layout.Sizes[(axis + 1)..]];
        var others = Layout.Broadcast(Layout.Dense(Line(this)), Layout.Dense(Line(indices))).Sizes;
        int[] With(int size) => [.. others[..axis], size, .. others[(axis + 1)..]];
        return Expand(With(Layout.Sizes[axis])).Gather(axis, indices.Expand(With(indices.Layout.Sizes[axis])));
    }
}
