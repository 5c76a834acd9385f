namespace Adjoint.Tests.Indexing;

/// <summary>One index as the oracle sees it, together with the library's.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Library">The same for the library.</param>
/// <param name="Position">A position, or the first position of a slice.</param>
/// <param name="Count">How many positions a slice has.</param>
/// <param name="Step">A slice's step.</param>
/// <param name="Shape">The shape of an index tensor or mask.</param>
/// <param name="Values">The elements of an index tensor, or a mask's as 0 and 1, in row-major order.</param>
internal sealed record OracleIndex(
    OracleIndex.Kinds Kind, TensorIndex Library, int Position = 0, int Count = 0, int Step = 1, int[]? Shape = null, long[]? Values = null)
{
    internal enum Kinds
    {
        Position,
        Slice,
        NewAxis,
        Positions,
        Mask,
    }

    /// <summary>How many dimensions of the tensor it consumes.</summary>
    public int Consumes => Kind switch
    {
        Kinds.NewAxis => 0,
        Kinds.Mask => Shape!.Length,
        _ => 1,
    };
}

/// <summary>
/// What an index expression means, element by element: for each coordinate of the result, the coordinate in the tensor that it is read from. NumPy's
/// rules ("Indexing on ndarrays" in its user guide), but for positions, which select before index tensors are looked at (PyTorch's rule).
/// </summary>
internal sealed class IndexOracle
{
    public IndexOracle(int[] shape, IReadOnlyList<OracleIndex> indices)
    {
        // Indices that remain after positions have selected; whole slices for what is not named.
        List<(OracleIndex? Index, int Dim)> items = [];
        List<(int Dim, int At)> selected = [];
        var dim = 0;
        foreach (var index in indices)
        {
            if (index.Kind == OracleIndex.Kinds.Position)
            {
                selected.Add((dim, index.Position < 0 ? index.Position + shape[dim] : index.Position));
            }
            else
            {
                items.Add((index, dim));
            }

            dim += index.Consumes;
        }

        for (; dim < shape.Length; dim++)
        {
            items.Add((null, dim));
        }

        // Masks are the places where they hold.
        var lists = items.Select(item => Lists(item.Index)).ToList();
        var isPicked = lists.Select(list => list is not null).ToList();
        var picked = Broadcast([.. lists.Where(list => list is not null).SelectMany(list => list!).Select(list => list.Shape)]);
        var first = isPicked.IndexOf(true);
        var last = isPicked.LastIndexOf(true);
        var together = first >= 0 && isPicked.Skip(first).Take(last - first + 1).All(is_ => is_);

        // The result's dimensions: where the picked ones stand, and for each other item its own.
        List<int> sizes = [];
        var place = -1;
        var own = new int[items.Count];
        if (first >= 0 && !together)
        {
            place = 0;
            sizes.AddRange(picked);
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (!isPicked[i])
            {
                own[i] = sizes.Count;
                sizes.Add(items[i].Index switch
                {
                    null => shape[items[i].Dim],
                    { Kind: OracleIndex.Kinds.NewAxis } => 1,
                    { } slice => slice.Count,
                });
            }
            else if (together && i == first)
            {
                place = sizes.Count;
                sizes.AddRange(picked);
            }
        }

        Shape = [.. sizes];
        Sources = [];
        foreach (var at in Coordinates(Shape))
        {
            var source = new int[shape.Length];
            foreach (var (selectedDim, position) in selected)
            {
                source[selectedDim] = position;
            }

            for (var i = 0; i < items.Count; i++)
            {
                var (index, start) = items[i];
                if (lists[i] is { } columns)
                {
                    for (var c = 0; c < columns.Count; c++)
                    {
                        var value = (int)columns[c].At(at.AsSpan(place, picked.Length));
                        source[start + c] = value < 0 ? value + shape[start + c] : value;
                    }
                }
                else if (index is null)
                {
                    source[start] = at[own[i]];
                }
                else if (index.Kind == OracleIndex.Kinds.Slice)
                {
                    source[start] = index.Position + (at[own[i]] * index.Step);
                }
            }

            Sources.Add(source);
        }
    }

    /// <summary>The shape of the result.</summary>
    public int[] Shape { get; }

    /// <summary>For each element of the result, in row-major order, where it is read from.</summary>
    public List<int[]> Sources { get; }

    /// <summary>All coordinates of a shape in row-major order.</summary>
    public static IEnumerable<int[]> Coordinates(int[] shape)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        for (var n = 0; n < count; n++)
        {
            var at = new int[shape.Length];
            for (int d = shape.Length - 1, rest = n; d >= 0; d--)
            {
                (rest, at[d]) = Math.DivRem(rest, shape[d]);
            }

            yield return at;
        }
    }

    private static List<Column>? Lists(OracleIndex? index)
    {
        switch (index?.Kind)
        {
            case OracleIndex.Kinds.Positions:
                return [new Column(index.Shape!, index.Values!)];
            case OracleIndex.Kinds.Mask:
                var places = Coordinates(index.Shape!).Where((_, n) => index.Values![n] != 0).ToList();
                return [.. Enumerable.Range(0, index.Shape!.Length)
                    .Select(d => new Column([places.Count], [.. places.Select(place => (long)place[d])]))];
            default:
                return null;
        }
    }

    private static int[] Broadcast(List<int[]> shapes)
    {
        var rank = shapes.Select(shape => shape.Length).Append(0).Max();
        var result = Enumerable.Repeat(1, rank).ToArray();
        foreach (var shape in shapes)
        {
            for (var d = 0; d < shape.Length; d++)
            {
                var to = rank - shape.Length + d;
                result[to] = result[to] == 1 ? shape[d] : result[to];
            }
        }

        return result;
    }

    /// <summary>Positions along one dimension, read at a coordinate they broadcast to.</summary>
    private sealed record Column(int[] Shape, long[] Values)
    {
        public long At(ReadOnlySpan<int> at)
        {
            var n = 0;
            for (var d = 0; d < Shape.Length; d++)
            {
                n = (n * Shape[d]) + (Shape[d] == 1 ? 0 : at[at.Length - Shape.Length + d]);
            }

            return Values[n];
        }
    }
}
