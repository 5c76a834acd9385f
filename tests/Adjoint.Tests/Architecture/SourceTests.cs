using System.Globalization;
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

    /// <summary>Editors take the width from <c>.editorconfig</c> and only draw a line there; this holds to it.</summary>
    [Fact]
    public void NoLineIsWiderThanTheEditorsAreTold()
    {
        var width = int.Parse(
            File.ReadLines(Path.Combine(Repository.Root, ".editorconfig"))
                .Single(line => line.StartsWith("max_line_length", StringComparison.Ordinal)).Split('=')[1],
            CultureInfo.InvariantCulture);
        string[] folders = ["src", "tests", "bench", "samples"];
        var found = folders.SelectMany(Sources)
            .SelectMany(f => TooWide(File.ReadLines(f), width).Select(at => $"{Path.GetRelativePath(Repository.Root, f)}:{at}"))
            .ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [Theory]
    [InlineData("12345\n123456", new[] { 2 })]
    [InlineData("\"\"\"\n123456\n\"\"\";\n123456", new[] { 4 })]
    [InlineData("\"\"\"\n1\n    \"\"\", 6", new[] { 3 })]
    [InlineData("\"\"\"1\"\"\"\n12345", new[] { 1 })]
    [InlineData("∂∂∂∂∂", new int[0])]
    public void WideLinesAreFoundOutsideOfRawStrings(string source, int[] expected) => Assert.Equal(expected, TooWide(source.Split('\n'), 5));

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
        var library = Path.Combine(Repository.Root, "src", "Adjoint");
        var found = Sources()
            .Select(f => (File: f, Name: Path.GetRelativePath(library, f)))
            .Where(f => !f.Name.StartsWith("..", StringComparison.Ordinal))
            .Select(f => (Folder: Path.GetDirectoryName(f.Name)!, Space: NamespaceOf(f.File), f.File))
            .Where(f => f.Space is not ("Adjoint" or "System.Runtime.CompilerServices") && f.Space != Expected(f.Folder))
            .Select(f => $"{f.File}: {f.Space}")
            .ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));

        static string NamespaceOf(string file) =>
            File.ReadLines(file).First(line => line.StartsWith("namespace ", StringComparison.Ordinal))["namespace ".Length..^1];
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

    /// <summary>
    /// The numbers of the lines that are wider. What stands between the quotes of a raw string is data, which has the width that it needs: an odd
    /// number of them on a line opens or closes one.
    /// </summary>
    private static IEnumerable<int> TooWide(IEnumerable<string> lines, int width)
    {
        var number = 0;
        var isData = false;
        foreach (var line in lines)
        {
            number++;
            var isEdge = RawQuotes().Count(line) % 2 == 1;
            if (line.Length > width && (isEdge || !isData))
            {
                yield return number;
            }

            isData ^= isEdge;
        }
    }

    private static IEnumerable<string> Sources(string folder = "src") =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !GeneratedFolder().IsMatch(f));

    [GeneratedRegex("(?<![\\\\\"])\"{3,}")]
    private static partial Regex RawQuotes();

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex GeneratedFolder();

    [GeneratedRegex(@"\b\w*[dD][tT]ype\s+switch\b|\bswitch\s*\([^(){}]*[dD][tT]ype\s*\)")]
    private static partial Regex ChoiceByDType();

    [GeneratedRegex(@"typeof\(\w+\)\s*[!=]=\s*typeof\((float|double)\)")]
    private static partial Regex ChoiceByPrecision();

    [GeneratedRegex(@"(Helper|Helpers|Util|Utils|Utility|Utilities|Manager|Common)(`\d+)?$")]
    private static partial Regex Empty();
}
