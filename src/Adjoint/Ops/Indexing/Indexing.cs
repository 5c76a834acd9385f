using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// What <c>x[...]</c> means: positions, ranges and new axes become views; index tensors and masks then pick rows, by NumPy's rules for where the picked
/// dimensions stand.
/// </summary>
internal static class Indexing
{
    public static Tensor Get(Tensor x, ReadOnlySpan<TensorIndex> indices)
    {
        var (view, tensors) = Basic(x, indices);
        return tensors.TrueForAll(tensor => tensor is null) ? view : Op.Linear(new IndexRows(Plan(view, tensors)), view);
    }

    public static void Set(Tensor x, ReadOnlySpan<TensorIndex> indices, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (view, tensors) = Basic(x, indices);
        if (tensors.TrueForAll(tensor => tensor is null))
        {
            view.Copy_(value.Rank > view.Rank ? value.Squeeze() : value);
            return;
        }

        var plan = Plan(view, tensors);
        var recorded = InPlace.Begin(view, x.RequiresGrad || value.RequiresGrad, x.DType, view.Layout);
        var edges = recorded ? new[] { Edge.To(view), Edge.To(value) } : [];
        IndexPut.Write(view, plan, Op.Convert(value, x.DType));
        if (!recorded)
        {
            InPlace.Changed(view);
            return;
        }

        var result = InPlace.Result(view);
        _ = new JoinNode<IndexPut>(new IndexPut(plan), edges, [view.Layout, value.Layout], result);
        InPlace.End(view, result);
    }

    /// <summary>Applies everything that is a view; index tensors are left for each dimension of the view.</summary>
    private static (Tensor View, List<Tensor?> Tensors) Basic(Tensor x, ReadOnlySpan<TensorIndex> indices)
    {
        var named = 0;
        foreach (var index in indices)
        {
            named += index.Kind switch
            {
                TensorIndex.Kinds.NewAxis or TensorIndex.Kinds.Ellipsis => 0,
                TensorIndex.Kinds.Tensor when index.Tensor!.DType == DType.Bool => index.Tensor.Rank,
                _ => 1,
            };
        }

        if (named > x.Rank)
        {
            throw new TensorIndexException($"too many indices for tensor of dimension {x.Rank}");
        }

        var view = x;
        var dim = 0;
        List<Tensor?> tensors = [];
        foreach (var index in indices)
        {
            switch (index.Kind)
            {
                case TensorIndex.Kinds.Slice:
                    if (index.Step > 0 && (index.Start != 0 || index.Stop != long.MaxValue || index.Step != 1))
                    {
                        view = view.Slice(dim, index.Start, index.Stop, index.Step);
                    }

                    tensors.Add(null);
                    dim++;
                    break;
                case TensorIndex.Kinds.Position:
                    view = view.Select(dim, checked((int)index.Start));
                    break;
                case TensorIndex.Kinds.NewAxis:
                    view = view.Unsqueeze(dim++);
                    tensors.Add(null);
                    break;
                case TensorIndex.Kinds.Ellipsis:
                    for (var skipped = x.Rank - named; skipped > 0; skipped--)
                    {
                        tensors.Add(null);
                        dim++;
                    }

                    break;
                default:
                    foreach (var positions in Positions(index.Tensor!, view, dim))
                    {
                        tensors.Add(positions);
                        dim++;
                    }

                    break;
            }
        }

        while (tensors.Count < view.Rank)
        {
            tensors.Add(null);
        }

        return (view, tensors);
    }

    /// <summary>An index tensor as positions: itself, or the places where a mask holds, one tensor for each dimension of the mask.</summary>
    private static Tensor[] Positions(Tensor index, Tensor view, int dim)
    {
        if (index.DType.IsFloatingPoint)
        {
            throw new TensorIndexException("tensors used as indices must be long, int, byte or bool tensors");
        }

        if (index.DType != DType.Bool)
        {
            return [index.To(DType.Int64)];
        }

        for (var d = 0; d < index.Rank; d++)
        {
            if (index.Layout.Sizes[d] != view.Layout.Sizes[dim + d])
            {
                throw new TensorIndexException(
                    $"The shape of the mask {Shape.Text(index.Layout.Sizes)} at index {d} does not match the shape of the indexed tensor " +
                    $"{Shape.Text(view.Layout.Sizes)} at index {dim + d}");
            }
        }

        var holds = index.ToArray<bool>();
        var places = Enumerable.Range(0, holds.Length).Where(i => holds[i]).Select(i => (long)i).ToArray();
        var tensors = new Tensor[index.Rank];
        long step = 1;
        for (var d = index.Rank - 1; d >= 0; d--)
        {
            var (size, by) = (index.Layout.Sizes[d], step);
            tensors[d] = Tensor.FromArray(Array.ConvertAll(places, place => place / by % size));
            step *= size;
        }

        return tensors;
    }

    private static IndexPlan Plan(Tensor view, List<Tensor?> tensors)
    {
        var covered = Enumerable.Range(0, view.Rank).Where(d => tensors[d] is not null).ToArray();
        var others = Enumerable.Range(0, view.Rank).Where(d => tensors[d] is null).ToArray();
        var picked = covered.Select(d => tensors[d]!.Layout).Aggregate(Layout.Scalar, Together);
        var rows = new long[picked.Count];
        foreach (var d in covered)
        {
            var size = view.Layout.Sizes[d];
            var positions = tensors[d]!.Expand(picked.Sizes).ToArray<long>();
            for (var i = 0; i < rows.Length; i++)
            {
                var position = positions[i];
                if (position < -size || position >= size)
                {
                    throw new TensorIndexException($"index {position} is out of bounds for dimension {d} with size {size}");
                }

                rows[i] = (rows[i] * size) + (position < 0 ? position + size : position);
            }
        }

        // Neighbouring index tensors stay where they are; separated ones move to the front.
        var adjacent = covered[^1] - covered[0] == covered.Length - 1;
        return new IndexPlan([.. covered, .. others], covered.Length, rows, picked.Sizes, adjacent ? covered[0] : 0);
    }

    private static Layout Together(Layout a, Layout b)
    {
        try
        {
            return Layout.Broadcast(a, b);
        }
        catch (ShapeException)
        {
            throw new TensorIndexException(
                $"shape mismatch: indexing tensors could not be broadcast together with shapes {Shape.Text(a.Sizes)}, {Shape.Text(b.Sizes)}");
        }
    }
}
