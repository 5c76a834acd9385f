using Adjoint.Families;

namespace Adjoint;

/// <summary>Which dimensions a reduction runs over, from what a user names.</summary>
internal static class Dims
{
    /// <summary>One flag for each dimension; no names mean all.</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="TensorException">A dimension is named twice.</exception>
    public static bool[] Mask(ReadOnlySpan<int> dims, int rank)
    {
        var mask = new bool[rank];
        if (dims.Length == 0)
        {
            Array.Fill(mask, true);
            return mask;
        }

        foreach (var named in dims)
        {
            var dim = Layout.Dim(named, rank);
            if (rank == 0)
            {
                continue;
            }

            if (mask[dim])
            {
                throw new TensorException($"dim {dim} appears multiple times in the list of dims. Name each dimension once; -1 is {rank - 1}.");
            }

            mask[dim] = true;
        }

        return mask;
    }

    /// <summary>A reduction's result, or its gradient, with the reduced dimensions back as ones, so that it broadcasts over the input.</summary>
    public static Tensor Unreduce(Tensor g, Shape input, bool[] reduced) =>
        g.Rank == 0 || g.Rank == input.Rank ? g : g.Reshape(Op.ReducedSizes(input.Sizes, reduced, keepDim: true));

    /// <summary>How many elements go into each result.</summary>
    public static double Count(Shape shape, bool[] reduced)
    {
        double count = 1;
        for (var d = 0; d < shape.Rank; d++)
        {
            count *= reduced[d] ? shape.Sizes[d] : 1;
        }

        return count;
    }
}
