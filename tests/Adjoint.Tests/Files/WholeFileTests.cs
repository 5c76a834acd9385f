using Adjoint.Files;

namespace Adjoint.Tests.Files;

/// <summary>Files are written as a whole or not at all.</summary>
public class WholeFileTests
{
    [Fact]
    public void WhatFailsLeavesTheOldFile()
    {
        using var folder = new TensorFolder();
        WholeFile.Write(folder["a"], stream => stream.Write("old"u8));
        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(folder["a"], stream =>
        {
            stream.Write("new and longer"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Equal(["a"], folder.Names);
        WholeFile.Write(folder["a"], stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(folder["a"]));
    }

    [Fact]
    public void WhatADeadProcessLeftIsRemoved()
    {
        using var folder = new TensorFolder();

        // No process has this number: Linux has at most 2^22.
        File.WriteAllText(folder["a.2000000000-1.adjoint-part"], "half");
        File.WriteAllText(folder["a.mine.adjoint-part"], "not ours");
        File.WriteAllText(folder[$"a.{Environment.ProcessId}-77.adjoint-part"], "still being written");
        WholeFile.Write(folder["a"], stream => stream.Write("whole"u8));
        Assert.Equal(["a", $"a.{Environment.ProcessId}-77.adjoint-part", "a.mine.adjoint-part"], folder.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaid() =>
        Assert.ThrowsAny<IOException>(() => Npy.Save(Path.Combine(Path.GetTempPath(), "no such folder", "a.npy"), Tensor.Ones(1)));
}
