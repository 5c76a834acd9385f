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
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !GeneratedFolder().IsMatch(f))
            .Select(f => (Name: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count()))
            .ToList();
        Assert.NotEmpty(sources);
        var tooLong = sources.Where(f => f.Lines > LineLimit).Select(f => $"{f.Name}: {f.Lines} lines").ToList();
        Assert.True(tooLong.Count == 0, string.Join(Environment.NewLine, tooLong));
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

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex GeneratedFolder();

    [GeneratedRegex(@"(Helper|Helpers|Util|Utils|Utility|Utilities|Manager|Common)(`\d+)?$")]
    private static partial Regex Empty();
}
