using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A setting of a convolution or a pool for each axis of an image: one number for all axes,
/// or one for each, as in PyTorch. A default value means "not given".
/// </summary>
/// <example><code>x.MaxPool2d(2); x.MaxPool2d((3, 2)); x.MaxPool2d([3, 2]);</code></example>
[CollectionBuilder(typeof(PerAxis), nameof(Create))]
[SuppressMessage("Naming", "CA1710", Justification = "It is a setting, which only happens to be enumerable.")]
[SuppressMessage("Usage", "CA2225", Justification = "Create is the named form.")]
public readonly struct PerAxis : IReadOnlyList<int>, IEquatable<PerAxis>
{
    private readonly int[]? _values;

    private PerAxis(int[] values) => _values = values;

    /// <summary>Whether there is a value at all.</summary>
    public bool IsGiven => _values is { Length: > 0 };

    /// <summary>How many numbers there are.</summary>
    public int Count => _values?.Length ?? 0;

    /// <summary>One of the numbers.</summary>
    public int this[int index] => (uint)index < (uint)Count
        ? _values![index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"{ToString()} has {Count} values, numbered from 0.");

    /// <summary>Makes a setting from numbers.</summary>
    public static PerAxis Create(ReadOnlySpan<int> values) => new(values.ToArray());

    /// <summary>The same number for all axes.</summary>
    public static implicit operator PerAxis(int all) => new([all]);

    /// <summary>Height and width.</summary>
    public static implicit operator PerAxis((int Height, int Width) values) => new([values.Height, values.Width]);

    /// <summary>Depth, height and width.</summary>
    public static implicit operator PerAxis((int Depth, int Height, int Width) values) => new([values.Depth, values.Height, values.Width]);

    /// <summary>One number for each axis.</summary>
    public static implicit operator PerAxis(int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Create(values);
    }

    /// <summary>Whether both have the same numbers.</summary>
    public static bool operator ==(PerAxis a, PerAxis b) => a.Equals(b);

    /// <summary>Whether the numbers differ.</summary>
    public static bool operator !=(PerAxis a, PerAxis b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(PerAxis other) => (_values ?? []).AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PerAxis other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((IStructuralEquatable)(_values ?? [])).GetHashCode(EqualityComparer<int>.Default);

    /// <summary>The numbers as Python writes a tuple.</summary>
    public override string ToString() => Count == 1 ? $"({_values![0]},)" : $"({Limits.Joined(", ", _values ?? [])})";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_values ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The numbers for a number of axes, with ones or zeros for axes in front.</summary>
    /// <param name="axes">How many axes the operator has.</param>
    /// <param name="otherwise">The number if none was given.</param>
    /// <param name="inFront">The number for axes before them, of three.</param>
    /// <param name="name">The setting's name.</param>
    /// <param name="operation">What PyTorch calls the operator's axes in its message.</param>
    /// <exception cref="ShapeException">There are neither one nor as many numbers.</exception>
    internal int[] Three(int axes, int otherwise, int inFront, string name, string operation = "convolution")
    {
        var three = new int[3];
        Array.Fill(three, inFront, 0, 3 - axes);
        for (var a = 0; a < axes; a++)
        {
            three[3 - axes + a] = Count switch
            {
                0 => otherwise,
                1 => _values![0],
                var count when count == axes => _values![a],
                _ => throw new ShapeException(
                    $"expected {name} to be a single integer value or a list of {axes} values to match the {operation} dimensions, but got " +
                    $"{name}={Shape.Text(_values)}"),
            };
        }

        return three;
    }
}
