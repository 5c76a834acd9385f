using System.Globalization;

namespace Adjoint;

/// <summary>
/// A number of 16 bits with the exponent of single precision and 8 bits of significand (<c>torch.bfloat16</c>): the upper half of a
/// <see cref="float"/>. A form to store numbers in; to compute, convert to <see cref="float"/>.
/// </summary>
public readonly struct BFloat16 : IEquatable<BFloat16>, IComparable<BFloat16>
{
    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>The number whose bits these are.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>The bits: sign, 8 of exponent, 7 of significand.</summary>
    public ushort ToBits() => _bits;

    /// <summary>The nearest number, of two the even one; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return new(float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>The same number.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    /// <summary>Whether the numbers are equal; NaN equals none.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == right;

    /// <summary>Whether the numbers are not equal.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => !(left == right);

    /// <summary>Whether the first is less.</summary>
    public static bool operator <(BFloat16 left, BFloat16 right) => (float)left < right;

    /// <summary>Whether the first is greater.</summary>
    public static bool operator >(BFloat16 left, BFloat16 right) => (float)left > right;

    /// <summary>Whether the first is not greater.</summary>
    public static bool operator <=(BFloat16 left, BFloat16 right) => (float)left <= right;

    /// <summary>Whether the first is not less.</summary>
    public static bool operator >=(BFloat16 left, BFloat16 right) => (float)left >= right;

    /// <summary>The nearest number, as by the conversion.</summary>
    public static BFloat16 FromSingle(float value) => (BFloat16)value;

    /// <summary>The same number, as by the conversion.</summary>
    public float ToSingle() => this;

    /// <inheritdoc/>
    public int CompareTo(BFloat16 other) => ToSingle().CompareTo(other);

    /// <summary>Whether this is the same number, or both are NaN.</summary>
    public bool Equals(BFloat16 other) => ToSingle().Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToSingle().GetHashCode();

    /// <summary>The number as a <see cref="float"/> is written.</summary>
    public override string ToString() => ToSingle().ToString(CultureInfo.InvariantCulture);
}
