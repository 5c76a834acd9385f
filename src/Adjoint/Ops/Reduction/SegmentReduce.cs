using System.Globalization;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>How the elements of each segment are reduced.</summary>
public enum SegmentReduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest; ties share the gradient evenly.</summary>
    Max,

    /// <summary>The smallest; ties share the gradient evenly.</summary>
    Min,

    /// <summary>Their product; gradients are exact where elements are zero, to any order.</summary>
    Prod,
}

/// <summary>
/// Each of several segments of a dimension reduced to one element. The inputs are the tensor, and where the segments begin and end.
/// </summary>
internal readonly record struct SegmentReduce(SegmentReduction Reduce, int Axis, bool HasInitial, double Initial) : IMultiOutput
{
    public static bool ReadsInput(int input) => true;

    public static bool ReadsResult(int result) => true;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0].WithSize(Axis, inputs[1].Layout.Sizes[^1] - 1)];

    public unsafe Tensor[] Apply(Tensor[] inputs)
    {
        var (x, offsets) = (Op.Wide(Op.Contiguous(inputs[0])), Op.Contiguous(inputs[1]));
        var sizes = (int[])x.Layout.Sizes.Clone();
        var (length, count) = (sizes[Axis], offsets.Layout.Sizes[^1] - 1);
        sizes[Axis] = count;
        var y = Op.Fresh(Layout.Dense(sizes), x.DType);
        var outer = (nint)Shape.Product(sizes.AsSpan(0, Axis));
        using var pins = new Pins(x, offsets, y);
        ThrowUnlessWithin(new ReadOnlySpan<long>((long*)pins[1], checked((int)offsets.Layout.Count)), count + 1, length);
        if (y.Layout.Count > 0)
        {
            var job = new Job
            {
                X = pins[0], Offsets = (long*)pins[1], Y = pins[2], Sizes = (outer, length, (nint)Shape.Product(sizes.AsSpan(Axis + 1)), count),
                Fold = FoldOf(Reduce), Initial = HasInitial ? Initial : null,
            };
            x.DType.VisitReal(ref job, "segment_reduce_cpu");
        }

        return [Op.Convert(y, inputs[0].DType)];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (g, x, offsets, y) = (gradients[0]!, inputs[0]!, inputs[1]!, results[0]!);
        var segments = new SegmentPlaces(offsets, x, Axis);
        switch (Reduce)
        {
            case SegmentReduction.Sum:
                return [segments.Spread(g, 0), null];
            case SegmentReduction.Mean:
                return [segments.Spread(g / segments.Lengths(y).Clamp(min: 1), 0), null];
            case SegmentReduction.Prod:
                return [segments.Spread(HasInitial ? g * Initial : g, 0) * segments.Others(x), null];
            default:
                // A NaN is the extreme of itself, although it does not equal it.
                var (own, extreme) = (x.Detach(), segments.Spread(y.Detach(), double.NaN));
                var isIt = own.Eq(extreme).LogicalOr(own.Ne(own)).To(x.DType);
                return [segments.Spread(g / segments.Sum(isIt).Clamp(min: 1), 0) * isIt, null];
        }
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Axis = Axis + 1 }, inputs);

    private static SegmentFold FoldOf(SegmentReduction reduce) => reduce switch
    {
        SegmentReduction.Sum => SegmentFold.Sum,
        SegmentReduction.Mean => SegmentFold.Mean,
        SegmentReduction.Max => SegmentFold.Max,
        SegmentReduction.Min => SegmentFold.Min,
        _ => SegmentFold.Prod,
    };

    private static void ThrowUnlessWithin(ReadOnlySpan<long> offsets, int each, int length)
    {
        for (var i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] < 0 || offsets[i] > length || (i % each != 0 && offsets[i] < offsets[i - 1]))
            {
                throw new TensorIndexException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"segment_reduce(): the segments do not lie one behind the other in a dimension of size {length}: there is an offset " +
                    $"{offsets[i]}."));
            }
        }
    }

    private unsafe struct Job : IRealJob
    {
        public byte* X;
        public long* Offsets;
        public byte* Y;
        public (nint Outer, nint Length, nint Inner, nint Count) Sizes;
        public SegmentFold Fold;
        public double? Initial;

        readonly void IRealJob.Run<T>() => Segments.Run((T*)X, Offsets, (T*)Y, Sizes, Fold, Initial);
    }
}

