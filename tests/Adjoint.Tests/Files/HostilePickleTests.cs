using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Adjoint.Tests.Files;

/// <summary>Files of <c>torch.save</c>'s form that lie, and those that are only unusual.</summary>
public class HostilePickleTests
{
    private const string Known = "(K\u0001K\u0002";

    /// <summary>Every instruction of the protocols 0 to 5, and those that there are none of: a value or a refusal.</summary>
    [Fact]
    public void EveryInstructionIsReadOrRefused()
    {
        using var folder = new TensorFolder();
        var refused = new List<char>();
        for (var code = '\0'; code < 256; code++)
        {
            Pack(folder["a.pt"], $"{Known}{code}\0\0\0\0\0\0\0\0\0\n\n.");
            try
            {
                _ = TorchFile.Load(folder["a.pt"]);
            }
            catch (TensorFileException fault)
            {
                if (fault.Message.Contains("instruction", StringComparison.Ordinal))
                {
                    refused.Add(code);
                }
            }
        }

        // PERSID, STRING, UNICODE, INST, OBJ, NEWOBJ, EXT1-4, sets, NEWOBJ_EX, BYTEARRAY8, buffers.
        Assert.Superset("PSVio\u0081\u0082\u0083\u0084\u008f\u0090\u0091\u0092\u0096\u0097\u0098".ToHashSet(), refused.ToHashSet());
    }

    [Theory]
    [InlineData("X\u0017\0\0\0collections.OrderedDict)R.", "no function")]
    [InlineData("K\u0005)R.", "no function")]
    [InlineData("ccollections\nOrderedDict\n.", "outside of a tensor")]
    [InlineData("]ctorch\nFloatStorage\na.", "outside of a tensor")]
    [InlineData("ctorch\nComplexFloatStorage\n.", "complex")]
    [InlineData("ctorch\ncomplex64\n.", "complex")]
    [InlineData("ctorch\nfloat8_e4m3fn\n.", "8 bits")]
    [InlineData("ctorch\nQInt8Storage\n.", "quantised")]
    [InlineData("ctorch._utils\n_rebuild_qtensor\n.", "quantised")]
    [InlineData("ctorch._utils\n_rebuild_sparse_tensor\n.", "sparse")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\n.", "numpy.core.multiarray._reconstruct")]
    [InlineData("\u008c\u0008builtins\u008c\u0007getattr\u0093.", "builtins.getattr")]
    [InlineData("cbuiltins\ngetattr\u001b[2J\n.", "getattr?[2J")]
    [InlineData("\u0095\u00ff\0\0\0\0\0\0\0N.", "too early")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff.", "too early")]
    [InlineData("FInfinity\n.", "number")]
    [InlineData("I 7\n.", "number")]
    [InlineData("\u0080\u0006N.", "protocol")]
    [InlineData("]q\0h\0a.", "itself")]
    public void WhatIsRefusedIsNamed(string pickle, string says)
    {
        using var folder = new TensorFolder();
        Pack(folder["a.pt"], pickle);
        Assert.Contains(says, Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["a.pt"])).Message, StringComparison.Ordinal);
    }

