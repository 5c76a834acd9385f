using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// How a tensor's elements lie in its storage: sizes, strides and offset, all in elements. Immutable, so that tensors share it:
/// the result of a pointwise operator has its input's layout object, and "same shape" is a reference test first.
/// </summary>
internal sealed class Layout
{
    /// <summary>The layout of a scalar in a storage of its own.</summary>
    public static readonly Layout Scalar = new([], [], 0);

    /// <summary>
    /// The dense layouts that this thread asked for last, by a hash of their sizes. Programs use few shapes again and again, and a layout is three
    /// objects; what is immutable can be shared.
    /// </summary>
    [ThreadStatic]
    private static Layout?[]? t_recent;

    private const int RecentCount = 64;

    private Shape? _shape;
    private bool? _overlaps;

    public Layout(int[] sizes, nint[] strides, nint offset)
    {
        Sizes = sizes;
        Strides = strides;
        Offset = offset;
        Count = (nint)Shape.Product(sizes);
        IsContiguous = Contiguous(sizes, strides, Count);
        IsDense = IsContiguous && offset == 0;
        Extent = ExtentOf(this);
    }

    /// <summary>The size of each dimension.</summary>
    public int[] Sizes { get; }

    /// <summary>The step between neighbours along each dimension, in elements; 0 repeats one element.</summary>
    public nint[] Strides { get; }

    /// <summary>The position of the first element, in elements.</summary>
    public nint Offset { get; }

    /// <summary>The number of elements.</summary>
    public nint Count { get; }

    /// <summary>
    /// How many elements a storage must have for all of this layout's to lie inside it: one more than the last one's position. What no storage could
    /// hold is cut to a number that none has, so that a product with the size of an element does not overflow.
    /// </summary>
    public nint Extent { get; }

    /// <summary>Whether elements follow each other in row-major order without gaps.</summary>
    public bool IsContiguous { get; }

    /// <summary>Contiguous and starting at the storage's first element.</summary>
    public bool IsDense { get; }

    /// <summary>Whether several places share an element along a dimension of stride 0.</summary>
    public bool Repeats => !IsContiguous && Sharing > 1;

    /// <summary>
    /// Whether several places share an element, in whatever way: repeated, or in windows that overlap. A large layout of unusual strides, of which
    /// that cannot be told at a glance, counts as one that does.
    /// </summary>
    public bool Overlaps => !IsContiguous && (_overlaps ??= !AreApart(Sizes, Strides) && ShareElements());

    /// <summary>How many places share each element.</summary>
    public nint Sharing
    {
        get
        {
            nint sharing = 1;
            for (var d = 0; d < Strides.Length; d++)
            {
                sharing *= Strides[d] == 0 ? Sizes[d] : 1;
            }

            return sharing;
        }
    }

    public int Rank => Sizes.Length;

    public Shape Shape => _shape ??= new Shape(Sizes);

    /// <summary>A row-major layout that starts at 0.</summary>
    public static Layout Dense(ReadOnlySpan<int> sizes)
    {
        if (sizes.Length == 0)
        {
            return Scalar;
        }

        var hash = sizes.Length;
        foreach (var size in sizes)
        {
            hash = (hash * 31) + size;
        }

        ref var recent = ref (t_recent ??= new Layout?[RecentCount])[hash & (RecentCount - 1)];
        if (recent is null || !recent.Sizes.AsSpan().SequenceEqual(sizes))
        {
            recent = MakeDense(sizes);
        }

        return recent;
    }

    private static Layout MakeDense(ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
        {
            if (size < 0)
            {
                throw new ShapeException(
                    $"Trying to create tensor with negative dimension {size}: {Shape.Text(sizes)}.");
            }
        }

        // First, as its sentence says more than that of the strides.
        _ = Shape.Product(sizes);
        var array = sizes.ToArray();
        return new Layout(array, DenseStrides(array), 0);
    }

