using System.Text.RegularExpressions;
using System.Xml.Linq;
using Adjoint.Families;

namespace Adjoint.Tests.Docs;

/// <summary>The example in the documentation of each family is a program that runs,
/// and those of the page on operators are lines of the sample.</summary>
public sealed partial class FamilyExamplesTests
{
    private const string Prelude = """
        using Adjoint;
        using Adjoint.Algebra;
        using Adjoint.Algebra.Functions;
        using Adjoint.Families;

        Tensor x = [[1.0, -2, 3], [4, 5, -6]];

        """;

    public static TheoryData<string> Families =>
    [
        .. typeof(Op).Assembly.GetExportedTypes()
            .Where(type => type.IsInterface && type.Namespace == typeof(Op).Namespace && type != typeof(IOperator))
            .Select(type => type.FullName!),
    ];

    [Theory]
    [MemberData(nameof(Families))]
    public void TheExampleRuns(string family)
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(Op).Assembly.Location, ".xml"));
        var member = documentation.Descendants("member").Single(member => (string?)member.Attribute("name") == "T:" + family);
        var code = Assert.Single(member.Elements("example")).Element("code")!.Value;
        Compiled.Run(Prelude + code);
    }

    [Fact]
    public void TheFamiliesAreFound() => Assert.True(Families.Count >= 13);

    [Fact]
    public void ThePageShowsTheSample()
    {
        var sample = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "samples/Operators"), "*.cs").Select(File.ReadAllText));
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/operators.md"));
        var lines = Code().Matches(page).SelectMany(match => match.Groups[1].Value.Split('\n')).Where(line => line.Trim().Length > 1).ToList();
        Assert.True(lines.Count >= 12);
        Assert.All(lines, line => Assert.Contains(line.Trim(), sample, StringComparison.Ordinal));
        foreach (var family in typeof(Op).Assembly.GetExportedTypes()
                     .Where(type => type.IsInterface && type.Namespace == typeof(Op).Namespace && type != typeof(IOperator)))
        {
            Assert.Contains($"`{family.Name}`", page);
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