    /// <summary>One byte of the file makes an object, a place on the stack or one in the memo.</summary>
    [Theory]
    [InlineData("", "}")]
    [InlineData("", "]")]
    [InlineData("N", "2")]
    [InlineData("N", "\u0094")]
    [InlineData("N", "\u0085")]
    [InlineData("N", "(t")]
    public void ManySmallObjectsAreRefused(string first, string again)
    {
        using var folder = new TensorFolder();
        Pack(folder["a.pt"], first + new StringBuilder().Insert(0, again, 1_500_000) + ".");
        Assert.Contains(
            "bytes of memory", Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["a.pt"])).Message, StringComparison.Ordinal);
    }

    /// <summary>A list that holds another twice, sixty times over: to read it is easy, to name all that is in it is not.</summary>
    [Fact]
    public void WhatIsSharedIsReadOnce()
    {
        using var folder = new TensorFolder();
        Pack(folder["a.pt"], "]q\0" + string.Concat(Enumerable.Range(0, 60).Select(i => $"0](h{(char)i}h{(char)i}eq{(char)(i + 1)}")) + ".");
        var outer = Assert.IsType<List<object?>>(TorchFile.Load(folder["a.pt"]));
        Assert.Same(outer[0], outer[1]);
        Assert.Throws<TensorFileException>(() => TorchFile.LoadStateDict(folder["a.pt"]));
    }

    /// <summary>Keys whose upper and lower halves cancel in .NET's hash of a number: with it, this would take a thousand million steps.</summary>
    [Fact]
    public void KeysThatCollideAreNotSlow()
    {
        using var folder = new TensorFolder();
        var pickle = new StringBuilder("}(");
        for (var i = 0L; i < 50_000; i++)
        {
            pickle.Append(Number(i << 32 | i)).Append('N');
        }

        Pack(folder["a.pt"], pickle.Append("u.").ToString());
        Assert.Equal(50_000, Assert.IsType<OrderedDictionary<object, object?>>(TorchFile.Load(folder["a.pt"])).Count);
    }

    [Theory]
    [InlineData("2,2", "2,1", 0, 4, true)]
    [InlineData("", "", 3, 4, true)]
    [InlineData("0,7", "7,1", 4, 4, true)]
    [InlineData("0,2147483647,2147483647,2147483647", "1,1,1,1", 0, 4, false)]
    [InlineData("3,3", "0,1", 1, 4, true)]
    [InlineData("2,2", "1,1", 0, 4, true)]
    [InlineData("1,4", "9223372036854775807,1", 0, 4, true)]
    [InlineData("2,2", "2,1", 1, 4, false)]
    [InlineData("-2,2", "2,1", 0, 4, false)]
    [InlineData("2,2", "-2,1", 3, 4, false)]
    [InlineData("2,2", "2,1", -1, 4, false)]
    [InlineData("2,2", "2", 0, 4, false)]
    [InlineData("4294967296,4294967296", "0,0", 0, 4, false)]
    [InlineData("2147483647,2147483647,2147483647", "0,0,0", 0, 4, false)]
    [InlineData("2,2", "4611686018427387904,4611686018427387904", 0, 4, false)]
    [InlineData("1", "1", 9223372036854775807, 4, false)]
    [InlineData("2", "1", 0, 5, false)]
    [InlineData("2", "1", 0, -1, false)]
    [InlineData("2", "1", 0, 4611686018427387904, false)]
    public void TensorsLieInsideOfTheirStorages(string sizes, string strides, long offset, long count, bool isRead)
    {
        using var folder = new TensorFolder();
        Pack(folder["a.pt"], Rebuilt(sizes, strides, offset, count) + ".", ("a/data/0", Floats(1, 2, 3, 4)));
        if (isRead)
        {
            var x = Assert.IsType<Tensor>(TorchFile.Load(folder["a.pt"]));
            Assert.Equal(sizes, string.Join(',', x.Shape));
            Assert.Equal(x.Count, x.Contiguous().ToArray<float>().Length);
        }
        else
        {
            Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["a.pt"]));
        }
    }

    [Fact]
    public void ByteOrdersAreKnownOrRefused()
    {
        using var folder = new TensorFolder();
        var swapped = Floats(1, 2, 3, 4);
        for (var i = 0; i < swapped.Length; i += 4)
        {
            Array.Reverse(swapped, i, 4);
        }

        Pack(folder["a.pt"], Rebuilt("4", "1", 0, 4) + ".", ("a/data/0", swapped), ("a/byteorder", "big"u8.ToArray()));
        Assert.Equal([1f, 2, 3, 4], Assert.IsType<Tensor>(TorchFile.Load(folder["a.pt"])).ToArray<float>());
        Pack(folder["b.pt"], Rebuilt("4", "1", 0, 4) + ".", ("a/data/0", swapped), ("a/byteorder", "middle"u8.ToArray()));
        Assert.Contains("endianness", Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["b.pt"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StoragesAreSaidToBeOneThing()
    {
        using var folder = new TensorFolder();
        var other = Rebuilt("2", "1", 0, 4).Replace("FloatStorage", "IntStorage", StringComparison.Ordinal);
        foreach (var second in new[] { Rebuilt("2", "1", 0, 2), other })
        {
            Pack(folder["a.pt"], $"]({Rebuilt("4", "1", 0, 4)}{second}e.", ("a/data/0", Floats(1, 2, 3, 4)));
            Assert.Contains("two", Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["a.pt"])).Message, StringComparison.Ordinal);
        }

        Pack(folder["b.pt"], Rebuilt("4", "1", 0, 4) + ".");
        Assert.Contains("missing", Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["b.pt"])).Message, StringComparison.Ordinal);
        Pack(folder["c.pt"], Rebuilt("4", "1", 0, 4) + ".", ("a/data/0", new byte[16]), ("a/data/0", new byte[16]));
        Assert.Contains("overlaps", Assert.Throws<TensorFileException>(() => TorchFile.Load(Twin(folder["c.pt"]))).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<TensorFileException>(() => TorchFile.Load(folder["c.pt"])).Message, StringComparison.Ordinal);
    }

    /// <summary>As PyTorch 2.3 writes uint16, and as protocol 2 writes bytes.</summary>
    [Fact]
    public void NewerFormsAreRead()
    {
        using var folder = new TensorFolder();
        var x = Rebuilt("2", "1", 0, 4).Replace("FloatStorage", "ByteStorage", StringComparison.Ordinal)
            .Replace("_rebuild_tensor_v2", "_rebuild_tensor_v3", StringComparison.Ordinal)
            .Replace("OrderedDict\n)RtR", "OrderedDict\n)Rctorch\nuint16\ntR", StringComparison.Ordinal);
        Pack(folder["a.pt"], $"]({x}c_codecs\nencode\n(X\u0003\0\0\0a\u00c3\u00bfX\u0006\0\0\0latin1tRe.", ("a/data/0", [1, 0, 0, 1]));
        var list = Assert.IsType<List<object?>>(TorchFile.Load(folder["a.pt"]));
        Assert.Equal(TensorType.Of(Tensor.Ones([2], DType.UInt16)), TensorType.Of(Assert.IsType<Tensor>(list[0])));
        Assert.Equal([1L, 256L], ((Tensor)list[0]!).ToArray<long>());
        Assert.Equal([(byte)'a', 255], Assert.IsType<byte[]>(list[1]));
    }

    [Fact]
    public void TwoTensorsOfOneNameAreRefused()
    {
        using var folder = new TensorFolder();
        var x = Rebuilt("4", "1", 0, 4);
        Pack(folder["a.pt"], $"}}(X\u0003\0\0\0a.b{x}X\u0001\0\0\0a}}(X\u0001\0\0\0b{x}uu.", ("a/data/0", Floats(1, 2, 3, 4)));
        Assert.Contains(
            "'a.b'", Assert.Throws<TensorFileException>(() => TorchFile.LoadStateDict(folder["a.pt"])).Message, StringComparison.Ordinal);
    }

    /// <summary>A tensor of float32 whose storage is the entry <c>data/0</c>.</summary>
    private static string Rebuilt(string sizes, string strides, long offset, long count) =>
        "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpu" + Number(count) + "tQ" +
        $"{Number(offset)}({Numbers(sizes)}t({Numbers(strides)}t\u0089ccollections\nOrderedDict\n)RtR";

    private static string Numbers(string list) => string.Concat(list.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(item => Number(long.Parse(item, CultureInfo.InvariantCulture))));

    private static string Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return "\u008a\u0008" + Encoding.Latin1.GetString(bytes);
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static void Pack(string path, string pickle, params (string Name, byte[] Bytes)[] entries)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries.Prepend(("a/data.pkl", Encoding.Latin1.GetBytes(pickle))))
        {
            using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }
    }

    /// <summary>The same archive, whose last entry is said to be where the one before is.</summary>
    private static string Twin(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var last = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        var before = bytes.AsSpan(0, last).LastIndexOf("PK\u0001\u0002"u8);
        bytes.AsSpan(before + 42, 4).CopyTo(bytes.AsSpan(last + 42));
        File.WriteAllBytes(path + ".twin", bytes);
        return path + ".twin";
    }
}
