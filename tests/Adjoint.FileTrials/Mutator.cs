using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Adjoint.FileTrials;

/// <summary>
/// Breaks files: flips, numbers at the borders of what a length can be, cuts, repetitions, parts of other files, and pieces that readers look for.
/// The number of an input decides everything about it.
/// </summary>
/// <param name="seeds">Whole files.</param>
/// <param name="words">Pieces that readers look for.</param>
/// <param name="repack">Breaks what lies inside of a container; null where there is none.</param>
internal sealed class Mutator(byte[][] seeds, byte[][] words, Mutator.Repack? repack)
{
    private const int MostLength = 1 << 14;

    private static readonly long[] Borders =
    [
        0, 1, 2, 3, 7, 8, 16, 63, 64, 127, 128, 255, 256, 1023, 4096, short.MaxValue, ushort.MaxValue, 1 << 20, int.MaxValue, int.MaxValue - 7L,
        uint.MaxValue, 1L << 32, 1L << 40, 1L << 62, long.MaxValue, long.MaxValue - 7, -1, -2, -128, int.MinValue, long.MinValue,
    ];

    /// <summary>A file that may be broken.</summary>
    public byte[] Make(Random dice)
    {
        var seed = seeds[dice.Next(seeds.Length)];
        if (repack is not null && dice.Next(3) > 0 && repack(seed, dice, inner => Damage(inner, dice)) is { } repacked)
        {
            return repacked;
        }

        var bytes = new List<byte>(seed);
        Damage(bytes, dice);
        if (bytes.Count > MostLength)
        {
            bytes.RemoveRange(MostLength, bytes.Count - MostLength);
        }

        return [.. bytes];
    }

    private void Damage(List<byte> bytes, Random dice)
    {
        for (var i = 1 + dice.Next(dice.Next(2) == 0 ? 2 : 8); i > 0 && bytes.Count > 0; i--)
        {
            Break(bytes, dice);
        }
    }

    private void Break(List<byte> bytes, Random dice)
    {
        var at = dice.Next(bytes.Count);
        var count = Math.Min(1 + dice.Next(dice.Next(3) == 0 ? 64 : 8), bytes.Count - at);
        switch (dice.Next(12))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << dice.Next(8));
                break;
            case 2 or 3:
                bytes[at] = (byte)dice.Next(256);
                break;
            case 4:
                bytes.RemoveRange(at, count);
                break;
            case 5:
                bytes.InsertRange(dice.Next(bytes.Count), bytes.GetRange(at, count));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                Number(bytes, at, dice);
                break;
            case 8:
                Digits(bytes, at, dice);
                break;
            case 9:
                var word = words[dice.Next(words.Length)];
                if (dice.Next(2) == 0)
                {
                    bytes.RemoveRange(at, Math.Min(word.Length, bytes.Count - at));
                }

                bytes.InsertRange(at, word);
                break;
            case 10:
                var other = seeds[dice.Next(seeds.Length)];
                if (other.Length > 0)
                {
                    var begin = dice.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(begin, Math.Min(count * 4, other.Length - begin)).ToArray());
                }

                break;
            default:
                // Two pieces change places.
                var to = dice.Next(bytes.Count - count + 1);
                var piece = bytes.GetRange(at, count);
                bytes.RemoveRange(at, count);
                bytes.InsertRange(to, piece);
                break;
        }
    }

    private static void Number(List<byte> bytes, int at, Random dice)
    {
        Span<byte> number = stackalloc byte[8];
        var value = Borders[dice.Next(Borders.Length)];
        if (dice.Next(4) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        }

        var size = 1 << dice.Next(4);
        for (var i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    /// <summary>A number that stands there in digits becomes another.</summary>
    private static void Digits(List<byte> bytes, int at, Random dice)
    {
        var first = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
        if (first >= 0)
        {
            var end = bytes.FindIndex(first, value => value is < (byte)'0' or > (byte)'9');
            bytes.RemoveRange(first, (end < 0 ? bytes.Count : end) - first);
            bytes.InsertRange(first, Encoding.ASCII.GetBytes(Borders[dice.Next(Borders.Length)].ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Breaks what lies inside of a container; null if there is nothing.</summary>
    public delegate byte[]? Repack(byte[] whole, Random dice, Action<List<byte>> damage);
}
