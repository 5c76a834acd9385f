namespace Adjoint.Files;

/// <summary>
/// How much memory a file may still ask for: four times its own bytes and a little that every file has, whatever it says of itself. Readers ask
/// before they make anything, so that a small file cannot fill a large memory.
/// </summary>
internal sealed class MemoryBound
{
    /// <summary>What a file of no size may ask for.</summary>
    public const long Free = 16 << 20;

    private const int ForEachByte = 4;

    private readonly string _path;
    private readonly long _most;
    private long _left;

    /// <summary>A bound of so many bytes.</summary>
    public MemoryBound(string path, long most) => (_path, _most, _left) = (path, most, most);

    /// <summary>The bound of a file.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="length">Its bytes.</param>
    public static MemoryBound Of(string path, long length) =>
        new(path, length <= (long.MaxValue - Free) / ForEachByte ? Free + (length * ForEachByte) : long.MaxValue);

    /// <summary>Memory will be made.</summary>
    /// <exception cref="TensorFileException">It is more than the file may ask for.</exception>
    public void Take(long bytes)
    {
        if (bytes < 0 || bytes > _left)
        {
            throw new TensorFileException(
                $"{_path}: what the file says would need more than {_most} bytes of memory, the most that a file of its size may ask for.");
        }

        _left -= bytes;
    }
}
