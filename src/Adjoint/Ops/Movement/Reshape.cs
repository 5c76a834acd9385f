using Adjoint.Families;

namespace Adjoint;

/// <summary>The same elements in the same order under other sizes: a view.</summary>
internal readonly record struct Reshape(ValueArray<int> Sizes, ValueArray<nint> Strides) : ILinear
{
    static bool ILinear.IsView => true;

    public string GradName => "ViewBackward0";

    public TensorType Infer(TensorType x) => x.With(Sizes);

    public Tensor Apply(Tensor x) => x.View(x.Layout.With(Sizes, Strides));

    public Tensor Transpose(Tensor g, Shape input) => g.Reshape(input.Sizes);

    public Tensor Replay<O>(O op, Tensor x)
        where O : struct, ILinear => x.Reshape(Sizes);

    public Tensor? Batch(Tensor x) => x.Reshape([x.Layout.Sizes[0], .. Sizes.Items]);
}

/// <summary>
/// A dense tensor under other sizes, where nobody else will name that tensor: the result owns the memory, so it is no view
/// and may be changed in place.
/// </summary>
/// <param name="Sizes">The sizes.</param>
/// <param name="IsSqueeze">It takes out a dimension of size 1, which PyTorch does in place.</param>
internal readonly record struct UnsafeView(ValueArray<int> Sizes, bool IsSqueeze) : ILinear
{
    public string GradName => IsSqueeze ? "SqueezeBackward4" : "UnsafeViewBackward0";

    internal bool IsSqueeze { get; init; } = IsSqueeze;

    /// <summary>A tensor that the caller lets go of, under other sizes.</summary>
    public static Tensor Of(Tensor made, ReadOnlySpan<int> sizes, bool isSqueeze = false) =>
        Op.Linear(new UnsafeView(sizes.ToArray(), isSqueeze), made);

    public TensorType Infer(TensorType x) => x.With(Sizes);

    public Tensor Apply(Tensor x) => new(x.Storage, Layout.Dense(Sizes), x.DType);

    public Tensor Transpose(Tensor g, Shape input) => g.Reshape(input.Sizes);

    public Tensor Replay<O>(O op, Tensor x)
        where O : struct, ILinear => x.Reshape(Sizes);

    public Tensor? Batch(Tensor x) => x.Reshape([x.Layout.Sizes[0], .. Sizes.Items]);
}

/// <content>Changing sizes without changing elements.</content>
public sealed partial class Tensor
{
    /// <summary>The same elements in row-major order under other sizes; shares memory where strides allow, copies otherwise.</summary>
    /// <param name="shape">The sizes; one may be -1 and follows from the rest.</param>
    /// <exception cref="ShapeException">The number of elements does not fit.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> shape)
    {
        var sizes = InferSizes(this, shape);
        return StridesFor(Layout, sizes) is { } strides
            ? Op.Linear(new Reshape(sizes, strides), this)
            : UnsafeView.Of(Clone(), sizes);
    }

    /// <summary>The same memory under other sizes.</summary>
    /// <param name="shape">The sizes; one may be -1 and follows from the rest.</param>
    /// <exception cref="ShapeException">The number of elements does not fit, or strides do not allow a view.</exception>
    public Tensor View(params ReadOnlySpan<int> shape)
    {
        var sizes = InferSizes(this, shape);
        var strides = StridesFor(Layout, sizes) ?? throw new ShapeException(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous " +
            "subspaces). Use .Reshape(...) instead.");
        return Op.Linear(new Reshape(sizes, strides), this);
    }

    /// <summary>Dimensions from <paramref name="start"/> to <paramref name="end"/> merged into one.</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Flatten(int start = 0, int end = -1)
    {
        if (Rank == 0)
        {
            return Reshape(1);
        }

        var (first, last) = (Layout.Dim(start), Layout.Dim(end));
        if (first > last)
        {
            throw new TensorException("flatten() has invalid args: start_dim cannot come after end_dim. " +
                $"Of shape {Shape.Text(Layout.Sizes)}, dimensions {first} to {last} were asked for; write x.Flatten({last}, {first}).");
        }

        return first == last
            ? this
            : Reshape([.. Layout.Sizes[..first], Merged(this, first, last, "Flatten"), .. Layout.Sizes[(last + 1)..]]);
    }

    /// <summary>The size of dimensions as one.</summary>
    /// <exception cref="ShapeException">It is larger than dimensions are.</exception>
    internal static int Merged(Tensor x, int first, int last, string name) =>
        Shape.Dimension(Shape.Product(x.Layout.Sizes.AsSpan(first, last - first + 1)), $"{name} of shape {Shape.Text(x.Layout.Sizes)}");

    private static int[] InferSizes(Tensor x, ReadOnlySpan<int> shape)
    {
        var sizes = shape.ToArray();
        var unknown = -1;
        long known = 1;
        var (isEmpty, overflows) = (false, false);
        for (var d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] == -1)
            {
                unknown = unknown < 0 ? d : throw new ShapeException("only one dimension can be inferred. Write -1 once.");
            }
            else if (sizes[d] < 0)
            {
                throw new ShapeException($"invalid shape dimension {sizes[d]} at index {d} of shape {Shape.Text(sizes)}");
            }
            else if (sizes[d] == 0)
            {
                isEmpty = true;
            }
            else
            {
                overflows |= Math.BigMul(known, sizes[d], out known) is not 0 || known < 0;
            }
        }

        // A zero anywhere makes the count zero, however large the rest is.
        known = isEmpty ? 0 : known;
        var count = x.Layout.Count;
        if (unknown >= 0 && isEmpty)
        {
            throw new ShapeException(
                $"cannot reshape tensor of {count} elements into shape {Shape.Text(sizes)} because the unspecified dimension size -1 can " +
                "be any value and is ambiguous");
        }

        if ((overflows && !isEmpty) || (unknown >= 0 ? count % known != 0 : count != known))
        {
            throw new ShapeException(
                $"shape '{Shape.Text(sizes)}' is invalid for input of size {count}. The tensor has shape {Shape.Text(x.Layout.Sizes)}: sizes must " +
                $"multiply to {count}, and one of them may be -1, which follows from the rest.");
        }

        if (unknown >= 0)
        {
            sizes[unknown] = Shape.Dimension(count / known, $"shape '{Shape.Text(sizes)}' for an input of size {count}");
        }

        return sizes;
    }

    /// <summary>Strides that show a layout's elements under other sizes; null if they would need a copy.</summary>
    private static nint[]? StridesFor(Layout layout, int[] sizes)
    {
        if (layout.Count == 0 || layout.IsContiguous)
        {
            return Layout.DenseStrides(sizes);
        }

        // Each run of old dimensions that lie in one piece must be made of whole new dimensions.
        var strides = new nint[sizes.Length];
        var next = sizes.Length - 1;
        nint oldCount = 1;
        nint newCount = 1;
        var baseStride = layout.Strides[^1];
        for (var d = layout.Rank - 1; d >= 0; d--)
        {
            oldCount *= layout.Sizes[d];
            var ends = d == 0 || (layout.Sizes[d - 1] != 1 && layout.Strides[d - 1] != oldCount * baseStride);
            if (!ends)
            {
                continue;
            }

            while (next >= 0 && (newCount < oldCount || sizes[next] == 1))
            {
                strides[next] = newCount * baseStride;
                newCount *= sizes[next--];
            }

            if (newCount != oldCount)
            {
                return null;
            }

            if (d > 0)
            {
                baseStride = layout.Strides[d - 1];
                oldCount = 1;
                newCount = 1;
            }
        }

        return next == -1 ? strides : null;
    }
}
