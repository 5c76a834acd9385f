using System.Buffers.Binary;
using System.Text;

namespace Adjoint.Tests.Files;

/// <summary>Files of the safetensors format. What is refused follows the format's own description.</summary>
public class SafeTensorsTests
{
    [Fact]
    public void EveryDTypeComesBack()
    {
        using var folder = new TensorFolder();
        var tensors = DType.All.ToDictionary(dtype => dtype.ToString(), dtype => (Tensor.Rand(3, 2) * 4).To(dtype));
        tensors["scalar"] = Tensor.Scalar(2.5);
        tensors["empty"] = Tensor.Zeros(0, 3);
        tensors["view"] = Tensor.Arange(6.0).Reshape(2, 3).T;
        tensors["名字.weight"] = Tensor.Ones(1);
        SafeTensors.Save(folder["a.safetensors"], tensors, new Dictionary<string, string> { ["format"] = "pt" });
        foreach (var mapped in new[] { false, true })
        {
            using var file = SafeTensors.Open(folder["a.safetensors"], mapped);
            Assert.Equal("pt", file.Metadata["format"]);
            Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Names.Order(StringComparer.Ordinal));
            foreach (var (name, x) in tensors)
            {
                Assert.Equal(TensorType.Of(x), file.TypeOf(name));
                Assert.True(x.Equal(file[name]), name);
            }
        }

