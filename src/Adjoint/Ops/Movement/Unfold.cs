using Adjoint.Families;

namespace Adjoint;

/// <summary>Windows along a dimension, which may overlap: a view with a new last dimension. Its transpose is <see cref="UnfoldSum"/>.</summary>
/// <param name="Dim">The dimension, which then counts windows.</param>
/// <param name="Size">The size of a window.</param>
/// <param name="Step">From one window to the next.</param>
internal readonly record struct Unfold(int Dim, int Size, int Step) : ILinear
{
    static bool ILinear.IsView => true;

    public TensorType Infer(TensorType x) => x.With(LayoutOf(x.Layout).Sizes);

    public Tensor Apply(Tensor x) => x.View(LayoutOf(x.Layout));

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new UnfoldSum(Dim, Size, Step, input.Sizes[Dim]), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this with { Dim = Dim + 1 }, x);

    /// <summary>The windows of a layout.</summary>
    public Layout LayoutOf(Layout layout)
    {
        int[] sizes = [.. layout.Sizes, Size];
        nint[] strides = [.. layout.Strides, layout.Strides[Dim]];
        sizes[Dim] = ((layout.Sizes[Dim] - Size) / Step) + 1;
        strides[Dim] *= Step;
        return layout.With(sizes, strides);
    }
}

/// <summary>Windows added to zeros where they came from: the transpose of <see cref="Unfold"/>.</summary>
/// <param name="Dim">The dimension that counts windows.</param>
/// <param name="Size">The size of a window.</param>
/// <param name="Step">From one window to the next.</param>
/// <param name="Length">The dimension's size in the result.</param>
internal readonly record struct UnfoldSum(int Dim, int Size, int Step, int Length) : ILinear
{
    public string GradName => "UnfoldBackwardBackward0";

    public TensorType Infer(TensorType x)
    {
        var sizes = x.Layout.Sizes[..^1];
        sizes[Dim] = Length;
        return x.With(sizes);
    }

    public Tensor Apply(Tensor x)
    {
        var dense = Infer(TensorType.Of(x)).Layout;
        var memory = ViewMemory.Write(x, new Unfold(Dim, Size, Step).LayoutOf(dense), dense);
        return new Tensor(memory.Storage, dense, x.DType);
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Unfold(Dim, Size, Step), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this with { Dim = Dim + 1 }, x);
}

/// <content>Windows along a dimension.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// All windows along a dimension, which may overlap; shares memory (<c>Tensor.unfold</c>). The dimension counts windows, and a new last one their
    /// elements. Windows of images are <c>Im2Col</c>.
    /// </summary>
    /// <param name="dimension">The dimension; negative counts from the end.</param>
    /// <param name="size">The size of a window.</param>
    /// <param name="step">From one window to the next; at least 1.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="ShapeException">A window is larger than the dimension or has a negative size, or the step is not positive.</exception>
    public Tensor Unfold(int dimension, int size, int step)
    {
        var dim = Layout.Dim(dimension);
        var most = Rank == 0 ? 1 : Layout.Sizes[dim];
        if (size < 0 || size > most)
        {
            throw new ShapeException(size < 0
                ? $"size is {size} but must be >= 0"
                : $"maximum size for tensor at dimension {dim} is {most} but size is {size}");
        }

        if (step <= 0)
        {
            throw new ShapeException($"step is {step} but must be > 0");
        }

        return Rank == 0 ? Reshape(1).Narrow(0, 0, size) : Op.Linear(new Unfold(dim, size, step), this);
    }
}
