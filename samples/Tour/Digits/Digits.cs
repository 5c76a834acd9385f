using System.IO.Compression;
using Adjoint;

namespace Tour;

/// <summary>Images of handwritten digits, 8 x 8 pixels from 0 to 1, with the digit each shows.</summary>
/// <param name="Images">float32, of shape [images, 64].</param>
/// <param name="Labels">int64, of shape [images].</param>
public sealed record Digits(Tensor Images, Tensor Labels)
{
    public const int Classes = 10;
    public const int Pixels = 64;

    public int Count => Labels.Shape[0];

    /// <summary>
    /// Reads the file beside the program: one line per image, 64 numbers from 0 to 16, then the digit.
    /// </summary>
    public static Digits Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "data", "digits.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        List<float> images = [];
        List<long> labels = [];
        while (reader.ReadLine() is { } line)
        {
            var numbers = Array.ConvertAll(line.Split(','), int.Parse);
            images.AddRange(numbers[..Pixels].Select(pixel => pixel / 16f));
            labels.Add(numbers[Pixels]);
        }

        return new Digits(Tensor.FromArray([.. images], labels.Count, Pixels), Tensor.FromArray([.. labels]));
    }

    /// <summary>The images at some positions, an int64 tensor.</summary>
    public Digits At(Tensor positions) => new(Images[positions], Labels[positions]);

    /// <summary>Two parts that share no image. The split is always the same, so that results can be compared.</summary>
    public (Digits Train, Digits Test) Split(int test)
    {
        var order = Tensor.Randperm(Count, new Generator(seed: 0));
        return (At(order[test..]), At(order[..test]));
    }

    /// <summary>All images in batches, in random order.</summary>
    public IEnumerable<Digits> Batches(int size)
    {
        var order = Tensor.Randperm(Count);
        for (var start = 0; start < Count; start += size)
        {
            yield return At(order[start..Math.Min(start + size, Count)]);
        }
    }
}
