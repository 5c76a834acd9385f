using System.Text;

namespace Adjoint.Files;

/// <content>Where the instructions come from.</content>
internal sealed partial class PickleReader
{
    /// <summary>The bytes of a pickle.</summary>
    /// <param name="bytes">The file, or the part that has pickles.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="bound">How much memory the file may still ask for.</param>
    internal sealed class Source(byte[] bytes, string path, MemoryBound bound)
    {
        private const int MostLine = 1 << 14;

        /// <summary>Where the next byte is.</summary>
        public int At { get; set; }

        /// <summary>How many bytes there still are.</summary>
        public int Left => bytes.Length - At;

        public byte Byte() => Bytes(1)[0];

        /// <summary>Memory will be made.</summary>
        public void Take(long size) => bound.Take(size);

        /// <summary>The next bytes; they are there.</summary>
        public ReadOnlySpan<byte> Bytes(long count)
        {
            Need(count >= 0 && count <= bytes.Length - At, "it ends too early");
            At += (int)count;
            return bytes.AsSpan(At - (int)count, (int)count);
        }

        /// <summary>A whole number without sign, lowest byte first.</summary>
        public long Whole(int size)
        {
            long value = 0;
            var taken = Bytes(size);
            for (var i = size - 1; i >= 0; i--)
            {
                value = value << 8 | taken[i];
            }

            Need(value >= 0, "a length is too large");
            return value;
        }

        public string Line()
        {
            var length = bytes.AsSpan(At).IndexOf((byte)'\n');
            Need(length >= 0, "a line does not end");
            Need(length <= MostLine, "a line is too long");
            var line = Encoding.UTF8.GetString(Bytes(length));
            At++;
            return line;
        }

        public void Need(bool condition, string what)
        {
            if (!condition)
            {
                throw Wrong(what);
            }
        }

        public TensorFileException Wrong(string what) =>
            new($"{path}: the pickle is broken at byte {At}: {what}.");
    }
}
