using System.Runtime.CompilerServices;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Memory;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// What <c>x[...]</c> means, by PyTorch's rules: positions, ranges and new axes become views, one after the other; index tensors and masks then pick
/// rows, and where the picked dimensions stand is NumPy's rule. The two differ in one place: a position, or an integer tensor without dimensions, is
/// a view here and an index tensor to NumPy.
/// </summary>
internal static class Indexing
{
    public static Tensor Get(Tensor x, ReadOnlySpan<TensorIndex> indices)
    {
        var (view, tensors) = Basic(x, indices, Recording.IsOn && x.RequiresGrad);
        if (!tensors.TrueForAll(tensor => tensor is null))
        {
            var (picks, numbers) = Plan(view, tensors);
            return Op.Indexed(new IndexRows(picks), view, numbers);
        }

        // Always another tensor, as what the result requires and keeps is its own.
        return ReferenceEquals(view, x) ? Op.Linear(default(Alias), x) : view;
    }

    public static void Set(Tensor x, ReadOnlySpan<TensorIndex> indices, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Rewrite.IsNeeded(x, value))
        {
            Rewritten(x, indices, value);
            return;
        }

        InPlace.ThrowIfTraced(x, value);
        NumberRange.ThrowIfNumberBeyond(value, x.DType);
        var flows = x.RequiresGrad || (value.RequiresGrad && x.DType.IsFloatingPoint);
        var (view, tensors) = Basic(x, indices, Recording.IsOn && flows);
        if (tensors.TrueForAll(tensor => tensor is null))
        {
            if (value.Layout.SameSizes(view.Layout))
            {
                view.Copy_(value);
            }
            else if (value.Rank == 0)
            {
                view.Fill_(value);
            }
            else
            {
                Views.ThrowIfBroken(value);
                view.Copy_(WithoutLeadingOnes(value).Expand(view.Layout.Sizes));
            }

            return;
        }

        value = WithoutLeadingOnes(value);
        var recorded = InPlace.Begin(view, flows, mayRepeat: true);
        var edges = recorded ? new[] { InPlace.Old(view), Edge.To(value) } : [];
        var (plan, rows) = Plan(view, tensors);
        IndexPut.ThrowUnlessFits(view, plan, rows, value);
        InPlace.Writing(view);
        if (recorded && view.Layout.Overlaps)
        {
            RepeatedWrite.Put(view, plan, rows, value);
            return;
        }

        IndexPut.Write(view, plan, rows, Op.Convert(value, x.DType));
        if (!recorded)
        {
            InPlace.Changed(view, typeof(IndexPut));
            return;
        }

