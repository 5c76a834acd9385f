using System.Diagnostics.CodeAnalysis;

namespace Adjoint.Files;

/// <summary>A dictionary of Python's, in the order in which it was filled.</summary>
internal sealed class PickleDictionary
{
    private OrderedDictionary<object, object?>? _pairs;

    /// <summary>Keys are texts, truth values and numbers.</summary>
    public OrderedDictionary<object, object?> Pairs => _pairs ??= new(PickleKeys.Instance);

    public object? this[object key]
    {
        set => Pairs[key] = value;
    }
}

/// <summary>
/// Equality of the keys that a file chooses. Their hashes depend on the process: with .NET's own of numbers a file could give all its keys one hash,
/// and a dictionary of them would take forever.
/// </summary>
internal sealed class PickleKeys : IEqualityComparer<object>, IEqualityComparer<long>
{
    public static readonly PickleKeys Instance = new();

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public bool Equals(long x, long y) => x == y;

    public int GetHashCode([DisallowNull] object key) => key switch
    {
        long number => GetHashCode(number),
        double number => GetHashCode(BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number)),
        _ => key.GetHashCode(),
    };

    public int GetHashCode(long key) => HashCode.Combine((int)key, (int)(key >> 32));
}
