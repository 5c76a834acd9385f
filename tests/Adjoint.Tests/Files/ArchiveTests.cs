using System.IO.Compression;
using System.Text;
using Adjoint.Files;

namespace Adjoint.Tests.Files;

/// <summary>ZIP archives whose directory, headers and sizes contradict each other, and those of 64 bits (APPNOTE 6.3.9).</summary>
public class ArchiveTests
{
    /// <summary>The check value of this checksum in every table of them.</summary>
    [Fact]
    public void TheChecksumIsThatOfZip()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0xCBF43926u, Crc32.Append(Crc32.Append(0, "1234"u8), "56789"u8));
    }

    /// <param name="signature">The record that is changed: an entry of the directory, its own header, or the end.</param>
    /// <param name="place">The byte in it.</param>
    /// <param name="value">What is written there.</param>
    /// <param name="says">A word of the message.</param>
    [Theory]
    [InlineData("PK\u0001\u0002", 8, 1, "encrypted")]
    [InlineData("PK\u0001\u0002", 10, 12, "compressed")]
    [InlineData("PK\u0001\u0002", 16, 0x5A, "CRC-32")]
    [InlineData("PK\u0001\u0002", 20, 0x7F, "contradict")]
    [InlineData("PK\u0001\u0002", 24, 0x7F, "contradict")]
    [InlineData("PK\u0001\u0002", 45, 0x7F, "outside")]
    [InlineData("PK\u0001\u0002", 42, 1, "overlaps")]
    [InlineData("PK\u0001\u0002", 46, 'y', "directory names")]
    [InlineData("PK\u0003\u0004", 8, 8, "directory names")]
    [InlineData("PK\u0003\u0004", 27, 0x7F, "directory names")]
    [InlineData("PK\u0005\u0006", 10, 2, "directory")]
    [InlineData("PK\u0005\u0006", 12, 1, "directory")]
    [InlineData("PK\u0005\u0006", 19, 0x7F, "directory")]
    [InlineData("PK\u0005\u0006", 20, 9, "no whole ZIP")]
    [InlineData("PK\u0005\u0006", 0, 0, "no whole ZIP")]
    public void WhatContradictsItselfIsRefused(string signature, int place, int value, string says)
    {
        using var folder = new TensorFolder();
        Npz.Save(folder["a.npz"], [new("x", Tensor.Arange(6.0))]);
        var bytes = File.ReadAllBytes(folder["a.npz"]);
        bytes[bytes.AsSpan().IndexOf(Encoding.Latin1.GetBytes(signature)) + place] = (byte)value;
        File.WriteAllBytes(folder["a.npz"], bytes);
        Assert.Contains(says, Assert.Throws<TensorFileException>(() => Npz.Load(folder["a.npz"])).Message, StringComparison.Ordinal);
    }

    /// <summary>Zeros take a thousandth of their memory: a small file asks for much only if it is told that it may.</summary>
    [Fact]
    public void ABombNeedsPermission()
    {
        using var folder = new TensorFolder();
        Npz.Save(
            folder["a.npz"], [new("x", Tensor.Zeros([8_000_000], DType.UInt8)), new("y", Tensor.Zeros([12_000_000], DType.UInt8))], compressed: true);
        Assert.True(new FileInfo(folder["a.npz"]).Length < 100_000);
        Assert.Contains(
            "bytes of memory", Assert.Throws<TensorFileException>(() => Npz.Load(folder["a.npz"])).Message, StringComparison.Ordinal);
        Assert.Equal(12_000_000, Npz.Load(folder["a.npz"], maxBytes: 30_000_000)["y"].Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Npz.Load(folder["a.npz"], maxBytes: -1));
    }

    [Fact]
    public void NumbersOf64BitsAreRead()
    {
        using var folder = new TensorFolder();
        Npy.Save(folder["x.npy"], Tensor.FromArray(new[] { 1.0, 2 }));
        var content = File.ReadAllBytes(folder["x.npy"]);
        File.WriteAllBytes(folder["a.npz"], Wide("x.npy", content, content.Length));
        Assert.Equal([1.0, 2], Npz.Load(folder["a.npz"])["x"].ToArray<double>());
        foreach (var length in new[] { -1, long.MaxValue, content.Length + 1L })
        {
            File.WriteAllBytes(folder["a.npz"], Wide("x.npy", content, length));
            Assert.Throws<TensorFileException>(() => Npz.Load(folder["a.npz"]));
        }
    }

    /// <summary>Names are names, not places: nothing is written anywhere.</summary>
    [Fact]
    public void NamesThatClimbAreOnlyNames()
    {
        using var folder = new TensorFolder();
        Npz.Save(folder["a.npz"], [new("../../x", Tensor.Ones(1)), new("/etc/passwd", Tensor.Ones(1))]);
        Assert.Equal(["../../x", "/etc/passwd"], Npz.Load(folder["a.npz"]).Keys);
        Assert.Equal(["a.npz"], folder.Names);
    }

    [Fact]
    public void AnEmptyArchiveHasNothing()
    {
        using var folder = new TensorFolder();
        Npz.Save(folder["a.npz"], []);
        Assert.Empty(Npz.Load(folder["a.npz"]));
        using (var zip = ZipFile.Open(folder["b.npz"], ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("readme.txt").Open();
            entry.Write("no array"u8);
        }

        Assert.Contains("magic", Assert.Throws<TensorFileException>(() => Npz.Load(folder["b.npz"])).Message, StringComparison.Ordinal);
    }

    /// <summary>An archive of one entry that is stored, all of whose numbers have 64 bits.</summary>
    private static byte[] Wide(string name, byte[] content, long length)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write([.. "PK\u0003\u0004"u8, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(Crc32.Append(0, content));
        writer.Write(ulong.MaxValue);
        writer.Write((ushort)name.Length);
        writer.Write((ushort)0);
        writer.Write(Encoding.ASCII.GetBytes(name));
        writer.Write(content);
        var directory = stream.Position;
        writer.Write([.. "PK\u0001\u0002"u8, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(Crc32.Append(0, content));
        writer.Write(ulong.MaxValue);
        writer.Write((ushort)name.Length);
        writer.Write((ushort)28);
        writer.Write(new byte[10]);
        writer.Write(uint.MaxValue);
        writer.Write(Encoding.ASCII.GetBytes(name));
        writer.Write([1, 0, 24, 0]);
        writer.Write(length);
        writer.Write(length);
        writer.Write(0L);
        var end = stream.Position;
        writer.Write([.. "PK\u0006\u0006"u8, 44, 0, 0, 0, 0, 0, 0, 0, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(1L);
        writer.Write(1L);
        writer.Write(end - directory);
        writer.Write(directory);
        writer.Write([.. "PK\u0006\u0007"u8, 0, 0, 0, 0]);
        writer.Write(end);
        writer.Write(1);
        writer.Write([.. "PK\u0005\u0006"u8, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0]);
        return stream.ToArray();
    }
}
