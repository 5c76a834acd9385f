using System.IO.Compression;
using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>IDX files, standardised features, and divisions of data.</summary>
public class DataReadingTests
{
    /// <summary>Two rows of three elements of each type, as the format's description writes them.</summary>
    [Theory]
    [InlineData(0x08, "uint8", new byte[] { 1, 2, 3, 4, 5, 255 }, new double[] { 1, 2, 3, 4, 5, 255 })]
    [InlineData(0x09, "int8", new byte[] { 1, 2, 3, 4, 5, 255 }, new double[] { 1, 2, 3, 4, 5, -1 })]
    [InlineData(0x0B, "int16", new byte[] { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 255, 254 }, new double[] { 1, 2, 3, 4, 5, -2 })]
    [InlineData(0x0C, "int32", new byte[] { 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 255, 255, 255, 254 },
        new double[] { 1, 256, 3, 4, 5, -2 })]
    [InlineData(0x0D, "float32", new byte[] { 63, 128, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 191, 128, 0, 0, 63, 0, 0, 0, 64, 64, 0, 0 },
        new double[] { 1, 2, 0, -1, 0.5, 3 })]
    [InlineData(0x0E, "float64", new byte[]
        {
            63, 240, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 191, 240, 0, 0, 0, 0, 0, 0, 63, 224, 0, 0, 0, 0, 0, 0,
            64, 8, 0, 0, 0, 0, 0, 0,
        },
        new double[] { 1, 2, 0, -1, 0.5, 3 })]
    public void AnIdxFileIsReadInItsType(int type, string dtype, byte[] elements, double[] expected)
    {
        byte[] file = [0, 0, (byte)type, 2, 0, 0, 0, 2, 0, 0, 0, 3, .. elements];
        var x = Idx.Read(new MemoryStream(file));
        Assert.Equal("torch." + dtype, x.DType.TorchName);
        Assert.Equal([2, 3], x.Shape.ToArray());
        Assert.Equal(expected, x.ToArray<double>());
    }

    [Fact]
    public void APackedFileIsReadByItsEnding()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".gz");
        try
        {
            var elements = Enumerable.Range(0, 3_000_000).Select(i => (byte)i).ToArray();
            using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            {
                packed.Write([0, 0, 8, 1, 0x00, 0x2D, 0xC6, 0xC0, .. elements]);
            }

            Assert.Equal(elements, Idx.Load(path).ToArray<byte>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(new byte[] { }, "the stream: the file ends inside its header.")]
    [InlineData(new byte[] { 0, 1, 8, 1 }, "the stream is no IDX file")]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 1, 5 }, "the stream: the type 0x07")]
    [InlineData(new byte[] { 0, 0, 8, 65 }, "the stream: 65 dimensions")]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 0, 0, 1, 5 }, "the stream: the size of dimension 0 is negative.")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 5 }, "the stream: its sizes need 2 bytes of elements, and the file has 1.")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 5, 6, 7 }, "the stream: its sizes need 2 bytes of elements, and the file has 3.")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0x7F, 255, 255, 255, 5 }, "the stream: 2147483647 bytes")]
    [InlineData(new byte[] { 0, 0, 14, 3, 0x7F, 255, 255, 255, 0x7F, 255, 255, 255, 0x7F, 255, 255, 255 }, "the stream: its sizes are too large.")]
    public void AFileThatIsNotWholeIsRefused(byte[] file, string message)
    {
        Assert.StartsWith(message, Assert.Throws<TensorFileException>(() => Idx.Read(new MemoryStream(file))).Message, StringComparison.Ordinal);
        Assert.Throws<TensorFileException>(() => Idx.Read(new Unseekable(file)));
    }

    [Fact]
    public void NoMoreMemoryIsAskedForThanAFileCanFill()
    {
        byte[] file = [0, 0, 8, 1, 0x70, 0, 0, 0, .. new byte[1000]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<TensorFileException>(() => Idx.Read(new Unseekable(file)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    /// <summary>Mean and deviation of 1, 3, 5 are 3 and sqrt(8 / 3); scikit-learn leaves a constant feature at 0.</summary>
    [Fact]
    public void FeaturesAreStandardised()
    {
        var x = Tensor.FromArray([1f, 7, 3, 7, 5, 7], 3, 2);
        var layer = Standardize.Fit(x);
        var deviation = Math.Sqrt(8.0 / 3);
        double[] expected = [-2 / deviation, 0, 0, 0, 2 / deviation, 0];
        Assert.All(layer.Forward(x).ToArray<double>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.True(x.AllClose(layer.Inverse(layer.Forward(x))));
        Assert.Equal(["mean", "std"], layer.StateDict().Keys);
        Assert.Empty(layer.Parameters());
        var other = new Standardize(2);
        other.LoadStateDict(layer.StateDict());
        Assert.True(layer.Forward(x).Equal(other.Forward(x)));
        Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Ones(3)));
        Assert.Throws<ShapeException>(() => Standardize.Fit(Tensor.Ones([0, 2])));
        Assert.Throws<DTypeException>(() => Standardize.Fit(Tensor.Ones([2, 2], DType.Int64)));
    }

    [Fact]
    public void ConstantsFarFromZeroAreNotDividedByTheirRounding()
    {
        var x = Tensor.Full([1000, 1], 0.1f + 1e6f);
        Assert.All(Standardize.Fit(x).Forward(x).ToArray<float>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void AStratifiedSplitHasEachClassInEachPart()
    {
        var classes = Enumerable.Range(0, 100).Select(i => i < 80 ? 0L : 1).ToArray();
        var data = Dataset.Of(Tensor.Arange(0, 100), Tensor.FromArray(classes));
        var parts = data.StratifiedSplit([0.7, 0.1, 0.2], new Generator(1));
        Assert.Equal([70, 10, 20], parts.Select(part => part.Count));
        Assert.Equal([14L, 2, 4], parts.Select(part => part.Y.Sum().Item<long>()));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double)i), parts.SelectMany(part => part.X.ToArray<double>()).Order());
        Assert.NotEqual(parts[0].X.ToArray<double>().Order(), parts[0].X.ToArray<double>());
        Assert.Throws<ArgumentException>(() => data.StratifiedSplit([0.5, 0.4]));
        Assert.Throws<ArgumentException>(() => data.StratifiedSplit([1.5, -0.5]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachSampleIsOnceForValidation(bool shuffle)
    {
        var data = Dataset.Of([.. Enumerable.Range(0, 11)]);
        var folds = data.KFold(3, shuffle, new Generator(1));
        Assert.Equal([4, 4, 3], folds.Select(fold => fold.Validation.Count));
        Assert.Equal(Enumerable.Range(0, 11), folds.SelectMany(fold => fold.Validation).Order());
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, 11), fold.Training.Concat(fold.Validation).Order()));
        Assert.Equal(shuffle, !folds[0].Validation.SequenceEqual([0, 1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.KFold(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.KFold(12));
    }

    /// <summary>A stream that does not know its length, such as one from a network.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }
}
