using System.Reflection;
using System.Text.RegularExpressions;

namespace Adjoint.Tests.Architecture;

/// <summary>The habits of the house that a machine can see: short files and names that say something.</summary>
public partial class SourceTests
{
    private const int LineLimit = 600;

    [Fact]
    public void NoSourceFileIsTooLong()
    {
        var sources = Sources().Select(f => (Name: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count())).ToList();
        Assert.NotEmpty(sources);
        var tooLong = sources.Where(f => f.Lines > LineLimit).Select(f => $"{f.Name}: {f.Lines} lines").ToList();
        Assert.True(tooLong.Count == 0, string.Join(Environment.NewLine, tooLong));
    }

    /// <summary>The runtime's own checks of ranges write numbers in the culture of the thread;
    /// <c>Limits</c> has the same words in one for all.</summary>
    [Fact]
    public void RangesAreCheckedInTheSameWordsEverywhere() =>
        Assert.Empty(Sources().Where(f => File.ReadAllText(f).Contains("ArgumentOutOfRangeException.ThrowIf", StringComparison.Ordinal)));

    /// <summary>
    /// A folder is a namespace, or its types are what a user names with <c>using Adjoint;</c>. The class <c>Autograd</c> has its folder's name, so
    /// inner types of that folder are in <c>Adjoint.Engine</c>; kernels, whatever they compute, share one namespace.
    /// </summary>
    [Fact]
    public void AFolderIsANamespace()
    {
        var found = Sources().Where(f => Path.GetRelativePath(Path.Combine(Repository.Root, "src", "Adjoint"), f) is { } name && !name.StartsWith("..", StringComparison.Ordinal))
            .Select(f => (Folder: Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src", "Adjoint"), f))!, Space: NamespaceOf(f), File: f))
            .Where(f => f.Space is not ("Adjoint" or "System.Runtime.CompilerServices") && f.Space != Expected(f.Folder))
            .Select(f => $"{f.File}: {f.Space}")
            .ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));

        static string NamespaceOf(string file) => File.ReadLines(file).First(line => line.StartsWith("namespace ", StringComparison.Ordinal))["namespace ".Length..^1];
        static string Expected(string folder) => folder.Split(Path.DirectorySeparatorChar) switch
        {
            ["Autograd"] => "Adjoint.Engine",
            ["Kernels", ..] => "Adjoint.Kernels",
            var path => "Adjoint." + string.Join('.', path),
        };
    }

    [Theory]
    [InlineData("Adjoint")]
    [InlineData("Adjoint.NN")]
    public void NoPublicTypeHasANameThatSaysNothing(string assembly) =>
        Assert.Empty(Assembly.Load(assembly).GetExportedTypes().Select(t => t.Name).Where(n => Empty().IsMatch(n)));

    [Theory]
    [InlineData("TensorHelper", true)]
    [InlineData("Utils", true)]
    [InlineData("MemoryManager`1", true)]
    [InlineData("Managed", false)]
    [InlineData("Softsign", false)]
    public void EmptyNamesAreRecognised(string name, bool empty) => Assert.Equal(empty, Empty().IsMatch(name));

    /// <summary>
    /// A choice by dtype has a default arm, which takes a dtype that comes later for another one: <c>DType.Visit</c> has none, and is the only one.
    /// </summary>
    [Fact]
    public void OnlyTheDTypeChoosesByDType() => Assert.Empty(
        Sources().Where(f => Path.GetFileName(f) != "DType.cs" && ChoiceByDType().IsMatch(File.ReadAllText(f))).Select(Path.GetFileName));

    /// <summary>
    /// "Single precision or else double" takes every other type for double. <c>Precision</c> asks once and refuses what is neither; beside it stand
    /// the vector instructions of each precision, the conversions between them, and how many bits of a random word a dtype takes.
    /// </summary>
    [Fact]
    public void PrecisionsAreToldApartInOnePlace()
    {
        string[] allowed =
        [
            "Precision.cs", "Lane.cs", "Lanes.cs", "Register128.cs", "Register256.cs", "Register512.cs", "Cast.cs", "Draws.Integers.cs",
        ];
        Assert.Empty(Sources().Select(f => (Name: Path.GetFileName(f), Text: File.ReadAllText(f)))
            .Where(f => !allowed.Contains(f.Name) && ChoiceByPrecision().IsMatch(f.Text)).Select(f => f.Name));
    }

    [Theory]
    [InlineData("var loop = x.DType switch\n{", true)]
    [InlineData("=> dtype switch {", true)]
    [InlineData("switch (output.DType)", true)]
    [InlineData("switch (DType)", true)]
    [InlineData("x.DType.Visit(ref job);", false)]
    [InlineData("dtype == DType.Bool ? a : b", false)]
    [InlineData("switch (p) { case 2: return x.DType; }", false)]
    public void ChoicesByDTypeAreRecognised(string source, bool chooses) => Assert.Equal(chooses, ChoiceByDType().IsMatch(source));

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !GeneratedFolder().IsMatch(f));

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex GeneratedFolder();

    [GeneratedRegex(@"\b\w*[dD][tT]ype\s+switch\b|\bswitch\s*\([^(){}]*[dD][tT]ype\s*\)")]
    private static partial Regex ChoiceByDType();

    [GeneratedRegex(@"typeof\(\w+\)\s*[!=]=\s*typeof\((float|double)\)")]
    private static partial Regex ChoiceByPrecision();

    [GeneratedRegex(@"(Helper|Helpers|Util|Utils|Utility|Utilities|Manager|Common)(`\d+)?$")]
    private static partial Regex Empty();
}
