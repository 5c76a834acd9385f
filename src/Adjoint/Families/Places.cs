using System.Numerics;

namespace Adjoint.Families;

/// <summary>Some of up to 64 things in a row, such as the inputs whose gradient is wanted.</summary>
/// <param name="Bits">A bit for each, the lowest for the first.</param>
public readonly record struct Places(ulong Bits)
{
    /// <summary>The most things that there can be.</summary>
    public const int Most = 64;

    /// <summary>How many of them there are.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether a place is one of them.</summary>
    public bool this[int place] => place < Most && (Bits >> place & 1) != 0;

    /// <summary>These places, counted from 0.</summary>
    public static Places Of(params ReadOnlySpan<int> places)
    {
        ulong bits = 0;
        foreach (var place in places)
        {
            bits |= 1UL << place;
        }

        return new(bits);
    }

    /// <summary>The places of both.</summary>
    public static Places operator |(Places a, Places b) => new(a.Bits | b.Bits);
}
