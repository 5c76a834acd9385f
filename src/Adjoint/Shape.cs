using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The sizes of a tensor's dimensions, immutable; prints as <c>torch.Size([2, 3])</c>.</summary>
/// <example><code>Shape s = [2, 3]; Console.WriteLine(s.Count); // 6</code></example>
[CollectionBuilder(typeof(Shape), nameof(Create))]
[SuppressMessage("Naming", "CA1710", Justification = "A shape is the field's word; it only happens to be enumerable.")]
public readonly struct Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private readonly int[]? _sizes;

    internal Shape(int[] sizes) => _sizes = sizes;

    /// <summary>Makes a shape from sizes; none gives the shape of a scalar.</summary>
    public static Shape Create(ReadOnlySpan<int> sizes) => new(sizes.ToArray());

    /// <summary>The number of dimensions.</summary>
    public int Rank => Array.Length;

    /// <summary>The number of elements: the product of the sizes, 1 for a scalar.</summary>
    public long Count => Product(Array);

    /// <summary>The size of a dimension; a negative index counts from the end.</summary>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public int this[int dim]
    {
        get
        {
            var place = dim < 0 ? dim + Rank : dim;
            return (uint)place < (uint)Rank
                ? Array[place]
                : throw new TensorIndexException(
                    $"Dimension out of range (expected to be in range of [{-Rank}, {Rank - 1}], but got {dim}). The shape is {Text(Array)}.");
        }
    }

    /// <summary>The size of a dimension, such as <c>shape[^1]</c> for the last.</summary>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public int this[Index dim] => this[dim.IsFromEnd ? dim.Value == 0 ? Rank : -dim.Value : dim.Value];

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The sizes, not copied.</summary>
    internal int[] Sizes => Array;

    private int[] Array => _sizes ?? [];

    /// <summary>The sizes as a span.</summary>
    public ReadOnlySpan<int> AsSpan() => Array;

    /// <summary>The sizes as a new array.</summary>
    public int[] ToArray() => [.. Array];

    /// <summary>Makes a shape from an array, which is copied.</summary>
    public static implicit operator Shape(int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return Create(sizes);
    }

    /// <summary>The sizes, so that <c>Tensor.Zeros(x.Shape)</c> and <c>x.Reshape(y.Shape)</c> take a shape.</summary>
    public static implicit operator ReadOnlySpan<int>(Shape shape) => shape.AsSpan();

    /// <summary>Whether both have the same sizes.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Whether the sizes differ.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(Shape other) => AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var size in Array)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <summary>The sizes as PyTorch prints them: <c>torch.Size([2, 3])</c>.</summary>
    public override string ToString() => "torch.Size(" + Text(Array) + ")";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)Array).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The sizes in brackets, as PyTorch's messages show them: <c>[2, 3]</c>.</summary>
    internal static string Text(ReadOnlySpan<int> sizes) => "[" + Limits.Joined(", ", sizes.ToArray()) + "]";

    /// <summary>A size that was computed, as the size of a dimension.</summary>
    /// <exception cref="ShapeException">It is negative, or larger than dimensions are.</exception>
    internal static int Dimension(long size, string what) => size is >= 0 and <= int.MaxValue
        ? (int)size
        : throw new ShapeException(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} would have a dimension of {size} elements, but a dimension has from 0 to {int.MaxValue}. Keep or make more dimensions, or " +
            $"work on parts of the tensor."));

    /// <summary>The product of sizes.</summary>
    /// <exception cref="ShapeException">It does not fit 63 bits.</exception>
    internal static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        var overflow = false;
        foreach (var size in sizes)
        {
            // A zero anywhere makes the count zero, however large the rest is.
            if (size == 0)
            {
                return 0;
            }

            // The product is signed: what reaches its sign bit has left 63 bits, although nothing went over to the high half.
            overflow |= Math.BigMul(product, size, out product) is not 0 || product < 0;
        }

        return overflow
            ? throw new ShapeException($"Storage size calculation overflowed with sizes={Text(sizes)}. The number of elements does not fit 63 bits.")
            : product;
    }
}
