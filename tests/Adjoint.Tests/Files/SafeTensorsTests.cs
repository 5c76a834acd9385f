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

        foreach (var wrong in new[]
            { """{"weight_map":{"a":"../m-1.safetensors"}}""", """{"weight_map":{"b":"m-1.safetensors"}}""", """{"weight_map":3}""", "{}", "[" })
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
