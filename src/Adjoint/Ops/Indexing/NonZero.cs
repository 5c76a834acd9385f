using Adjoint.Families;

namespace Adjoint;

/// <content>Positions of what is not zero.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The positions of all elements that are not zero (<c>torch.nonzero</c>): an int64 matrix with a row for each element, in row-major order, and a
    /// column for each dimension.
    /// </summary>
    public Tensor NonZero()
    {
        var places = Indexing.PlacesOf(Detach().To(DType.Bool));
        var rows = places.ToArray<long>();
        var sizes = Layout.Sizes;
        var result = new long[rows.Length * sizes.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            for (var d = sizes.Length - 1; d >= 0; d--)
            {
                (row, result[(i * sizes.Length) + d]) = Math.DivRem(row, sizes[d]);
            }
        }

        return FromArray(result, rows.Length, sizes.Length);
    }

    /// <summary>
    /// The positions of all elements that are not zero, as one int64 vector for each dimension (<c>torch.nonzero(as_tuple=True)</c>), with which the
    /// tensor may be indexed. A scalar counts as one element.
    /// </summary>
    public Tensor[] NonZeroAsTuple()
    {
        var matrix = (Rank == 0 ? Detach().Reshape(1) : this).NonZero();
        return [.. Enumerable.Range(0, matrix.Layout.Sizes[1]).Select(d => matrix.Select(1, d).Contiguous())];
    }

    /// <summary>The positions of all elements that are not zero, a row for each (<c>torch.argwhere</c>).</summary>
    public Tensor ArgWhere() => NonZero();

    /// <summary>The positions where a condition holds, as <see cref="NonZeroAsTuple"/> gives them (<c>torch.where</c> of one argument).</summary>
    /// <param name="condition">The condition.</param>
    public static Tensor[] Where(Tensor condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition.NonZeroAsTuple();
    }
}