/// <summary>The segments of a dimension as positions, with which gradients find their way; recorded operators.</summary>
internal readonly struct SegmentPlaces
{
    private readonly Tensor _offsets;
    private readonly int[] _sizes;
    private readonly int _axis;
    private readonly int _count;
    private readonly Tensor _of;

    public SegmentPlaces(Tensor offsets, Tensor x, int axis)
    {
        _offsets = offsets;
        _sizes = x.Layout.Sizes;
        _axis = axis;
        _count = offsets.Layout.Sizes[^1] - 1;
        var places = Tensor.Arange(_sizes[axis]).Expand([.. _sizes[..axis], _sizes[axis]]);
        var of = offsets.SearchSorted(places, right: true) - 1;

        // What lies before the first segment belongs behind the last, where there is none.
        _of = Tensor.Where(of.Lt(0), (Tensor)_count, of);
    }

    /// <summary>What there is of each segment at each of its elements, and a number outside of all.</summary>
    public Tensor Spread(Tensor y, double outside) => WithOneMore(y, outside).Gather(_axis, AsLarge(_of, _sizes[_axis]));

    /// <summary>The sum of each segment.</summary>
    public Tensor Sum(Tensor x)
    {
        var sizes = (int[])_sizes.Clone();
        sizes[_axis] = _count + 1;
        return Op.Indexed(new PutAlong(_axis, sizes, AlongCall.Gather), x, AsLarge(_of, _sizes[_axis])).Slice(_axis, 0, _count);
    }

    /// <summary>How many elements each segment has, in a form that broadcasts over results.</summary>
    public Tensor Lengths(Tensor y)
    {
        var lengths = (_offsets.Slice(-1, 1) - _offsets.Slice(-1, 0, -1)).To(y.DType);
        return lengths.Reshape([.. lengths.Layout.Sizes, .. Enumerable.Repeat(1, _sizes.Length - _axis - 1)]);
    }

    /// <summary>The product of all other elements of its segment, for each. Segments become rows of one length, filled with ones.</summary>
    public Tensor Others(Tensor x)
    {
        var length = _sizes[_axis];
        var (begin, end) = (_offsets.Slice(-1, 0, -1), _offsets.Slice(-1, 1));
        var longest = _count == 0 ? 0 : (int)Math.Max((end - begin).Max().Item<long>(), 0);
        var places = begin.Unsqueeze(-1) + Tensor.Arange(longest);
        var from = Tensor.Where(places.Lt(end.Unsqueeze(-1)), places, (Tensor)length).Reshape([.. _sizes[.._axis], _count * longest]);
        var rows = WithOneMore(x, 1).Gather(_axis, AsLarge(from, _count * longest));
        int[] parted = [.. _sizes[.._axis], _count, longest, .. _sizes[(_axis + 1)..]];
        var reduced = new bool[parted.Length];
        reduced[_axis + 1] = true;
        var others = Prod.Others(rows.Reshape(parted), reduced).Reshape(rows.Layout.Sizes);

        // Back to where each element came from.
        var begins = Tensor.Cat([begin, Tensor.Zeros([.. _sizes[.._axis], 1], DType.Int64)], -1).Gather(-1, _of);
        var within = Tensor.Arange(length) - begins;
        var back = Tensor.Where(_of.Eq(_count), (Tensor)(_count * longest), (_of * longest) + within);
        return WithOneMore(others, 0).Gather(_axis, AsLarge(back, length));
    }

    /// <summary>A number behind the last position.</summary>
    private Tensor WithOneMore(Tensor x, double value)
    {
        var sizes = (int[])x.Layout.Sizes.Clone();
        sizes[_axis] = 1;
        return Tensor.Cat([x, Tensor.Full(sizes, value, x.DType)], _axis);
    }

    /// <summary>Positions for all that lies beside each other.</summary>
    private Tensor AsLarge(Tensor positions, int length) => positions
        .Reshape([.. _sizes[.._axis], length, .. Enumerable.Repeat(1, _sizes.Length - _axis - 1)])
        .Expand([.. _sizes[.._axis], length, .. _sizes[(_axis + 1)..]]);
}

