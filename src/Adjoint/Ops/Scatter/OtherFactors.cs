using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// The derivative of products of scattered values: each value's is the product of the others that come to the same place. Values are
/// ordered by place; the product of those before one, and of those behind it, are linear recurrences that start anew with each place, and a
/// recurrence is differentiated exactly to any order. Nothing is divided, so factors may be zero.
/// </summary>
internal static class OtherFactors
{
    /// <summary>The gradient of the values.</summary>
    /// <param name="g">The gradient of the products.</param>
    /// <param name="dim">The dimension that positions are of.</param>
    /// <param name="positions">Where each value comes to.</param>
    /// <param name="values">The values.</param>
    /// <param name="table">What was there and is a factor too; null if it is none.</param>
    public static Tensor Times(Tensor g, int dim, Tensor positions, Tensor values, Tensor? table)
    {
        if (positions.Rank == 0)
        {
            return Times(g, dim, positions.Reshape(1), values.Reshape(1), table).Reshape();
        }

        var (places, order) = positions.Sort(dim, stable: true);
        var factors = values.Gather(dim, order);
        var first = table is null ? Tensor.OnesLike(factors) : At(table);
        var same = Same(places, dim);
        var (follows, isFollowed) = (Tensor.Cat([None(places, dim), same], dim), Tensor.Cat([same, None(places, dim)], dim));
        var before = Recurrence.Run(
            Tensor.Where(follows, 0, first), Tensor.Where(follows, Recurrence.Shift(factors, dim, ahead: false, first: 0), 0), dim, reverse: false);
        var behind = Recurrence.Run(
            Tensor.Where(isFollowed, 0, Tensor.OnesLike(factors)),
            Tensor.Where(isFollowed, Recurrence.Shift(factors, dim, ahead: true, first: 0), 0),
            dim,
            reverse: true);
        return (At(g) * (before * behind)).Gather(dim, order.ArgSort(dim));

        Tensor At(Tensor x) => Op.Indexed(new TakeAlong(dim, KeepDim: true), x, places);
    }

    /// <summary>Whether neighbours come to the same place.</summary>
    private static Tensor Same(Tensor places, int dim)
    {
        var length = places.Layout.Sizes[dim];
        return length == 0 ? places.To(DType.Bool) : places.Slice(dim, 1).Eq(places.Slice(dim, 0, length - 1));
    }

    /// <summary>One false for each line.</summary>
    private static Tensor None(Tensor places, int dim)
    {
        var sizes = (int[])places.Layout.Sizes.Clone();
        sizes[dim] = Math.Min(1, sizes[dim]);
        return Tensor.Zeros(sizes, DType.Bool);
    }
}
