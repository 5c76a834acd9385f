namespace Adjoint;

/// <summary>
/// One index of a tensor: a position, a range, a tensor of positions or truth values, a new dimension or all dimensions in between.
/// Made implicitly by <c>x[1, ^1, 2..5, mask]</c>.
/// </summary>
public readonly struct TensorIndex
{
    private TensorIndex(Kinds kind, long start = 0, long stop = 0, long step = 1, Tensor? tensor = null)
    {
        Kind = kind;
        Start = start;
        Stop = stop;
        Step = step;
        Tensor = tensor;
    }

    internal enum Kinds
    {
        /// <summary>The whole dimension; also the default value.</summary>
        Slice,
        Position,
        Tensor,
        NewAxis,
        Ellipsis,
    }

    /// <summary>All dimensions that the other indices leave (PyTorch's <c>...</c>).</summary>
    public static TensorIndex Ellipsis => new(Kinds.Ellipsis);

    /// <summary>A new dimension of size 1 (PyTorch's <c>None</c>).</summary>
    public static TensorIndex NewAxis => new(Kinds.NewAxis);

    internal Kinds Kind { get; }

    internal long Start { get; }

    internal long Stop { get; }

    internal long Step { get; }

    internal Tensor? Tensor { get; }

    /// <summary>From <paramref name="start"/> up to <paramref name="stop"/>, every <paramref name="step"/>-th
    /// (Python's <c>start:stop:step</c>).</summary>
    /// <param name="start">The first position; negative counts from the end; null is 0.</param>
    /// <param name="stop">The end, not included; negative counts from the end; null is the size.</param>
    /// <param name="step">At least 1.</param>
    /// <exception cref="TensorIndexException">The step is not positive.</exception>
    public static TensorIndex Slice(long? start = null, long? stop = null, long step = 1) => step > 0
        ? new(Kinds.Slice, start ?? 0, stop ?? long.MaxValue, step)
        : throw new TensorIndexException("step must be greater than zero");

    /// <summary>A position; negative counts from the end.</summary>
    public static implicit operator TensorIndex(int position) => new(Kinds.Position, position);

    /// <summary>A position; negative counts from the end.</summary>
    public static implicit operator TensorIndex(long position) => new(Kinds.Position, position);

    /// <summary>A position, <c>^1</c> for the last.</summary>
    /// <exception cref="TensorIndexException">It is <c>^0</c>, which is behind the last.</exception>
    public static implicit operator TensorIndex(Index position) => position switch
    {
        { IsFromEnd: false } => new(Kinds.Position, position.Value),
        { Value: > 0 } => new(Kinds.Position, -(long)position.Value),
        _ => throw new TensorIndexException("index ^0 is out of bounds for every dimension: ^1 is the last position."),
    };

    /// <summary>A range such as <c>1..3</c> or <c>..^1</c>; <c>..</c> is the whole dimension.</summary>
    public static implicit operator TensorIndex(Range range) => Slice(Bound(range.Start, range.Start.Value), Bound(range.End, null));

    /// <summary>Positions (an integer tensor) or a mask (a bool tensor).</summary>
    public static implicit operator TensorIndex(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(Kinds.Tensor, tensor: tensor);
    }

    /// <summary>Positions.</summary>
    public static implicit operator TensorIndex(int[] positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        return Tensor.FromArray(Array.ConvertAll(positions, position => (long)position), positions.Length);
    }

    /// <summary>Positions.</summary>
    public static implicit operator TensorIndex(long[] positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        return Tensor.FromArray(positions, positions.Length);
    }

    /// <summary>A mask: the positions where it is true.</summary>
    public static implicit operator TensorIndex(bool[] mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return Tensor.FromArray(mask, mask.Length);
    }

    /// <summary><paramref name="atEnd"/> is what <c>^0</c> means: nothing left as a start, no limit as a stop.</summary>
    private static long? Bound(Index index, int? atEnd) => index switch
    {
        { IsFromEnd: false } => index.Value,
        { Value: 0 } => atEnd is null ? null : long.MaxValue,
        _ => -index.Value,
    };
}
