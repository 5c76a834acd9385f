using System.Runtime.CompilerServices;

namespace Adjoint.Families;

/// <summary>
/// An array as an operator's parameter: compared by its elements, so that operators with equal parameters are equal. It is no copy, so nobody may
/// change the array afterwards.
/// </summary>
/// <param name="items">The array.</param>
[CollectionBuilder(typeof(ValueArray), nameof(ValueArray.Create))]
internal readonly struct ValueArray<T>(T[] items) : IEquatable<ValueArray<T>>, IValueArray
    where T : IEquatable<T>
{
    private readonly T[]? _items = items;

    /// <summary>The array itself.</summary>
    public T[] Items => _items ?? [];

    /// <summary>The number of elements.</summary>
    public int Length => Items.Length;

    Array IValueArray.Items => Items;

    /// <summary>An element.</summary>
    public T this[int index] => Items[index];

    /// <summary>An array as a parameter, which is not copied.</summary>
    public static implicit operator ValueArray<T>(T[] items) => new(items);

    /// <summary>The array itself.</summary>
    public static implicit operator T[](ValueArray<T> array) => array.Items;

    public bool Equals(ValueArray<T> other) => ReferenceEquals(_items, other._items) || Items.AsSpan().SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => new ReadOnlySpan<T>(_items).GetEnumerator();
}

/// <summary>A <see cref="ValueArray{T}"/> of whatever.</summary>
internal interface IValueArray
{
    /// <summary>The array itself.</summary>
    Array Items { get; }
}

/// <summary>What makes parameters of collection expressions.</summary>
internal static class ValueArray
{
    public static ValueArray<T> Create<T>(ReadOnlySpan<T> items)
        where T : IEquatable<T> => new(items.ToArray());
}