        var result = InPlace.Result(view, typeof(IndexPut));
        _ = new PulledNode<IndexPut>(new IndexPut(plan), edges, [view, value, rows], result);
        InPlace.End(view, result);
    }

    /// <summary>The same where a transform follows one of both.</summary>
    private static void Rewritten(Tensor x, ReadOnlySpan<TensorIndex> indices, Tensor value)
    {
        if (!value.IsStandIn)
        {
            NumberRange.ThrowIfNumberBeyond(value, x.DType);
        }

        var (view, tensors) = Basic(x, indices, recorded: false);
        if (tensors.TrueForAll(tensor => tensor is null))
        {
            view.Copy_(value.Layout.SameSizes(view.Layout) ? value : WithoutLeadingOnes(value).Expand(view.Layout.Sizes));
            return;
        }

        value = WithoutLeadingOnes(value);
        var (plan, rows) = Plan(view, tensors);
        IndexPut.ThrowUnlessFits(view, plan, rows, value);
        Rewrite.Change(
            view,
            [value],
            (old, others) => Op.Write(
                new PutRows(plan, Accumulate: false), old, rows, IndexPut.Spread(old, plan, rows, others[0].To(old.DType))),
            mayRepeat: true);
    }

    /// <summary>A value to assign without its leading dimensions of size 1, as PyTorch sees it.</summary>
    public static Tensor WithoutLeadingOnes(Tensor value)
    {
        var ones = 0;
        while (ones < value.Rank && value.Layout.Sizes[ones] == 1)
        {
            ones++;
        }

        return ones == 0 ? value : value.Reshape(value.Layout.Sizes.AsSpan(ones));
    }

    /// <summary>Applies everything that is a view; index tensors are left for each dimension of the view.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="indices">What the user wrote.</param>
    /// <param name="recorded">Whether a whole dimension is a slice like any other, as it is in PyTorch's graphs.</param>
    private static (Tensor View, List<Tensor?> Tensors) Basic(Tensor x, ReadOnlySpan<TensorIndex> indices, bool recorded)
    {
        var named = 0;
        foreach (var index in indices)
        {
            named += index.Kind switch
            {
                TensorIndex.Kinds.NewAxis or TensorIndex.Kinds.Ellipsis => 0,
                TensorIndex.Kinds.Tensor when IsMask(index.Tensor!) => index.Tensor!.Rank,
                _ => 1,
            };
        }

        if (named > x.Rank)
        {
            throw new TensorIndexException(
                x.Rank == 0 && indices.Length == 1 && indices[0].Kind == TensorIndex.Kinds.Position
                    ? "invalid index of a 0-dim tensor. Use Item<T>() to convert a 0-dim tensor to a number."
                    : $"too many indices for tensor of dimension {x.Rank}. There are {named} for shape {Shape.Text(x.Layout.Sizes)}; " +
                      "TensorIndex.NewAxis makes a new dimension.");
        }

        var view = x;
        var dim = 0; // of the view
        var own = 0; // of the tensor, for messages
        List<Tensor?> tensors = [];
        foreach (var index in indices)
        {
            switch (index.Kind)
            {
                case TensorIndex.Kinds.Slice:
                    var (stop, step) = index.Step == 0 ? (long.MaxValue, 1) : (index.Stop, index.Step);
                    var isWhole = index.Start == 0 && step == 1
                        && (stop == view.Layout.Sizes[view.Layout.Dim(dim)] || (stop == long.MaxValue && !recorded));
                    view = isWhole ? view : view.Slice(dim, index.Start, stop, step);
                    tensors.Add(null);
                    dim++;
                    own++;
                    break;
                case TensorIndex.Kinds.Position:
                    view = At(view, dim, index.Start, own++);
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
                        own++;
                    }

                    break;
                case TensorIndex.Kinds.Tensor when index.Tensor!.Rank > 0:
                    foreach (var positions in Positions(index.Tensor, view, dim))
                    {
                        tensors.Add(positions);
                        dim++;
                        own++;
                    }

                    break;
                default:
                    if (!IsMask(index.Tensor!))
                    {
                        view = At(view, dim, Whole(index.Tensor!).Item<long>(), own++);
                        break;
                    }

                    // One truth value is a mask over a dimension of size 1 that it brings along.
                    view = view.Unsqueeze(dim++);
                    tensors.Add(Tensor.Zeros([index.Tensor!.Item<bool>() ? 1 : 0], DType.Int64));
                    break;
            }
        }

        while (tensors.Count < view.Rank)
        {
            tensors.Add(null);
        }

        return (view, tensors);
    }

    /// <summary>One position of a dimension, which is called <paramref name="own"/> in messages.</summary>
    private static Tensor At(Tensor view, int dim, long position, int own)
    {
        var size = view.Layout.Sizes[view.Layout.Dim(dim)];
        return position >= -size && position < size
            ? view.Select(dim, (int)position)
            : throw new TensorIndexException($"index {position} is out of bounds for dimension {own} with size {size}. " +
                $"Positions are 0 to {size - 1}; -1 and ^1 are the last.");
    }

    /// <summary>Truth values choose; bytes do so too, as in PyTorch.</summary>
    private static bool IsMask(Tensor index) => index.DType == DType.Bool || index.DType == DType.UInt8;

    private static Tensor Whole(Tensor index) => index.DType is { IsInteger: true, HasLoops: true }
        ? index
        : throw new TensorIndexException(
            $"tensors used as indices must be long, int, byte or bool tensors. This one is {index.DType.TorchName}: convert it with " +
            "To(DType.Int64), or compare for a mask: x[t > 0].");

    /// <summary>An index tensor as positions: itself, or the places where a mask holds, one tensor for each dimension of the mask.</summary>
    private static Tensor[] Positions(Tensor index, Tensor view, int dim)
    {
        if (!IsMask(index))
        {
            return [Whole(index).To(DType.Int64)];
        }

        for (var d = 0; d < index.Rank; d++)
        {
            if (index.Layout.Sizes[d] != view.Layout.Sizes[view.Layout.Dim(dim + d)])
            {
                throw new TensorIndexException(
                    $"The shape of the mask {Shape.Text(index.Layout.Sizes)} at index {d} does not match the shape of the indexed tensor " +
                    $"{Shape.Text(view.Layout.Sizes)} at index {dim + d}. " +
                    "A mask has the shape of the dimensions that it is for: x[mask] with mask = x > 0, or x[.., mask] for the last one.");
            }
        }

        var places = Places(Op.Contiguous(index.To(DType.Bool)));
        if (index.Rank == 1)
        {
            return [places];
        }

        var tensors = new Tensor[index.Rank];
        var numbers = places.ToArray<long>();
        long step = 1;
        for (var d = index.Rank - 1; d >= 0; d--)
        {
            var (size, by) = (index.Layout.Sizes[d], step);
            tensors[d] = Tensor.FromArray(Array.ConvertAll(numbers, place => place / by % size));
            step *= size;
        }

        return tensors;
    }

    /// <summary>What index tensors, one for each dimension and null for all of it, pick: how the rows lie, and their numbers.</summary>
    /// <exception cref="TensorIndexException">A position is out of range, or there are too many indices.</exception>
    public static (IndexPlan Plan, Tensor Rows) PlanOf(Tensor x, Tensor?[] indices)
    {
        List<Tensor?> tensors = [];
        foreach (var index in indices)
        {
            if (tensors.Count + (index is { } mask && IsMask(mask) ? mask.Rank : 1) > x.Rank)
            {
                throw new TensorIndexException($"too many indices for tensor of dimension {x.Rank} (got {indices.Length})");
            }

            if (index is null)
            {
                tensors.Add(null);
            }
            else
            {
                tensors.AddRange(Positions(index, x, tensors.Count));
            }
        }

        while (tensors.Count < x.Rank)
        {
            tensors.Add(null);
        }

        // Without an index all of the tensor is one row.
        return tensors.TrueForAll(tensor => tensor is null)
            ? (new IndexPlan([.. Enumerable.Range(0, x.Rank)], 0, 0), Tensor.Zeros([], DType.Int64))
            : Plan(x, tensors);
    }

    /// <summary>Where a mask holds, in row-major order.</summary>
    public static Tensor PlacesOf(Tensor mask) => Places(Op.Contiguous(mask));

    /// <summary>Where a contiguous mask holds, in row-major order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe Tensor Places(Tensor mask)
    {
        Guard.Dense(mask, DType.Bool, mask.Layout.Count);
        fixed (byte* origin = &mask.Storage.Origin)
        {
            var holds = origin + mask.Layout.Offset;
            nint count = 0;
            for (nint i = 0; i < mask.Layout.Count; i++)
            {
                count += holds[i] != 0 ? 1 : 0;
            }

            // One place more, because a place is written before it is known to hold.
            var places = Storage.Allocate((count + 1) * sizeof(long));
            fixed (byte* first = &places.Origin)
            {
                var next = (long*)first;
                for (nint i = 0; i < mask.Layout.Count; i++)
                {
                    *next = i;
                    next += holds[i] != 0 ? 1 : 0;
                }
            }

            GC.KeepAlive(mask);
            return new Tensor(places, Layout.Dense([Shape.Dimension(count, "the places of a mask")]), DType.Int64);
        }
    }

    /// <summary>What index tensors pick: how the rows lie, and their numbers.</summary>
    private static (IndexPlan Plan, Tensor Rows) Plan(Tensor view, List<Tensor?> tensors)
    {
        // A second ellipsis skips dimensions that the first has skipped already.
        if (tensors.FindLastIndex(tensor => tensor is not null) >= view.Rank)
        {
            throw new TensorIndexException(
                $"too many indices for tensor of dimension {view.Rank} (got {tensors.Count}). An index has one TensorIndex.Ellipsis at most.");
        }

        var covered = Enumerable.Range(0, view.Rank).Where(d => tensors[d] is not null).ToArray();
        var others = Enumerable.Range(0, view.Rank).Where(d => tensors[d] is null).ToArray();
        var picked = covered.Select(d => tensors[d]!.Layout).Aggregate(Layout.Scalar, Together);
        var rows = Op.Zeroed(picked, DType.Int64);
        foreach (var d in covered)
        {
            Advance(rows, Op.Contiguous(tensors[d]!.View(tensors[d]!.Layout.Expand(picked.Sizes))), d, view.Layout.Sizes[d]);
        }

        // Neighbouring index tensors stay where they are; separated ones move to the front.
        var adjacent = covered[^1] - covered[0] == covered.Length - 1;
        return (new IndexPlan([.. covered, .. others], covered.Length, adjacent ? covered[0] : 0), rows);
    }

    /// <summary>Row numbers over one dimension more: row * size + position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Advance(Tensor rows, Tensor positions, int dim, int size)
    {
        Guard.Dense(rows, DType.Int64, rows.Layout.Count);
        Guard.Dense(positions, DType.Int64, rows.Layout.Count, "index");
        fixed (byte* r = &rows.Storage.Origin, p = &positions.Storage.Origin)
        {
            var row = (long*)r;
            var position = (long*)p + positions.Layout.Offset;
            for (nint i = 0; i < rows.Layout.Count; i++)
            {
                var at = position[i];
                if (at < -size || at >= size)
                {
                    throw new TensorIndexException($"index {at} is out of bounds for dimension {dim} with size {size}. " +
                        $"Positions are 0 to {size - 1}, or -{size} to -1 from the end.");
                }

                row[i] = (row[i] * size) + (at < 0 ? at + size : at);
            }
        }

        GC.KeepAlive(rows);
        GC.KeepAlive(positions);
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
