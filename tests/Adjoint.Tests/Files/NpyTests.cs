using System.Text;

namespace Adjoint.Tests.Files;

/// <summary>NumPy's files. Files that NumPy itself wrote are among the conformance cases.</summary>
public class NpyTests
{
    [Fact]
    public void EveryDTypeComesBack()
    {
        using var folder = new TensorFolder();
        var tensors = DType.All.Where(dtype => dtype != DType.BFloat16)
            .ToDictionary(dtype => dtype.ToString(), dtype => (Tensor.Rand(3, 2) * 4).To(dtype).T);
        tensors["scalar"] = Tensor.Scalar(2.5);
        tensors["empty"] = Tensor.Zeros(0, 3);
        tensors["row"] = Tensor.Ones(5);
        foreach (var (name, x) in tensors)
        {
            Npy.Save(folder[name], x);
            var back = Npy.Load(folder[name]);
            Assert.Equal(TensorType.Of(x), TensorType.Of(back));
            Assert.True(x.Equal(back), name);
        }

        foreach (var compressed in new[] { false, true })
        {
            Npz.Save(folder["all.npz"], tensors, compressed);
            var back = Npz.Load(folder["all.npz"]);
            Assert.Equal(tensors.Keys, back.Keys);
            Assert.All(tensors, pair => Assert.True(pair.Value.Equal(back[pair.Key])));
        }

        Assert.Throws<DTypeException>(() => Npy.Save(folder["b"], Tensor.Ones([1], DType.BFloat16)));
        Assert.Throws<ArgumentException>(() => Npz.Save(folder["b"], [new("x", Tensor.Ones(1)), new("x", Tensor.Ones(1))]));
    }

    /// <summary>As <c>numpy.save</c> writes it.</summary>
    [Fact]
    public void TheHeaderIsNumPys()
    {
        using var folder = new TensorFolder();
        Npy.Save(folder["a"], Tensor.FromArray(new[] { 1f, 2, 3 }));
        var bytes = File.ReadAllBytes(folder["a"]);
        Assert.Equal(
            "\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".PadRight(127) + "\n",
            Encoding.Latin1.GetString(bytes, 0, 128));
        Assert.Equal(128 + 12, bytes.Length);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 8, true)]
    [InlineData("{'shape': (2L, 1L), 'fortran_order': True, \"descr\": \">f4\"}", 8, true)]
    [InlineData("{'descr': '=f4', 'fortran_order': False, 'shape': ()}", 4, true)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 7, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'descr': '<f4'}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2 * 3,)}", 24, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)}", 8, false)]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", 8, false)]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, false)]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 2}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (02,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': [2]}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2147483647, 2147483647, 2147483647)}", 0, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': true, 'shape': (2,)}", 8, false)]
    [InlineData("{'descr': 'f4', 'fortran_order': False, 'shape': (2,)}", 8, false)]
    [InlineData("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", 16, false)]
    [InlineData("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", 8, false)]
    [InlineData("{'descr': '|V4', 'fortran_order': False, 'shape': (1,)}", 4, false)]
    [InlineData("{'descr': '<U2', 'fortran_order': False, 'shape': (1,)}", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", 8, false)]
    [InlineData("{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}", 8, false)]
    [InlineData("__import__('os').system('ls')", 8, false)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1", 8, false)]
    public void HeadersAreReadAsLiterals(string header, int bytes, bool isRead)
    {
        using var folder = new TensorFolder();
        File.WriteAllBytes(
            folder["a"],
            [
                .. Encoding.Latin1.GetBytes("\u0093NUMPY\u0002\u0000"), (byte)header.Length, 0, 0, 0,
                .. Encoding.Latin1.GetBytes(header), .. new byte[bytes],
            ]);
        if (isRead)
        {
            Assert.True(Npy.Load(folder["a"]).DType == DType.Float32);
        }
        else
        {
            Assert.Throws<TensorFileException>(() => Npy.Load(folder["a"]));
        }
    }

    /// <summary>Versions that there are not, and headers whose length is a lie.</summary>
    [Theory]
    [InlineData(1, 0, 54, true)]
    [InlineData(3, 0, 54, true)]
    [InlineData(0, 0, 54, false)]
    [InlineData(1, 1, 54, false)]
    [InlineData(2, 1, 54, false)]
    [InlineData(4, 0, 54, false)]
    [InlineData(3, 0, 65_000, false)]
    [InlineData(3, 0, -1, false)]
    [InlineData(2, 0, 20, false)]
    public void VersionsAndLengths(byte major, byte minor, int length, bool isRead)
    {
        using var folder = new TensorFolder();
        const string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}";
        var size = BitConverter.GetBytes(length == 54 ? header.Length : length);
        File.WriteAllBytes(
            folder["a"],
            [
                .. Encoding.Latin1.GetBytes("\u0093NUMPY"), major, minor, .. size.AsSpan(0, major == 1 ? 2 : 4),
                .. Encoding.Latin1.GetBytes(header), 0, 0, 128, 63,
            ]);
        if (isRead)
        {
            Assert.Equal([1f], Npy.Load(folder["a"]).ToArray<float>());
        }
        else
        {
            Assert.Throws<TensorFileException>(() => Npy.Load(folder["a"]));
        }
    }

    [Fact]
    public void ABombIsRefusedBeforeItGoesOff()
    {
        using var folder = new TensorFolder();
        Npz.Save(folder["a.npz"], [new("x", Tensor.Zeros(100_000))], compressed: true);
        Assert.Equal(100_000, Npz.Load(folder["a.npz"])["x"].Count);
        var bytes = File.ReadAllBytes(folder["a.npz"]);

        // The central directory says how long the entry is: far more than its bytes can hold.
        var at = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 24), 2_000_000_000);
        File.WriteAllBytes(folder["b.npz"], bytes);
        Assert.Throws<TensorFileException>(() => Npz.Load(folder["b.npz"]));
    }
}
