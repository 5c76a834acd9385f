using Adjoint.NN;

namespace Adjoint.Onnx.Tests;

/// <summary>The reader of models, given what is none: one clear exception or a model, and no more memory than the file is long.</summary>
public sealed class ReaderTests
{
    /// <summary>How many bytes a mutated file may ask for, besides those for objects: of its length, and as such.</summary>
    private const long MostOfLength = 4;
    private const long MostAsSuch = 1 << 18;

    [Fact]
    public void MutatedModelsAreReadOrRefused()
    {
        byte[][] models =
        [
            new Sequential(new Conv2d(1, 2, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(18, 3))
                .ToOnnx(Tensor.Ones(2, 1, 8, 8)).ToBytes(),
            OnnxModel.Export(x => x.Softmax(1).TopK(2).Values.Sum(), Tensor.Ones(2, 5)).ToBytes(),
        ];
        var random = new Random(12);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Mutated(models[i % models.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = OnnxModel.Parse(bytes).ToString();
                read++;
            }
            catch (OnnxException)
            {
                refused++;
            }

            var asked = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(asked <= (MostOfLength * bytes.Length) + MostAsSuch, $"{asked} bytes for a file of {bytes.Length}, input {i}");
        }

        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void NoModelIsRefused()
    {
        Assert.Throws<OnnxException>(() => OnnxModel.Parse([]));
        Assert.Throws<OnnxException>(() => OnnxModel.Parse([1, 2, 3]));
        Assert.Throws<OnnxException>(() => OnnxModel.Parse("not a model at all"u8));
    }

    [Fact]
    public void AnOperatorWithoutAFormIsNamed()
    {
        var error = Assert.Throws<OnnxException>(() => OnnxModel.Export(x => x.Lgamma(), Tensor.Ones(3)));
        Assert.StartsWith("The operator Lgamma has no form in ONNX.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadingOfValuesIsRefused()
    {
        var error = Assert.Throws<OnnxException>(() => OnnxModel.Export(x => x.Sum().Item<float>() > 0 ? x : -x, Tensor.Ones(3)));
        Assert.StartsWith("The function reads values while it runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesThatDoNotGrowEvenlyAreRefused()
    {
        var error = Assert.Throws<OnnxException>(() => OnnxModel.Export(x => x.MatMul(x.Transpose(0, 1)).Reshape(-1), Tensor.Ones(3, 2)));
        Assert.Contains("OnnxOptions.DynamicDim = null", error.Message, StringComparison.Ordinal);
        var model = OnnxModel.Export(x => x.MatMul(x.Transpose(0, 1)).Reshape(-1), Tensor.Ones(3, 2), new OnnxOptions { DynamicDim = null });
        Assert.Equal("y: float32[9]", model.Outputs[0].ToString());
    }

    [Fact]
    public void FilesAreReplacedAsAWhole()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            new Linear(2, 2).ExportOnnx(path, Tensor.Ones(1, 2));
            new Linear(2, 3).ExportOnnx(path, Tensor.Ones(1, 2));
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
            Assert.Equal("y: float32[batch, 3]", OnnxModel.Load(path).Outputs[0].ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Mutated(byte[] model, Random random)
    {
        var bytes = model.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)0xFF, random.Next(1, 10)));
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add(0);
            }
        }

        return [.. bytes];
    }
}
