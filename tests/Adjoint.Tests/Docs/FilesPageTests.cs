using System.Text.RegularExpressions;

namespace Adjoint.Tests.Docs;

/// <summary>Each C# block of the page on files is a program, which prints what its comments say.</summary>
[Collection(Memory.Alone.Name)]
public sealed partial class FilesPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs/files.md"));

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, Code().Count(s_page))];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void EachBlockPrintsWhatItSays(int number)
    {
        var block = Code().Matches(s_page)[number].Groups[1].Value;
        var said = Printed().Matches(block).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(said);
        Assert.Equal(said, Compiled.Run(block));
    }

    [Fact]
    public void ThereAreThree() => Assert.Equal(3, Blocks.Count);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("// prints (.*)$", RegexOptions.Multiline)]
    private static partial Regex Printed();
}
