namespace Adjoint.Families;

/// <summary>Along which dimensions an operator's rows lie (<see cref="IRows"/>).</summary>
public readonly struct RowDims : IEquatable<RowDims>
{
    private readonly bool[]? _reduced;

    /// <summary>Says along which dimensions rows lie.</summary>
    /// <param name="reduced">Which dimensions of the input.</param>
    /// <param name="keepDim">Whether they stay, with size 1, where a row becomes one number.</param>
    /// <param name="whole">No dimension was named, which means all.</param>
    internal RowDims(bool[] reduced, bool keepDim, bool whole = false)
    {
        _reduced = reduced;
        KeepDim = keepDim;
        Whole = whole;
    }

    /// <summary>The dimensions of the input along which rows lie, from the first on.</summary>
    public int[] Dims => Array.FindAll<int>([.. Enumerable.Range(0, Reduced.Length)], IsAlong);

    /// <summary>Whether they stay, with size 1, where a row becomes one number.</summary>
    public bool KeepDim { get; }

    /// <summary>Which dimensions of the input.</summary>
    internal bool[] Reduced => _reduced ?? [];

    /// <summary>No dimension was named, which means all.</summary>
    internal bool Whole { get; }

    /// <summary>The same rows of each of a batch along a new first dimension.</summary>
    internal RowDims Each => new([false, .. Reduced], KeepDim);

    /// <summary>Whether two are along the same dimensions.</summary>
    public static bool operator ==(RowDims x, RowDims y) => x.Equals(y);

    /// <summary>Whether two are along other dimensions.</summary>
    public static bool operator !=(RowDims x, RowDims y) => !x.Equals(y);

    /// <summary>What has one number for each row, in a form that broadcasts over the rows; recorded.</summary>
    /// <param name="y">The numbers, such as the result of an operator that reduces.</param>
    /// <param name="input">The shape of the operator's input.</param>
    /// <exception cref="ShapeException">The shape has another number of dimensions, or the numbers do not fit it.</exception>
    public Tensor Keep(Tensor y, Shape input)
    {
        ArgumentNullException.ThrowIfNull(y);
        ThrowUnlessFits(input);
        return y.Reshape(Op.ReducedSizes(input.Sizes, Reduced, keepDim: true));
    }

    /// <summary>The sum of each row, in a form that broadcasts over rows; recorded.</summary>
    /// <param name="x">Of the shape of the operator's input.</param>
    /// <exception cref="ShapeException">It has another number of dimensions.</exception>
    public Tensor Sum(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        ThrowUnlessFits(x.Shape);
        return Formulas.SumOver(x, Reduced, keepDim: true);
    }

    /// <summary>Whether both are along the same dimensions.</summary>
    public bool Equals(RowDims other) =>
        KeepDim == other.KeepDim && Whole == other.Whole && Reduced.AsSpan().SequenceEqual(other.Reduced);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RowDims other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reduced.Length, KeepDim, Whole);

    /// <summary>The sizes of what has one number for each row.</summary>
    internal int[] Sizes(Layout input) => Op.ReducedSizes(input, Reduced, KeepDim);

    private bool IsAlong(int dim) => Reduced[dim];

    private void ThrowUnlessFits(Shape shape)
    {
        if (shape.Rank != Reduced.Length)
        {
            throw new ShapeException($"These rows lie in tensors of {Reduced.Length} dimensions, and a shape of {shape} was given.");
        }
    }
}
