namespace Adjoint;

/// <content>Products that sum over chosen dimensions.</content>
public sealed partial class Tensor
{
    /// <summary>The products of two tensors, summed over the last dimensions of the first and as many first ones of the second
    /// (<c>torch.tensordot</c>).</summary>
    /// <param name="a">The first tensor.</param>
    /// <param name="b">The second tensor.</param>
    /// <param name="dims">How many dimensions; 0 for all products.</param>
    /// <exception cref="ShapeException">The sizes do not fit, or there are fewer dimensions.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public static Tensor Tensordot(Tensor a, Tensor b, int dims = 2)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (dims < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(dims), $"tensordot expects dims >= 0, but got dims={dims}");
        }

        if (dims > a.Rank || dims > b.Rank)
        {
            throw new ShapeException(
                $"tensordot expects dims <= the number of dimensions, but got dims={dims}. Shapes: {Shape.Text(a.Layout.Sizes)} and " +
                $"{Shape.Text(b.Layout.Sizes)}.");
        }

        return Tensordot(a, b, [.. Enumerable.Range(a.Rank - dims, dims)], [.. Enumerable.Range(0, dims)]);
    }

    /// <summary>The products of two tensors, summed over pairs of dimensions; what remains of the first comes first
    /// (<c>torch.tensordot</c>).</summary>
    /// <param name="a">The first tensor.</param>
    /// <param name="b">The second tensor.</param>
    /// <param name="dimsA">Dimensions of the first; negative ones count from the end.</param>
    /// <param name="dimsB">The dimension of the second that each goes with.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are bool.</exception>
    public static Tensor Tensordot(Tensor a, Tensor b, ReadOnlySpan<int> dimsA, ReadOnlySpan<int> dimsB)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (dimsA.Length != dimsB.Length)
        {
            throw new ShapeException($"both dimension lists should have same length. They have {dimsA.Length} and {dimsB.Length} dimensions.");
        }

        // Labels: those of the first tensor, then those of the second that are not paired.
        var (left, right) = (new int[a.Rank], new int[b.Rank]);
        for (var d = 0; d < left.Length; d++)
        {
            left[d] = d;
        }

        Array.Fill(right, -1);
        var paired = new bool[a.Rank];
        for (var i = 0; i < dimsA.Length; i++)
        {
            var (first, second) = (Layout.Dim(dimsA[i], a.Rank), Layout.Dim(dimsB[i], b.Rank));
            if (paired[first] || right[second] >= 0)
            {
                throw new TensorException($"dim {(paired[first] ? first : second)} appears multiple times in the list of dims");
            }

            var (x, y) = (a.Layout.Sizes[first], b.Layout.Sizes[second]);
            if (x != y && x != 1 && y != 1)
            {
                throw new ShapeException(
                    $"contracted dimensions need to match, but first has size {x} in dim {first} and second has size {y} in dim {second}. Shapes: " +
                    $"{Shape.Text(a.Layout.Sizes)} and {Shape.Text(b.Layout.Sizes)}.");
            }

            (paired[first], right[second]) = (true, first);
        }

        var output = left.Where(label => !paired[label]).ToList();
        for (var d = 0; d < right.Length; d++)
        {
            if (right[d] < 0)
            {
                right[d] = a.Rank + d;
                output.Add(right[d]);
            }
        }

        return Contractions.Run([new(a, left), new(b, right)], [.. output]);
    }
}
