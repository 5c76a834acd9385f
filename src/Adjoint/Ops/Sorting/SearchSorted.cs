using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Where values belong among sorted elements; nothing flows through positions.</summary>
internal static class Searching
{
    /// <summary>The positions of values in sorted rows of as many dimensions, or in one row.</summary>
    public static Tensor Run(Tensor sequence, Tensor values, bool right, Tensor? sorter, bool outInt32)
    {
        var dtype = Promotion.ResultType(sequence, values);
        var (sorted, wanted) = (sequence.Detach().To(dtype), values.Detach().To(dtype));
        Tensor places;
        if (sorted.IsStandIn || wanted.IsStandIn || sorter is { IsStandIn: true })
        {
            places = ByCounting(sorter is null ? sorted : sorted.Gather(-1, sorter), wanted, right);
        }
        else
        {
            places = ByHalving(sorted, wanted, right, sorter);
        }

        return outInt32 ? places.To(DType.Int32) : places;
    }

    /// <summary>The same in operators that transforms follow: how many elements come before.</summary>
    private static Tensor ByCounting(Tensor sorted, Tensor wanted, bool right)
    {
        var elements = wanted.Rank > 0 && sorted.Rank > 1 ? sorted.Unsqueeze(-2) : sorted;
        var value = wanted.Rank > 0 ? wanted.Unsqueeze(-1) : wanted;
        return (right ? elements.Gt(value) : elements.Ge(value)).LogicalNot().Sum(-1);
    }

    private static unsafe Tensor ByHalving(Tensor sorted, Tensor wanted, bool right, Tensor? sorter)
    {
        var (rows, values) = (Op.Wide(Op.Contiguous(sorted)), Op.Wide(Op.Contiguous(wanted)));
        var order = sorter is null ? null : Op.Contiguous(sorter);
        var places = Op.Fresh(values.Layout, DType.Int64);
        if (places.Layout.Count > 0)
        {
            using var pins = new Pins(rows, order, values, places);
            var job = new Job
            {
                Rows = pins[0], Order = (long*)pins[1], Length = sorted.Rank == 0 ? 1 : sorted.Layout.Sizes[^1], Values = pins[2],
                Count = places.Layout.Count, PerRow = sorted.Rank <= 1 ? places.Layout.Count : wanted.Layout.Sizes[^1], Right = right,
                Places = (long*)pins[3],
            };
            rows.DType.Visit(ref job);
        }

        return places;
    }

    private unsafe struct Job : IDTypeJob
    {
        public byte* Rows;
        public long* Order;
        public nint Length;
        public byte* Values;
        public nint Count;
        public nint PerRow;
        public bool Right;
        public long* Places;

        readonly void IDTypeJob.Truth() => SearchRows.Run(Rows, Order, Length, Values, Count, PerRow, Right, Places);

        readonly void IDTypeJob.Whole<T>() => SearchRows.Run((T*)Rows, Order, Length, (T*)Values, Count, PerRow, Right, Places);

        readonly void IDTypeJob.Real<S, T, C>() => SearchRows.Run((T*)Rows, Order, Length, (T*)Values, Count, PerRow, Right, Places);
    }
}

/// <content>Positions in sorted tensors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Where values belong in this tensor, whose last dimension is sorted (<c>torch.searchsorted</c>): the position of the first element that is not
    /// smaller, or, from the right, of the first that is larger. NaN belongs at the end.
    /// </summary>
    /// <param name="values">As many dimensions as this tensor and its sizes but for the last; any shape if this tensor has one dimension.</param>
    /// <param name="outInt32">Give int32, not int64.</param>
    /// <param name="right">Behind equal elements, not before them.</param>
    /// <param name="sorter">The order of the last dimension where it is not sorted itself, as <see cref="ArgSort"/> gives it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The sorter is not int64.</exception>
    /// <exception cref="TensorIndexException">The sorter has positions that do not exist.</exception>
    public Tensor SearchSorted(Tensor values, bool outInt32 = false, bool right = false, Tensor? sorter = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Rank == 0)
        {
            throw new ShapeException(
                "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension. Use Reshape(1) for one boundary.");
        }

        if (Rank > 1 && !(values.Rank == Rank && values.Layout.Sizes.AsSpan(0, Rank - 1).SequenceEqual(Layout.Sizes.AsSpan(0, Rank - 1))))
        {
            throw new ShapeException(
                "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value " +
                $"tensor must match, but we got boundaries tensor {Shape.Text(Layout.Sizes)} and input value tensor " +
                $"{Shape.Text(values.Layout.Sizes)}");
        }

        if (sorter is not null)
        {
            CheckSorter(sorter);
        }

        return Searching.Run(this, values, right, sorter, outInt32);
    }

    /// <summary>
    /// In which of the intervals between sorted boundaries each element lies (<c>torch.bucketize</c>): the position of the first boundary that is not
    /// smaller, or, from the right, of the first that is larger.
    /// </summary>
    /// <param name="boundaries">One dimension, sorted.</param>
    /// <param name="outInt32">Give int32, not int64.</param>
    /// <param name="right">An element that equals a boundary belongs behind it, not before it.</param>
    /// <exception cref="ShapeException">The boundaries do not have one dimension.</exception>
    public Tensor Bucketize(Tensor boundaries, bool outInt32 = false, bool right = false)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        return boundaries.Rank == 1
            ? boundaries.SearchSorted(this, outInt32, right)
            : throw new ShapeException($"boundaries tensor must be 1 dimension, but got dim({boundaries.Rank})");
    }

    private void CheckSorter(Tensor sorter)
    {
        if (sorter.DType != DType.Int64)
        {
            throw new DTypeException(
                $"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {sorter.DType.ScalarName}. Use ArgSort, or " +
                "To(DType.Int64).");
        }

        if (!sorter.Layout.SameSizes(Layout))
        {
            throw new ShapeException(
                "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor " +
                $"{Shape.Text(Layout.Sizes)} and got sorter tensor {Shape.Text(sorter.Layout.Sizes)}");
        }

        if (sorter.Layout.Count > 0 && !sorter.IsStandIn && (sorter.Lt(0).Any().IsTrue() || sorter.Ge(Layout.Sizes[^1]).Any().IsTrue()))
        {
            throw new TensorIndexException("torch.searchsorted(): sorter index out of range");
        }
    }
}
