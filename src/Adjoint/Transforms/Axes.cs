namespace Adjoint;

/// <summary>What random operators do inside of <c>Vmap</c>.</summary>
public enum Randomness
{
    /// <summary>They are refused, because both other answers are plausible.</summary>
    Error,

    /// <summary>All samples get the same numbers.</summary>
    Same,

    /// <summary>Each sample gets numbers of its own.</summary>
    Different,
}

/// <summary>
/// Which dimension of an argument or a result counts the samples of a batch: a number, negative from the end; null if it is the same for all samples;
/// or one of these for each tensor of a structure. The default is 0.
/// </summary>
public readonly struct Axes : IEquatable<Axes>
{
    private readonly int?[]? _each;
    private readonly int _one;
    private readonly bool _isNone;

    private Axes(int?[]? each, int one, bool isNone)
    {
        _each = each;
        _one = one;
        _isNone = isNone;
    }

    /// <summary>The argument, or the result, is the same for all samples.</summary>
    public static Axes None => new(null, 0, isNone: true);

    /// <summary>One dimension for all tensors of the argument; null for none.</summary>
    public static implicit operator Axes(int? axis) => new(null, axis ?? 0, axis is null);

    /// <summary>Whether both name the same dimensions.</summary>
    public static bool operator ==(Axes left, Axes right) => left.Equals(right);

    /// <summary>Whether they name different dimensions.</summary>
    public static bool operator !=(Axes left, Axes right) => !left.Equals(right);

    /// <inheritdoc cref="op_Implicit(int?)"/>
    public static Axes FromInt32(int? axis) => axis;

    /// <summary>One dimension for each tensor of the argument; null where a tensor is the same for all samples.</summary>
    public static Axes Each(params int?[] axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return new(axes, 0, isNone: false);
    }

    /// <inheritdoc/>
    public bool Equals(Axes other) =>
        _one == other._one && _isNone == other._isNone && (_each ?? []).AsSpan().SequenceEqual(other._each ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Axes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_one, _isNone, _each?.Length);

    /// <summary>One dimension for each of a number of tensors.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="name">PyTorch's name of what says the dimensions.</param>
    /// <param name="what">What has the tensors.</param>
    /// <exception cref="TensorException">There are dimensions for another number of tensors.</exception>
    internal int?[] For(int count, string name = "in_dims", string what = "argument")
    {
        if (_each is null)
        {
            var all = new int?[count];
            Array.Fill(all, _isNone ? null : _one);
            return all;
        }

        return _each.Length == count
            ? _each
            : throw new TensorException($"vmap: {name} names {_each.Length} dimensions, but the {what} has {count} tensors.");
    }
}