    public static nint[] DenseStrides(ReadOnlySpan<int> sizes)
    {
        var strides = new nint[sizes.Length];
        long step = 1;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            strides[d] = (nint)step;
            var high = d == 0 ? 0 : Math.BigMul(step, Math.Max(sizes[d], 1), out step);
            if (high != 0 || step < 0)
            {
                throw new ShapeException($"Stride calculation overflowed. The sizes are {Shape.Text(sizes)}.");
            }
        }

        return strides;
    }

    /// <summary>A dense layout with the same sizes; this one if it is dense already.</summary>
    public Layout ToDense() => IsDense ? this : Dense(Sizes);

    public bool SameSizes(Layout other) =>
        ReferenceEquals(this, other) || Sizes.AsSpan().SequenceEqual(other.Sizes);

    /// <summary>The same elements, each of them once.</summary>
    public Layout Once()
    {
        var sizes = (int[])Sizes.Clone();
        for (var d = 0; d < sizes.Length; d++)
        {
            sizes[d] = Strides[d] == 0 ? 1 : sizes[d];
        }

        return With(sizes, Strides);
    }

    public Layout With(int[] sizes, nint[] strides) => new(sizes, strides, Offset);

    /// <summary>The dimension that an index names, negative ones counted from the end.</summary>
    /// <exception cref="TensorIndexException">It names none; a scalar accepts -1 and 0, as in PyTorch.</exception>
    public int Dim(int dim) => Dim(dim, Rank);

    public static int Dim(int dim, int rank)
    {
        var bound = Math.Max(rank, 1);
        if (dim < -bound || dim >= bound)
        {
            throw new TensorIndexException(
                $"Dimension out of range (expected to be in range of [{-bound}, {bound - 1}], but got {dim}). The tensor has {rank} " +
                $"{(rank == 1 ? "dimension" : "dimensions")}: the first is 0, the last -1.");
        }

        return dim < 0 ? dim + bound : dim;
    }

    /// <summary>This layout seen with larger sizes: new dimensions in front and dimensions of size 1 repeat with stride 0.</summary>
    /// <exception cref="ShapeException">A dimension is neither 1 nor as asked.</exception>
    public Layout Expand(ReadOnlySpan<int> sizes)
    {
        var extra = sizes.Length - Rank;
        if (extra < 0)
        {
            throw new ShapeException(
                $"The number of sizes {Shape.Text(sizes)} must be greater or equal to the number of dimensions of the tensor, whose sizes are " +
                $"{Shape.Text(Sizes)}.");
        }

        var strides = new nint[sizes.Length];

        // From the last dimension on, as PyTorch: where several do not fit, its message names the last.
        for (var d = sizes.Length - 1; d >= extra; d--)
        {
            var own = Sizes[d - extra];
            if (own == sizes[d])
            {
                strides[d] = Strides[d - extra];
            }
            else if (own != 1)
            {
                throw new ShapeException(
                    $"The expanded size of the tensor ({sizes[d]}) must match the existing size ({own}) at non-singleton " +
                    $"dimension {d}.  Target sizes: {Shape.Text(sizes)}.  Tensor sizes: {Shape.Text(Sizes)}. " +
                    "Only dimensions of size 1 repeat: use Unsqueeze or Reshape to line them up.");
            }
        }

        // Without repetition these are the same elements in the same order.
        return IsDense && Shape.Product(sizes) == Count ? Dense(sizes) : With(sizes.ToArray(), strides);
    }

    /// <summary>The sizes that two shapes broadcast to, by PyTorch's rule.</summary>
    /// <exception cref="ShapeException">They do not broadcast.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Layout Broadcast(Layout a, Layout b) => ReferenceEquals(a, b) && a.IsDense ? a : Broadcasted(a, b);

    private static Layout Broadcasted(Layout a, Layout b)
    {
        if (b.Rank == 0 || a.SameSizes(b))
        {
            return a.ToDense();
        }

        if (a.Rank == 0)
        {
            return b.ToDense();
        }

        var rank = Math.Max(a.Rank, b.Rank);
        var sizes = new int[rank];

        // From the last dimension on, as PyTorch: where several do not fit, its message names the last.
        for (var d = rank - 1; d >= 0; d--)
        {
            var i = d - (rank - a.Rank);
            var j = d - (rank - b.Rank);
            var left = i < 0 ? 1 : a.Sizes[i];
            var right = j < 0 ? 1 : b.Sizes[j];
            if (left != right && left != 1 && right != 1)
            {
                throw new ShapeException(
                    $"The size of tensor a ({left}) must match the size of tensor b ({right}) at non-singleton dimension {d}. " +
                    $"Shapes: {Shape.Text(a.Sizes)} and {Shape.Text(b.Sizes)}. Sizes must be equal or 1, compared from the last " +
                    "dimension; use Unsqueeze, Reshape or Transpose to line them up.");
            }

            sizes[d] = left == 1 ? right : left;
        }

        if (a.IsDense && a.Sizes.AsSpan().SequenceEqual(sizes))
        {
            return a;
        }

        return b.IsDense && b.Sizes.AsSpan().SequenceEqual(sizes) ? b : Dense(sizes);
    }

    /// <summary>Whether each stride steps over all that the smaller ones reach: then no two places share an element.</summary>
    public static bool AreApart(ReadOnlySpan<int> sizes, ReadOnlySpan<nint> strides)
    {
        Span<int> order = stackalloc int[sizes.Length];
        var count = 0;
        for (var d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] == 0)
            {
                return true;
            }

            if (sizes[d] == 1)
            {
                continue;
            }

            var at = count++;
            for (; at > 0 && Math.Abs(strides[order[at - 1]]) > Math.Abs(strides[d]); at--)
            {
                order[at] = order[at - 1];
            }

            order[at] = d;
        }

        Int128 reach = 0;
        foreach (var d in order[..count])
        {
            if (Int128.Abs(strides[d]) <= reach)
            {
                return false;
            }

            reach += (Int128)(sizes[d] - 1) * Int128.Abs(strides[d]);
        }

        return true;
    }

    /// <summary>The position in memory of each element, in row-major order.</summary>
    public IEnumerable<nint> Positions()
    {
        var index = new int[Rank];
        var at = Offset;
        for (nint i = 0; i < Count; i++)
        {
            yield return at;
            for (var d = Rank - 1; d >= 0; d--)
            {
                at += Strides[d];
                if (++index[d] < Sizes[d])
                {
                    break;
                }

                at -= Sizes[d] * Strides[d];
                index[d] = 0;
            }
        }
    }

    private bool ShareElements()
    {
        const int most = 1 << 16;
        if (Repeats || Count > most)
        {
            return true;
        }

        var seen = new HashSet<nint>((int)Count);
        return Positions().Any(position => !seen.Add(position));
    }

    /// <exception cref="ShapeException">An element would lie before the storage's first.</exception>
    private static nint ExtentOf(Layout layout)
    {
        const long beyondAll = (long.MaxValue / 16) + 1;
        if (layout.Count == 0)
        {
            return 0;
        }

        if (layout.IsContiguous && layout.Offset >= 0 && layout.Offset < beyondAll && layout.Count < beyondAll)
        {
            return (nint)Math.Min(layout.Offset + layout.Count, beyondAll);
        }

        Int128 low = layout.Offset, high = layout.Offset;
        for (var d = 0; d < layout.Sizes.Length; d++)
        {
            var reach = (Int128)(layout.Sizes[d] - 1) * layout.Strides[d];
            low += reach < 0 ? reach : 0;
            high += reach > 0 ? reach : 0;
        }

        return low < 0
            ? throw new ShapeException(
                $"a view of shape {Shape.Text(layout.Sizes)} would begin before the first element of its tensor's memory.")
            : (nint)Int128.Min(high + 1, beyondAll);
    }

    private static bool Contiguous(int[] sizes, nint[] strides, nint count)
    {
        if (count == 0)
        {
            return true;
        }

        nint step = 1;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            if (sizes[d] != 1)
            {
                if (strides[d] != step)
                {
                    return false;
                }

                step *= sizes[d];
            }
        }

        return true;
    }
}