/// <content>Reductions of segments.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Each of several segments of a dimension reduced to one element (<c>torch.segment_reduce</c>). An empty segment gives the initial value, or the
    /// neutral one, for means NaN.
    /// </summary>
    /// <param name="reduce">How.</param>
    /// <param name="lengths">int64: how long the segments along the dimension are, for each position of the dimensions before it; together the whole
    /// dimension.</param>
    /// <param name="offsets">In place of lengths: where the segments begin, and where the last one ends.</param>
    /// <param name="axis">The dimension; negative counts from the end.</param>
    /// <param name="initial">What the elements of each segment combine with.</param>
    /// <exception cref="ArgumentException">Neither lengths nor offsets are given, or both.</exception>
    /// <exception cref="DTypeException">Elements are not real, or lengths or offsets not whole.</exception>
    /// <exception cref="ShapeException">Lengths or offsets do not have the sizes of the dimensions before, or the tensor is a scalar.</exception>
    /// <exception cref="TensorException">Segments are not the whole dimension, or do not lie one behind the other.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor SegmentReduce(SegmentReduction reduce, Tensor? lengths = null, Tensor? offsets = null, int axis = 0, double? initial = null)
    {
        if ((lengths is null) == (offsets is null))
        {
            throw new ArgumentException("segment_reduce(): Either lengths or offsets must be defined, and not both.", nameof(lengths));
        }

        if (!Enum.IsDefined(reduce))
        {
            throw new ArgumentOutOfRangeException(nameof(reduce));
        }

        if (!DType.IsFloatingPoint)
        {
            throw DType.NotImplemented("segment_reduce_cpu");
        }

        if (Rank == 0)
        {
            throw new ShapeException("segment_reduce(): the tensor is a scalar. Use Reshape(1).");
        }

        var dim = Layout.Dim(axis);
        var given = (lengths ?? offsets)!;
        if (!given.DType.IsInteger)
        {
            throw new DTypeException($"segment_reduce(): lengths and offsets are whole numbers, not {given.DType.ScalarName}. Use To(DType.Int64).");
        }

        if (given.Rank != dim + 1 || !given.Layout.Sizes.AsSpan(0, dim).SequenceEqual(Layout.Sizes.AsSpan(0, dim))
            || (offsets is not null && offsets.Layout.Sizes[^1] == 0))
        {
            throw new ShapeException(
                $"segment_reduce(): lengths or offsets have the sizes of the dimensions before the axis and one dimension more. They have shape " +
                $"{Shape.Text(given.Layout.Sizes)}, and the tensor {Shape.Text(Layout.Sizes)}.");
        }

        var bounds = given.Detach().To(DType.Int64);
        if (lengths is not null)
        {
            bounds = Cat([Zeros([.. Layout.Sizes[..dim], 1], DType.Int64), bounds.CumSum(-1)], -1);
            if (!bounds.IsStandIn && bounds.Layout.Count > 0 && bounds.Select(-1, -1).Ne(Layout.Sizes[dim]).Any().IsTrue())
            {
                throw new TensorException("Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1)");
            }
        }

        return Op.MultiOutput(new SegmentReduce(reduce, dim, initial is not null, initial ?? 0), this, bounds)[0];
    }
}
