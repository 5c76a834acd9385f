using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace Adjoint.Tests.Files;

/// <summary>Files of <c>torch.save</c>. Files that PyTorch itself wrote are among the conformance cases.</summary>
public class TorchFileTests
{
    [Fact]
    public void WhatIsSavedComesBack()
    {
        using var folder = new TensorFolder();
        var value = new Dictionary<string, object?>
        {
            ["x"] = Tensor.Arange(6.0).Reshape(2, 3),
            ["list"] = new List<object?> { 1L, -70_000_000_000L, 2.5, "text ü", true, false, null },
            ["tuple"] = new object?[] { 1, "a" },
            ["inner"] = new Dictionary<string, Tensor> { ["y"] = Tensor.Ones([2], DType.BFloat16) },
            ["numbers"] = new Dictionary<long, double> { [3] = 0.5 },
        };
        TorchFile.Save(folder["a.pt"], value);
        var back = Assert.IsType<OrderedDictionary<object, object?>>(TorchFile.Load(folder["a.pt"]));
        Assert.Equal(value.Keys, back.Keys.Cast<string>());
        Assert.True(((Tensor)value["x"]!).Equal((Tensor)back["x"]!));
        Assert.Equal((List<object?>)value["list"]!, Assert.IsType<List<object?>>(back["list"]));
        Assert.Equal([1L, "a"], Assert.IsType<object?[]>(back["tuple"]));
        Assert.Equal(0.5, ((OrderedDictionary<object, object?>)back["numbers"]!)[3L]);
        Assert.Equal(["x", "inner.y"], TorchFile.LoadStateDict(folder["a.pt"]).Keys);
        Assert.Equal(DType.BFloat16, TorchFile.LoadStateDict(folder["a.pt"], "inner")["y"].DType);
        Assert.Contains("There are x, list, tuple, inner, numbers", Assert.Throws<TensorFileException>(
            () => TorchFile.LoadStateDict(folder["a.pt"], "model")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryThatIsSharedStaysShared()
    {
        using var folder = new TensorFolder();
        var x = Tensor.Arange(12.0).Reshape(3, 4);
        TorchFile.Save(folder["a.pt"], new List<Tensor> { x, x[1], x.T, Tensor.Ones(2) });
        using (var zip = ZipFile.OpenRead(folder["a.pt"]))
        {
            Assert.Equal(
                ["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/data/1", "archive/version"],
                zip.Entries.Select(e => e.FullName));
        }

        var back = Assert.IsType<List<object?>>(TorchFile.Load(folder["a.pt"])).Cast<Tensor>().ToArray();
        back[0].Zero_();
        Assert.Equal(0, back[1].Sum().Item());
        Assert.Equal(0, back[2].Sum().Item());
        Assert.Equal([4, 3], back[2].Shape);
    }

    [Fact]
    public void LeavesStillRequireGrad()
    {
        using var folder = new TensorFolder();
        var x = Tensor.Ones(2);
        x.RequiresGrad = true;
        TorchFile.Save(folder["a.pt"], x);
        Assert.True(Assert.IsType<Tensor>(TorchFile.Load(folder["a.pt"])).RequiresGrad);
    }

    /// <summary>Pickles by hand: what each says stands beside it.</summary>
    [Theory]
    [InlineData("cos\nsystem\n(U\u0002lstR.", "os.system")]
    [InlineData("c__builtin__\neval\n(U\u00011tR.", "__builtin__.eval")]
    [InlineData("ctorch\nload\n(U\u0001atR.", "torch.load")]
    [InlineData("ctorch.nn.modules.linear\nLinear\n)\u0081.", "torch.nn.modules.linear.Linear")]
    [InlineData("(U\u0002osU\u0006system\u0093.", "os.system")]
    [InlineData("ccollections\nOrderedDict\n(K\u0001tR.", "called")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "called")]
    [InlineData("(lp0\n0g1\n.", "did not keep")]
    [InlineData("}(K\u0001u.", "no value")]
    [InlineData("}(]K\u0001u.", "neither")]
    [InlineData("t.", "mark")]
    [InlineData("X\u00ff\u00ff\u00ff\u007fa.", "ends too early")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "large")]
    [InlineData("(((((((.", "stack")]
    [InlineData("i.", "instruction")]
    [InlineData("", "ends too early")]
    public void WhatAPickleMayNotDoIsRefused(string pickle, string says)
    {
        using var folder = new TensorFolder();
        Pack(folder["a.pt"], pickle);
        Assert.Contains(says, Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["a.pt"])).Message, StringComparison.Ordinal);
    }

    /// <summary>A list that holds itself, and one that holds another twice, forty times over.</summary>
    [Theory]
    [InlineData("]q\u0000h\u0000a.")]
    [InlineData("")]
    public void ListsWithoutEndAreRefused(string pickle)
    {
        using var folder = new TensorFolder();
        if (pickle.Length == 0)
        {
            pickle = "]q\u0000" + string.Concat(Enumerable.Range(0, 100).Select(i => $"0](h{(char)i}h{(char)i}eq{(char)(i + 1)}")) + ".";
        }

        Pack(folder["a.pt"], pickle);
        Assert.Throws<TensorFileException>(() => TorchFile.LoadStateDict(folder["a.pt"]));
    }

    [Fact]
    public void NumbersOfAnySize()
    {
        using var folder = new TensorFolder();
        Pack(
            folder["a.pt"],
            "(\u008a\u0000\u008a\u0001\u00ff\u008a\tabcdefghiI01\nL12L\nF2.5\nG?\u00f0\u0000\u0000\u0000\u0000\u0000\u0000" +
            "J\u00ff\u00ff\u00ff\u00fft.");
        Assert.Equal(
            [0L, -1L, new BigInteger("abcdefghi"u8), true, 12L, 2.5, 1.0, -1L], Assert.IsType<object?[]>(TorchFile.Load(folder["a.pt"])));
    }

    [Fact]
    public void MisuseIsNamed()
    {
        using var folder = new TensorFolder();
        Assert.Throws<ArgumentException>(() => TorchFile.Save(folder["a.pt"], new { X = 1 }));
        var itself = new List<object?>();
        itself.Add(itself);
        Assert.Throws<ArgumentException>(() => TorchFile.Save(folder["a.pt"], itself));
        Assert.Empty(folder.Names);
        File.WriteAllText(folder["b.pt"], "this is no file of PyTorch's");
        Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["b.pt"]));
        Assert.Throws<FileNotFoundException>(() => TorchFile.Load(folder["c.pt"]));
    }

    private static void Pack(string path, string pickle)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var entry = zip.CreateEntry("a/data.pkl", CompressionLevel.NoCompression).Open();
        entry.Write(Encoding.Latin1.GetBytes(pickle));
    }
}