        Assert.Equal(["a.safetensors"], folder.Names);
    }

    /// <summary>The header is padded so that elements begin at a multiple of eight bytes, and the largest elements come first.</summary>
    [Fact]
    public void TheFormIsThatOfTheFormat()
    {
        using var folder = new TensorFolder();
        SafeTensors.Save(folder["a"], [new("b", Tensor.Ones([1], DType.UInt8)), new("a", Tensor.FromArray(new[] { 1.0, 2 }))]);
        var bytes = File.ReadAllBytes(folder["a"]);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[1],"data_offsets":[16,17]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(2.0, BitConverter.ToDouble(bytes, 8 + length + 8));
        Assert.Equal(8 + length + 17, bytes.Length);
    }

    [Fact]
    public void MappedTensorsChangeInMemoryAlone()
    {
        using var folder = new TensorFolder();
        SafeTensors.Save(folder["a"], [new("x", Tensor.Zeros(10_000))]);
        Tensor x;
        using (var file = SafeTensors.Open(folder["a"], mapped: true))
        {
            x = file["x"];
        }

        x.Add_(1);
        Assert.Equal(10_000, x.Sum().Item());
        Assert.Equal(0, SafeTensors.Load(folder["a"])["x"].Sum().Item());
    }

    [Fact]
    public void AnIndexOpensItsParts()
    {
        using var folder = new TensorFolder();
        SafeTensors.Save(folder["m-1.safetensors"], [new("a", Tensor.Ones(2))]);
        SafeTensors.Save(folder["m-2.safetensors"], [new("b", Tensor.Zeros(3))]);
        File.WriteAllText(folder["m.safetensors.index.json"], """{"metadata":{},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}""");
        var all = SafeTensors.Load(folder["m.safetensors.index.json"]);
        Assert.Equal(["a", "b"], all.Keys);
        Assert.Equal(2, all["a"].Sum().Item());

        Directory.CreateDirectory(folder["inner"]);
        foreach (var wrong in new[]
            { """{"weight_map":{"a":"../m-1.safetensors"}}""", """{"weight_map":{"b":"m-1.safetensors"}}""", """{"weight_map":3}""", "{}", "[",
                """{"weight_map":{"a":"m-1.safetensors","a":"m-1.safetensors"}}""", """{"weight_map":{"a":"m\u0000.safetensors"}}""",
                """{"weight_map":{"a":"/m-1.safetensors"}}""", """{"weight_map":{"a":".."}}""", """{"weight_map":{"a":"C:m-1.safetensors"}}""",
                """{"weight_map":{"a":"m-\n1.safetensors"}}""", """{"weight_map":{"a":"m-3.safetensors"}}""", """{"weight_map":{"a":"inner"}}""",
                """{"weight_map":{"a":5}}""", """{"weight_map":{"a":"w.safetensors.index.json"}}""" })
        {
            File.WriteAllText(folder["w.safetensors.index.json"], wrong);
            Assert.Throws<TensorFileException>(() => SafeTensors.Open(folder["w.safetensors.index.json"]));
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483648],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F64","shape":[2147483647,2147483647,3],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[9223372036854775807,9223372036854775807]}}""", 8)]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", 8)]
    [InlineData("""{"a":[]}""", 0)]
    [InlineData("""{"__metadata__":{"a":1}}""", 0)]
    [InlineData("""{"a":{"dtype":"U8","shape":[0,2147483647,2147483647,2147483647],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}""", 2)]
    [InlineData("""{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}""", 5)]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData(""" {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""[]""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8)]
    public void WhatIsWrongIsRefused(string header, int bytes)
    {
        using var folder = new TensorFolder();
        var text = Encoding.UTF8.GetBytes(header);
        byte[] size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, text.Length);
        File.WriteAllBytes(folder["a"], [.. size, .. text, .. new byte[bytes]]);
        Assert.Throws<TensorFileException>(() => SafeTensors.Open(folder["a"]));
    }

    /// <summary>Tensors of no elements cost a file nothing and a reader much; so do dimensions of size 0.</summary>
    [Fact]
    public void ManyEmptyTensorsAreRefused()
    {
        using var folder = new TensorFolder();
        var entries = Enumerable.Range(0, 40_000).Select(i => $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        Write(folder["a"], "{" + string.Join(',', entries) + "}", []);
        Assert.Contains(
            "bytes of memory", Assert.Throws<TensorFileException>(() => SafeTensors.Open(folder["a"])).Message, StringComparison.Ordinal);
        Write(folder["b"], """{"a":{"dtype":"U8","shape":[""" + string.Join(',', Enumerable.Repeat(0, 65)) + """],"data_offsets":[0,0]}}""", []);
        Assert.Throws<TensorFileException>(() => SafeTensors.Open(folder["b"]));
    }

    /// <summary>Messages are one line, whatever names a file has.</summary>
    [Fact]
    public void MessagesAreOneLine()
    {
        using var folder = new TensorFolder();
        Write(folder["a"], """{"a\n\u001b[31m":{"dtype":"X","shape":[],"data_offsets":[0,1]}}""", [0]);
        Assert.DoesNotContain(Assert.Throws<TensorFileException>(() => SafeTensors.Open(folder["a"])).Message, char.IsControl);
        Write(folder["b"], $$$"""{"{{{new string('x', 100_000)}}}":{"dtype":"X","shape":[],"data_offsets":[0,1]}}""", [0]);
        Assert.InRange(Assert.Throws<TensorFileException>(() => SafeTensors.Open(folder["b"])).Message.Length, 100, 2000);
    }

    [Fact]
    public void PartsAreWrittenAndTakeThePlaceOfOlderOnes()
    {
        using var folder = new TensorFolder();
        var index = folder["m.safetensors.index.json"];
        var tensors = Enumerable.Range(0, 5).ToDictionary(i => $"x{i}", i => Tensor.Full([10], (double)i, DType.Float32));
        var shares = new List<double>();
        SafeTensors.SaveSharded(index, tensors, maxShardBytes: 80, progress: new Heard(shares));
        Assert.Equal(
            ["m-00001-of-00003.safetensors", "m-00002-of-00003.safetensors", "m-00003-of-00003.safetensors", "m.safetensors.index.json"],
            folder.Names);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1], shares.Select(share => Math.Round(share, 12)));
        Assert.All(SafeTensors.Load(index), pair => Assert.True(tensors[pair.Key].Equal(pair.Value)));
        Assert.Contains("\"total_size\": 200", File.ReadAllText(index), StringComparison.Ordinal);

        // The old parts are there until the index names the new ones, which therefore have other names.
        File.WriteAllText(folder["mine-00001-of-00001.safetensors"], "of another index");
        SafeTensors.SaveSharded(index, [new("y", Tensor.Ones(1)), new("z", Tensor.Ones(100))], maxShardBytes: 1);
        SafeTensors.SaveSharded(index, [new("y", Tensor.Zeros(1)), new("z", Tensor.Ones(100))], maxShardBytes: 1);
        Assert.Equal(
            ["m.1-00001-of-00002.safetensors", "m.1-00002-of-00002.safetensors", "m.safetensors.index.json", "mine-00001-of-00001.safetensors"],
            folder.Names);
        Assert.Equal(0, SafeTensors.Load(index)["y"].Sum().Item());
        SafeTensors.SaveSharded(index, []);
        Assert.Empty(SafeTensors.Load(index));
        Assert.Throws<ArgumentException>(() => SafeTensors.SaveSharded(folder["a.safetensors"], []));
    }

    /// <summary>Five thousand million elements in a file with a hole: only the pages that are touched are read.</summary>
    [Fact]
    public void TensorsOfMoreThan4GBAreMapped()
    {
        using var folder = new TensorFolder();
        var header = """{"x":{"dtype":"U8","shape":[5,1000000000],"data_offsets":[0,5000000000]}}"""u8;
        using (var stream = File.Create(folder["a"]))
        {
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(header);
            try
            {
                stream.SetLength(8 + header.Length + 5_000_000_000);
            }
            catch (IOException)
            {
                Assert.Skip("The disk has no room for a file of 5 GB, with a hole or without.");
            }

            stream.Position = stream.Length - 1;
            stream.WriteByte(7);
        }

        using var file = SafeTensors.Open(folder["a"], mapped: true);
        var x = file["x"];
        Assert.Equal(5_000_000_000, x.Count);
        Assert.Equal(7, x[4, 999_999_999].Item());
        Assert.Equal(0, x[4, 999_999_998].Item());
        Assert.Equal(7, x[^1][999_999_000..].Sum().Item());
    }

    private sealed class Heard(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }

    private static void Write(string path, string header, byte[] elements)
    {
        var text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. elements]);
    }

    [Fact]
    public void MisuseIsNamed()
    {
        using var folder = new TensorFolder();
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(folder["a"], [new("x", Tensor.Ones(1)), new("x", Tensor.Ones(1))]));
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(folder["a"], [new("__metadata__", Tensor.Ones(1))]));
        Assert.Throws<ArgumentNullException>(() => SafeTensors.Save(folder["a"], [new("x", null!)]));
        Assert.Throws<FileNotFoundException>(() => SafeTensors.Open(folder["none"]));
        Assert.Empty(folder.Names);
        SafeTensors.Save(folder["a"], []);
        using var file = SafeTensors.Open(folder["a"]);
        Assert.Empty(file.Names);
        Assert.Throws<KeyNotFoundException>(() => file["x"]);
    }
}
