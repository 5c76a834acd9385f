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

    /// <summary>The runtime's own checks of ranges write numbers in the culture of the thread; <c>Limits</c> has the same words in one for all.</summary>
    [Fact]
    public void RangesAreCheckedInTheSameWordsEverywhere() =>
        Assert.Empty(Sources().Where(f => File.ReadAllText(f).Contains("ArgumentOutOfRangeException.ThrowIf", StringComparison.Ordinal)));

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

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !GeneratedFolder().IsMatch(f));

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex GeneratedFolder();

    [GeneratedRegex(@"(Helper|Helpers|Util|Utils|Utility|Utilities|Manager|Common)(`\d+)?$")]
    private static partial Regex Empty();
}
