using Adjoint.Gate;

namespace Adjoint;

/// <summary>In which order the vectors of a grid number its dimensions.</summary>
public enum GridIndexing
{
    /// <summary>The first vector runs along the first dimension, as matrices are indexed.</summary>
    Ij,

    /// <summary>The first vector runs along the second dimension and the second along the first, as points of a plane are written.</summary>
    Xy,
}

/// <content>Grids of vectors, and what is chosen from them.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The coordinates of all points of a grid, a tensor for each vector (<c>torch.meshgrid</c>). They share memory with the vectors.
    /// </summary>
    /// <param name="tensors">Vectors or scalars of one dtype; at least one.</param>
    /// <param name="indexing">Which vector runs along which dimension.</param>
    /// <exception cref="ShapeException">A tensor has more than one dimension.</exception>
    /// <exception cref="DTypeException">Dtypes differ.</exception>
    public static Tensor[] Meshgrid(IReadOnlyList<Tensor> tensors, GridIndexing indexing = GridIndexing.Ij)
    {
        Operands.ThrowIfAnyNull(tensors, nameof(Meshgrid));
        if (tensors.Count == 0)
        {
            throw new TensorException("meshgrid expects a non-empty TensorList");
        }

        foreach (var tensor in tensors)
        {
            if (tensor.Rank > 1)
            {
                throw new ShapeException($"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got a tensor of shape {tensor.Shape}");
            }

            if (tensor.DType != tensors[0].DType)
            {
                throw new DTypeException("torch.meshgrid expects all tensors to have the same dtype");
            }
        }

        int[] sizes = [.. tensors.Select(tensor => (int)tensor.Count)];
        var swaps = indexing == GridIndexing.Xy && sizes.Length > 1;
        if (swaps)
        {
            (sizes[0], sizes[1]) = (sizes[1], sizes[0]);
        }

        return [.. tensors.Select((tensor, i) =>
        {
            var ones = new int[sizes.Length];
            Array.Fill(ones, 1);
            var at = swaps && i < 2 ? 1 - i : i;
            ones[at] = sizes[at];
            return tensor.Reshape(ones).Expand(sizes);
        })];
    }

    /// <summary>All tuples of one element of each vector, a row each, the last vector running fastest (<c>torch.cartesian_prod</c>).</summary>
    /// <param name="tensors">Vectors of one dtype; a single one is given back.</param>
    /// <exception cref="ShapeException">A tensor is no vector.</exception>
    public static Tensor CartesianProd(params IReadOnlyList<Tensor> tensors)
    {
        Operands.ThrowIfAnyNull(tensors, nameof(CartesianProd));
        foreach (var tensor in tensors)
        {
            ThrowUnlessVector(tensor);
        }

        return tensors.Count == 1 ? tensors[0] : Stack([.. Meshgrid(tensors).Select(coordinate => coordinate.Reshape(-1))], 1);
    }

    /// <summary>All choices of elements of this vector in the order in which they stand, a row each (<c>torch.combinations</c>).</summary>
    /// <param name="r">How many are chosen.</param>
    /// <param name="withReplacement">Whether one may be chosen again.</param>
    /// <exception cref="ShapeException">It is no vector.</exception>
    /// <exception cref="TensorException">The number is negative.</exception>
    public Tensor Combinations(int r = 2, bool withReplacement = false)
    {
        ThrowUnlessVector(this);
        if (r < 0)
        {
            throw new TensorException($"Expect a non-negative number, but got {r}");
        }

        if (r == 0)
        {
            return Zeros([0], DType);
        }

        var size = Layout.Sizes[0];
        List<long> positions = [];
        var chosen = new int[r];
        for (var i = 0; i < r && !withReplacement; i++)
        {
            chosen[i] = i;
        }

        // The largest choice of the last place that still leaves room for those after it.
        int Most(int place) => withReplacement ? size - 1 : size - r + place;
        while (Most(0) >= chosen[0])
        {
            positions.AddRange(chosen.Select(position => (long)position));
            var place = r - 1;
            while (place > 0 && chosen[place] >= Most(place))
            {
                place--;
            }

            var next = chosen[place] + 1;
            for (; place < r; place++)
            {
                chosen[place] = next;
                next += withReplacement ? 0 : 1;
            }
        }

        return Gather(0, FromArray(positions.ToArray())).Reshape(-1, r);
    }

    private static void ThrowUnlessVector(Tensor x)
    {
        if (x.Rank != 1)
        {
            throw new ShapeException($"Expect a 1D vector, but got shape {x.Shape}");
        }
    }
}
